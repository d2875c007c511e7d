using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>The caller's own account.</summary>
internal static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/v1").RequireAuthorization(Policies.Read);
        me.MapGet("/me", Get)
            .Describe(
                new(Tags.People, "getMe", "Shows your account")
                {
                    Answers = [ResponseDocs.Of<Account>("The account, and the scopes of the token in the request.")],
                }
            );
        me.MapPatch("/me", ChangeAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.People, "changeMe", "Changes your account")
                {
                    Details = "Without `archive` nothing stays of expired stories. Switching it off empties the archive at once.",
                    Body = typeof(ProfileChange),
                    Answers = [ResponseDocs.Of<Account>("The account as it is now.")],
                }
            );
        me.MapDelete("/me", LeaveAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.People, "deleteMe", "Deletes your account and everything that belongs to it")
                {
                    Details = "Needs a token with all scopes of the account.",
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.LastOwner],
                }
            );
    }

    private static JsonHttpResult<Account> Get(
        CurrentAccount caller,
        AccountStore accounts,
        AccessLinkStore links,
        UsedSpace space,
        ServerOptions options
    )
    {
        var account = accounts.FindRow(caller.Number) ?? throw new ApiProblem(Errors.NotSignedIn, "the account has left");
        return TypedResults.Json(ToAccount(account, caller, links, space.BytesOf(caller.Number), options), ContractsJson.Default.Account);
    }

    private static async Task<JsonHttpResult<Account>> ChangeAsync(
        HttpContext context,
        CurrentAccount caller,
        AccountStore accounts,
        AccessLinkStore links,
        UsedSpace space,
        ServerOptions options
    )
    {
        var change = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.ProfileChange).ConfigureAwait(false);
        if (change == new ProfileChange())
        {
            return Get(caller, accounts, links, space, options);
        }
        var faults = new ValidationErrors();
        var displayName = change.DisplayName is null
            ? null
            : AccountRules.Name(faults, "displayName", change.DisplayName, caller.Handle, Limits.DisplayNameCharacters);
        faults.ThrowIfAny();
        var account = await accounts
            .ChangeProfileAsync(caller.Number, displayName, change.Archive, change.PrivateViewing, context.RequestAborted)
            .ConfigureAwait(false);
        return TypedResults.Json(ToAccount(account, caller, links, space.BytesOf(caller.Number), options), ContractsJson.Default.Account);
    }

    private static async Task<NoContent> LeaveAsync(CurrentAccount caller, AccountDeletion deletion, CancellationToken cancel)
    {
        // A token with fewer scopes than its account must not be able to delete everything.
        var lacking = AccountRules.ScopesOf(caller.Role).Where(scope => !caller.Has(scope)).ToList();
        if (lacking.Count > 0)
        {
            throw new ApiProblem(
                Errors.ScopeMissing,
                $"this needs a token with all scopes of the account; yours lacks {string.Join(", ", lacking)}"
            );
        }
        await deletion.DeleteAsync(caller, caller.Handle, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    public static Account ToAccount(AccountRow row, CurrentAccount caller, AccessLinkStore links, long bytes, ServerOptions options) =>
        new()
        {
            Handle = row.Handle,
            DisplayName = row.DisplayName,
            Role = row.Role,
            CreatedAt = row.CreatedAt,
            Scopes = caller.Scopes,
            TokenId = caller.TokenId,
            TokenExpiresAt = caller.TokenExpiresAt,
            TokenRenews = caller.TokenRenews,
            Access = links.LastFor(row),
            Bytes = bytes,
            QuotaBytes = options.QuotaAccountBytes,
            Archive = row.ArchiveSince is not null,
            PrivateViewing = row.PrivateViewing,
        };
}
