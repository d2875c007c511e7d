using StoriesCli.Contracts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Access links: how an existing account gets a new token when none of its tokens works.</summary>
internal sealed class AccessLinkStore(
    AccountProjection projection,
    TokenExpiry expiry,
    TokenStore tokens,
    AccountStore accounts,
    Database database,
    IdempotencyStore idempotency,
    AuditStore audit,
    Ids ids,
    TimeProvider time
) : IDeletesExpired
{
    /// <summary>Makes an access link. The account's previous one ends.</summary>
    /// <param name="by">The admin; null for the host, on the server's machine.</param>
    /// <param name="handle">Handle of the account.</param>
    /// <param name="repetition">The request, for repetitions; null for the host.</param>
    /// <param name="cancel">Cancels only while waiting for its turn.</param>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>invalid_request</c> for a disabled account.</exception>
    public Task<AccessLink> MakeAsync(CurrentAccount? by, string handle, IdempotentRequest? repetition, CancellationToken cancel)
    {
        var code = Secret.Make(Secret.AccessPrefix);
        return database.CommitAsync(
            batch =>
            {
                var now = time.GetWholeMilliseconds();
                var account = accounts.GetManaged(by, handle);
                if (account.Disabled)
                {
                    throw ApiProblem.Invalid(
                        "handle",
                        $"\"{handle}\" is disabled, and an access link would open nothing: enable the account first"
                    );
                }
                End(batch, row => row.Account == account.Number || row.ExpiresAt <= now);
                var end = now + Limits.AccessTtl;
                var access = new AccessRow(
                    ids.Next(),
                    Secret.Hash(code),
                    account.Number,
                    by?.Number,
                    now,
                    by is { TokenRenews: false } && by.TokenExpiresAt < end ? by.TokenExpiresAt : end,
                    by?.TokenId
                );
                batch.Insert(AccessRow.Collection, access);
                batch.Put(AccountRow.Collection, account with { AccessBy = by?.Number, AccessAt = now, AccessUsedAt = null });
                audit.Note(batch, by?.Handle, AuditActions.AccessMade, handle, access.Id);
                if (repetition is not null)
                {
                    idempotency.Remember(batch, repetition, StatusCodes.Status201Created, access.Id);
                }
                batch.Raise(new AccessLinkMade(account.Number, by?.Number, time.GetUtcNow()));
                return new AccessLink(access.Id, code, access.ExpiresAt);
            },
            cancel
        );
    }

    /// <summary>An unused access link, which may have expired.</summary>
    public AccessRow? Find(string id) => projection.Current.AccessById.GetValueOrDefault(id);

    /// <summary>Gives an existing account a new token for its access link, which works only once.</summary>
    /// <param name="code">Code of the link.</param>
    /// <param name="handle">Must be the handle of the account.</param>
    /// <param name="tokenName">Name of the new token.</param>
    /// <param name="endOthers">Whether to revoke all earlier tokens, and the open invites and access links that they may have made.</param>
    /// <param name="cancel">Cancels only while waiting for its turn.</param>
    /// <exception cref="ApiProblem"><c>invite_invalid</c>; <c>invalid_request</c> when the account has too many tokens.</exception>
    public Task<(AccountRow Account, TokenRow Token, string Secret)> UseAsync(
        string code,
        string handle,
        string tokenName,
        bool endOthers,
        CancellationToken cancel
    )
    {
        var codeHash = Secret.Hash(code);
        return database.CommitAsync(
            batch =>
            {
                var now = time.GetWholeMilliseconds();
                var access = projection.Pending.AccessById.Values.FirstOrDefault(row => Secret.HashesEqual(row.Hash, codeHash));
                if (
                    access is null
                    || access.ExpiresAt <= now
                    || projection.Pending.ByNumber.GetValueOrDefault(access.Account) is not { Disabled: false, Deleted: false } account
                    || account.Handle != handle
                    || !IsBacked(access, account)
                )
                {
                    throw new ApiProblem(Errors.InviteInvalid, "the code is unknown, used, replaced or expired, or for another handle");
                }
                batch.Delete(AccessRow.Collection, access);
                var ended = endOthers ? tokens.EndAll(batch, account.Number) : 0;
                var (token, secret) = tokens.MakeFullAccess(batch, account, tokenName, now);
                account = account with { AccessUsedAt = now };
                batch.Put(AccountRow.Collection, account);
                audit.Note(
                    batch,
                    handle,
                    AuditActions.AccessUsed,
                    handle,
                    $"{access.Id}, {(endOthers ? $"ended {Counted.Of(ended, "earlier token")}" : "earlier tokens stay")}"
                );
                return (account, token, secret);
            },
            cancel
        );
    }

    /// <summary>The last access link that was made for an account, as long as the account shows it.</summary>
    public AccessGiven? LastFor(AccountRow account) =>
        account.AccessAt is { } at && time.GetUtcNow() - at < Limits.AccessShown
            ? new()
            {
                By = account.AccessBy is { } by ? accounts.GetPerson(by).Handle : null,
                At = at,
                UsedAt = account.AccessUsedAt,
            }
            : null;

    /// <summary>Inside a change: ends the access link for an account.</summary>
    internal void EndFor(WriteBatch batch, int account) => End(batch, row => row.Account == account);

    public Task DeleteExpiredAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return database.ForEachInCommitsAsync(
            projection.Current.AccessById.Values.Where(access => access.ExpiresAt <= now).ToList(),
            (batch, over) => End(batch, access => access.Id == over.Id),
            cancel
        );
    }

    private void End(WriteBatch batch, Func<AccessRow, bool> which)
    {
        foreach (var row in projection.Pending.AccessById.Values.Where(which))
        {
            batch.Delete(AccessRow.Collection, row);
        }
    }

    /// <summary>Whether its maker could still make it.</summary>
    private bool IsBacked(AccessRow access, AccountRow account) =>
        access.CreatedBy is not { } by
        || (
            expiry.IsHeld(projection.Pending, access.Token)
            && projection.Pending.ByNumber.GetValueOrDefault(by)
                is { Disabled: false, Deleted: false, Role: Roles.Owner or Roles.Admin } maker
            && AccountRules.Covers(maker.Role, account.Role)
        );
}
