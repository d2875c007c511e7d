using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Lists, changes and deletes accounts, for admins.</summary>
internal static class AdminEndpoints
{
    public static void MapAccountAdministration(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/v1/admin").RequireAuthorization(Policies.Admin);
        accounts
            .MapGet("/accounts", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Administration, "listAccounts", "Lists all accounts")
                {
                    Answers = [ResponseDocs.Of<Page<ManagedAccount>>("Accounts, also disabled ones.")],
                }
            );
        accounts
            .MapGet("/accounts/{handle}", Get)
            .Describe(
                new(Tags.Administration, "getAccount", "Shows one account")
                {
                    Answers = [ResponseDocs.Of<ManagedAccount>("The account.")],
                    Refusals = [Errors.AccountNotFound],
                }
            );
        accounts
            .MapPatch("/accounts/{handle}", ChangeAsync)
            .WithMetadata(WorksOnFullDisk.Yes)
            .Describe(
                new(Tags.Administration, "changeAccount", "Gives an account another role, or disables or enables it")
                {
                    Details =
                        "Disabling blocks the account's tokens, streams and signed links within a second. Tokens and signed links work again when it is enabled.",
                    Body = typeof(AccountChange),
                    Answers = [ResponseDocs.Of<ManagedAccount>("The account as it is now.")],
                    Refusals = [Errors.AccountNotFound, Errors.LastOwner],
                }
            );
        accounts
            .MapDelete("/accounts/{handle}", DeleteAsync)
            .Describe(
                new(Tags.Administration, "deleteAccount", "Deletes an account and everything that belongs to it")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.AccountNotFound, Errors.LastOwner],
                }
            );
    }

    private static JsonHttpResult<Page<ManagedAccount>> List(AccountStore accounts, TokenStore tokens, PageQuery paging)
    {
        var page = paging.Cut(accounts.All());
        return TypedResults.Json(
            new Page<ManagedAccount> { Items = [.. page.Items.Select(row => ToManaged(row, tokens))], NextCursor = page.NextCursor },
            ContractsJson.Default.PageManagedAccount
        );
    }

    private static JsonHttpResult<ManagedAccount> Get(string handle, AccountStore accounts, TokenStore tokens)
    {
        var row = accounts.Find(handle) ?? throw new ApiProblem(Errors.AccountNotFound, $"there is no account \"{Excerpt.Of(handle)}\"");
        return TypedResults.Json(ToManaged(row, tokens), ContractsJson.Default.ManagedAccount);
    }

    private static async Task<JsonHttpResult<ManagedAccount>> ChangeAsync(
        HttpContext context,
        CurrentAccount caller,
        string handle,
        AccountStore accounts,
        TokenStore tokens
    )
    {
        var change = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.AccountChange).ConfigureAwait(false);
        var row = await accounts.ChangeAsync(caller, handle, change, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(ToManaged(row, tokens), ContractsJson.Default.ManagedAccount);
    }

    private static async Task<NoContent> DeleteAsync(
        CurrentAccount caller,
        string handle,
        AccountDeletion deletion,
        CancellationToken cancel
    )
    {
        await deletion.DeleteAsync(caller, handle, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static ManagedAccount ToManaged(TeamAccount row, TokenStore tokens) =>
        new()
        {
            Handle = row.Handle,
            DisplayName = row.DisplayName,
            Role = row.Role,
            Disabled = row.Disabled,
            CreatedAt = row.CreatedAt,
            LastUsedAt = tokens.LastUsedAt(row.Number),
            TokensEndAt = tokens.LastExpiryOf(row.Number),
        };
}
