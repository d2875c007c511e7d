using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Deletes accounts: first the account itself, then what each feature holds of it. A stop in between is made up for at the next start.</summary>
internal sealed class AccountDeletion(AccountStore accounts, IEnumerable<IErasesAccounts> features, ILogger<AccountDeletion> log)
{
    /// <summary>Deletes the account; on return nothing of it is left but its handle, which stays taken.</summary>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>last_owner</c>.</exception>
    public async Task DeleteAsync(CurrentAccount by, string handle, CancellationToken cancel) =>
        // From here on it is finished whether the caller waits for it or not.
        await EraseAsync(await accounts.EndAsync(by, handle, cancel).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>At the start: finishes the deletions that a stop broke off.</summary>
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
                // One account that cannot be erased is no reason to serve nobody.
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
