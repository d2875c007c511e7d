using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Joining, and the list of people.</summary>
internal static class AccountEndpoints
{
    public static void AddAccounts(this IServiceCollection services)
    {
        TokenAuthentication.Add(services);
        services
            .AddSingleton<AccountProjection>()
            .AddSingleton<AccountStore>()
            .AddSingleton<TokenExpiry>()
            .AddStore<TokenStore>()
            .AddSingleton<TokenWarnings>()
            .AddStore<InviteStore>()
            .AddStore<AccessLinkStore>()
            .AddSingleton<OwnerInvite>()
            .AddSingleton<UsedSpace>()
            .AddSingleton<Quota>()
            .AddSingleton<AccountDeletion>()
            .AddHostedService<TokenExpiryWarner>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/join", JoinAsync)
            .AllowAnonymous()
            .Describe(
                new(
                    Tags.People,
                    "join",
                    "Makes an account with an invite, and its first token; or gives an account a new token with an access link"
                )
                {
                    Details =
                        "With an access link, `handle` is that of the account, and `displayName` is not allowed. `endOtherTokens` ends all earlier tokens of the account, with their streams, signed links and feed keys, and the open invites it made.",
                    Body = typeof(JoinRequest),
                    Answers = [ResponseDocs.Of<Joined>("The account and its token, which is shown only this once.", 201)],
                    Refusals = [Errors.InviteInvalid, Errors.HandleTaken, Errors.RateLimited, Errors.ServerUnavailable],
                }
            );
        app.MapGet("/v1/people", ListPeople)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.People, "listPeople", "Lists everybody on this server")
                {
                    Answers = [ResponseDocs.Of<Page<TeamMember>>("People, by handle.")],
                }
            );
        app.MapJoinPage();
        app.MapMe();
        app.MapInvites();
        app.MapTokens();
        app.MapAccountAdministration();
        app.MapAccess();
    }

    private static async Task<JsonHttpResult<Joined>> JoinAsync(
        HttpContext context,
        InviteStore invites,
        AccessLinkStore links,
        TokenStore tokens,
        UsedSpace space,
        FailedAttempts failures,
        OwnerInvite ownerInvite,
        ServerOptions options
    )
    {
        failures.ThrowIfExhausted(context);
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.JoinRequest).ConfigureAwait(false);
        var faults = new ValidationErrors();
        var code = request.Code?.Trim() ?? "";
        if (code.Length == 0)
        {
            faults.Add("code", "is missing");
        }
        // The prefix of a code tells its kind. An access link is for an existing handle, even one that new accounts could not choose.
        var isAccess = code.StartsWith(Secret.AccessPrefix, StringComparison.Ordinal);
        var handle = request.Handle ?? "";
        AccountRules.CheckHandle(faults, handle, isNew: !isAccess);
        if (isAccess && request.DisplayName is not null)
        {
            faults.Add("displayName", "is not taken with an access link: the account has its name, and PATCH /v1/me changes it");
        }
        if (!isAccess && request.EndOtherTokens)
        {
            faults.Add("endOtherTokens", "is only for an access link: a new account has no other tokens");
        }
        var displayName = AccountRules.Name(faults, "displayName", request.DisplayName, handle, Limits.DisplayNameCharacters);
        var tokenName = AccountRules.Name(
            faults,
            "tokenName",
            request.TokenName,
            isAccess ? "access" : "first",
            Limits.TokenNameCharacters
        );
        faults.ThrowIfAny();
        try
        {
            var (account, token, secret) = isAccess
                ? await links.UseAsync(code, handle, tokenName, request.EndOtherTokens, context.RequestAborted).ConfigureAwait(false)
                : await invites.JoinAsync(code, handle, displayName, tokenName, context.RequestAborted).ConfigureAwait(false);
            ownerInvite.RemoveIfUsed();
            var caller =
                tokens.FindLive(token.Id) ?? throw new ApiProblem(Errors.NotSignedIn, "the account was disabled or deleted meanwhile");
            var joined = new Joined
            {
                Account = MeEndpoints.ToAccount(account, caller, links, space.BytesOf(account.Number), options),
                Token = secret,
            };
            return TypedResults.Json(joined, ContractsJson.Default.Joined, statusCode: StatusCodes.Status201Created);
        }
        catch (ApiProblem problem) when (problem.Error == Errors.InviteInvalid)
        {
            throw failures.Count(context, problem);
        }
    }

    private static JsonHttpResult<Page<TeamMember>> ListPeople(AccountStore accounts, PageQuery paging)
    {
        var people = accounts
            .Active()
            .Select(a => new TeamMember
            {
                Handle = a.Handle,
                DisplayName = a.DisplayName,
                Role = a.Role,
            })
            .ToList();
        return TypedResults.Json(paging.Cut(people), ContractsJson.Default.PageTeamMember);
    }
}
