using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Deletes accounts: first the account itself, then what each feature holds of it. After an interruption, the next start continues.</summary>
internal sealed class AccountDeletion(AccountStore accounts, IEnumerable<IErasesAccounts> features, ILogger<AccountDeletion> log)
{
    /// <summary>Deletes the account. On return only its handle is left, which stays taken.</summary>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>last_owner</c>.</exception>
    public async Task DeleteAsync(CurrentAccount by, string handle, CancellationToken cancel) =>
        // From here on the deletion is finished even if the caller does not wait.
        await EraseAsync(await accounts.EndAsync(by, handle, cancel).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Call at the start: finishes interrupted deletions.</summary>
    public async Task ResumeAsync()
    {
        foreach (var account in accounts.Deleting())
        {
            try
            {
                await EraseAsync(account).ConfigureAwait(false);
            }
            catch (ApiProblem failure)
            {
                // One account that cannot be erased must not keep the server from starting.
                Log.NotErased(log, failure, account.Handle);
            }
        }
    }

    private async Task EraseAsync(AccountRow account)
    {
        foreach (var feature in features)
        {
            await feature.EraseAsync(account.Number, account.Handle).ConfigureAwait(false);
        }
        await accounts.MarkErasedAsync(account.Number).ConfigureAwait(false);
    }
}
