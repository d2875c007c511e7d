using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Operation;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Accounts;

/// <summary>Joining, and what people see of accounts.</summary>
internal static class AccountEndpoints
{
    public static void AddAccounts(this IServiceCollection services) => services.AddSingleton<AccountStore>().AddSingleton<IForgets>(provider => provider.GetRequiredService<AccountStore>()).AddSingleton<Departure>();

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/join", JoinAsync).WithMetadata(Access.Open)
            .Describe(new(Tags.People, "join", "Makes an account with an invite, and its first token")
            {
                Body = typeof(JoinRequest),
                Answers = [Answer.Of<Joined>("The account and its token, which is shown this once.", 201)],
                Refusals = [Errors.InviteInvalid, Errors.HandleTaken, Errors.RateLimited, Errors.ServerUnavailable],
            });
        app.MapGet("/v1/people", ListPeople).WithMetadata(new KnownQuery("limit", "cursor"))
            .Describe(new(Tags.People, "listPeople", "Everybody on this server") { Answers = [Answer.Of<Page<TeamMember>>("People, by handle.")] });
        app.MapMe();
        app.MapInvites();
        app.MapTokens();
        app.MapAccountAdministration();
    }

    private static async Task<JsonHttpResult<Joined>> JoinAsync(HttpContext context, AccountStore accounts, RateLimits limits, OwnerInvite ownerInvite, ServerOptions options)
    {
        limits.ThrowIfExhausted(context);
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.JoinRequest).ConfigureAwait(false);
        var faults = new FieldFaults();
        var code = request.Code?.Trim() ?? "";
        if (code.Length == 0)
        {
            faults.Add("code", "is missing");
        }
        var handle = request.Handle ?? "";
        if (!Names.Handle.IsMatch(handle))
        {
            faults.Add("handle", $"must be 2 to 32 of a-z, 0-9, _ and -, was \"{Seen.Of(handle)}\"");
        }
        else if (Names.ReservedHandles.Contains(handle))
        {
            faults.Add("handle", $"\"{handle}\" means something else here: choose another");
        }
        var displayName = AccountRules.Name(faults, "displayName", request.DisplayName, handle, Limits.DisplayNameCharacters);
        var tokenName = AccountRules.Name(faults, "tokenName", request.TokenName, "first", Limits.TokenNameCharacters);
        faults.ThrowIfAny();
        try
        {
            var (account, token, secret) = await accounts.JoinAsync(code, handle, displayName, tokenName, context.RequestAborted).ConfigureAwait(false);
            ownerInvite.RemoveIfUsed();
            var joined = new Joined { Account = MeEndpoints.ToAccount(account, token.Scopes, token.Id, bytes: 0, options), Token = secret };
            return TypedResults.Json(joined, ContractsJson.Default.Joined, statusCode: StatusCodes.Status201Created);
        }
        catch (Failure failure) when (failure.Error == Errors.InviteInvalid)
        {
            throw limits.Count(context, failure);
        }
    }

    private static JsonHttpResult<Page<TeamMember>> ListPeople(HttpContext context, AccountStore accounts)
    {
        var people = accounts.Active().Select(a => new TeamMember { Handle = a.Handle, DisplayName = a.DisplayName, Role = a.Role }).ToList();
        return TypedResults.Json(Paging.Cut(context.Request, people), ContractsJson.Default.PageTeamMember);
    }
}
