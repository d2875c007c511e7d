using StoriesCli.Contracts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Deletes accounts: first the account itself, then what each feature holds of it. After an interruption, the next start continues.</summary>
internal sealed class AccountDeletion(
    AccountProjection projection,
    AccountStore accounts,
    TokenStore tokens,
    AccessLinkStore links,
    Database database,
    AuditStore audit,
    IEnumerable<IErasesAccounts> features,
    ILogger<AccountDeletion> log
)
{
    /// <summary>Deletes the account. On return only its handle is left, which stays taken.</summary>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>last_owner</c>.</exception>
    public async Task DeleteAsync(CurrentAccount by, string handle, CancellationToken cancel) =>
        // From here on the deletion is finished even if the caller does not wait.
        await EraseAsync(await EndAsync(by, handle, cancel).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Call at the start: finishes interrupted deletions.</summary>
    public async Task ResumeAsync()
    {
        foreach (var account in Unfinished())
        {
            try
            {
                await EraseAsync(account).ConfigureAwait(false);
            }
            catch (ApiProblem problem)
            {
                // One account that cannot be erased must not keep the server from starting.
                Log.NotErased(log, problem, account.Handle);
            }
        }
    }

    /// <summary>Deleted accounts that may still have data.</summary>
    public IReadOnlyList<AccountRow> Unfinished() =>
        [.. projection.Current.ByNumber.Values.Where(a => a is { Deleted: true, Erased: false })];

    /// <summary>Only the first step: ends an account with its tokens, invites and access links. Its handle stays taken.</summary>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>last_owner</c>.</exception>
    public Task<AccountRow> EndAsync(CurrentAccount by, string handle, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                var row = accounts.GetManaged(by, handle);
                accounts.VerifyNotLastOwner(row);
                tokens.EndAll(batch, row.Number);
                links.EndFor(batch, row.Number);
                audit.Note(batch, by.Handle, AuditActions.AccountDeleted, handle);
                row = row with
                {
                    DisplayName = handle,
                    Deleted = true,
                    ArchiveSince = null,
                    AccessBy = null,
                    AccessAt = null,
                    AccessUsedAt = null,
                };
                batch.Put(AccountRow.Collection, row);
                return row;
            },
            cancel
        );

    private async Task EraseAsync(AccountRow account)
    {
        foreach (var feature in features)
        {
            await feature.EraseAsync(account.Number, account.Handle).ConfigureAwait(false);
        }
        await MarkErasedAsync(account.Number).ConfigureAwait(false);
    }

    /// <summary>Notes that a deleted account is erased, and removes its number from the accounts for which it made access links.</summary>
    private Task<bool> MarkErasedAsync(int account) =>
        database.CommitAsync(batch =>
        {
            foreach (var row in projection.Pending.ByNumber.Values.Where(row => row.AccessBy == account).ToList())
            {
                batch.Put(AccountRow.Collection, row with { AccessBy = TeamAccount.NobodysNumber });
            }
            batch.Put(AccountRow.Collection, projection.Pending.ByNumber[account] with { Erased = true });
            return true;
        });
}
