using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Access links: how an existing account gets a new token when none of its tokens works.</summary>
internal sealed partial class AccountStore
{
    /// <summary>Makes an access link. The account's previous one ends.</summary>
    /// <param name="by">The admin; null for the host, on the server's machine.</param>
    /// <param name="handle">Handle of the account.</param>
    /// <param name="repetition">The request, for repetitions; null for the host.</param>
    /// <param name="cancel">Cancels only while waiting for its turn.</param>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>invalid_request</c> for a disabled account.</exception>
    public Task<AccessLink> GiveAccessAsync(CurrentAccount? by, string handle, IdempotentRequest? repetition, CancellationToken cancel)
    {
        var code = Secret.Make(Secret.AccessPrefix);
        return _database.CommitAsync(
            batch =>
            {
                var now = WholeNow();
                var account = by is not null
                    ? GetManaged(by, handle)
                    : _projection.Pending.Find(handle)
                        ?? throw new ApiProblem(Errors.AccountNotFound, $"there is no account \"{Excerpt.Of(handle)}\"");
                if (account.Disabled)
                {
                    throw ApiProblem.Invalid(
                        "handle",
                        $"\"{handle}\" is disabled, and an access link would open nothing: enable the account first"
                    );
                }
                DropAccess(batch, row => row.Account == account.Number || row.ExpiresAt <= now);
                var end = now + Limits.AccessTtl;
                var access = new AccessRow(
                    _ids.Next(),
                    Secret.Hash(code),
                    account.Number,
                    by?.Number,
                    now,
                    by is { TokenRenews: false } && by.TokenExpiresAt < end ? by.TokenExpiresAt : end,
                    by?.TokenId
                );
                batch.Insert(AccessRow.Collection, access);
                account = Put(batch, account with { AccessBy = by?.Number, AccessAt = now, AccessUsedAt = null });
                _audit.Note(batch, by?.Handle, AuditActions.AccessMade, handle, access.Id);
                if (repetition is not null)
                {
                    _idempotency.Remember(batch, repetition, StatusCodes.Status201Created, access.Id);
                }
                batch.Raise(new AccessLinkMade(account.Number, by?.Number, _time.GetUtcNow()));
                return new AccessLink(access.Id, code, access.ExpiresAt);
            },
            cancel
        );
    }

    public AccessRow? FindAccess(string id) => _projection.Current.AccessById.GetValueOrDefault(id);

    /// <summary>Gives an existing account a new token for its access link, which works only once.</summary>
    /// <param name="code">Code of the link.</param>
    /// <param name="handle">Must be the handle of the account.</param>
    /// <param name="tokenName">Name of the new token.</param>
    /// <param name="endOthers">Whether to revoke all earlier tokens, and the open invites and access links that they may have made.</param>
    /// <param name="cancel">Cancels only while waiting for its turn.</param>
    /// <exception cref="ApiProblem"><c>invite_invalid</c>; <c>invalid_request</c> when the account has too many tokens.</exception>
    public Task<(AccountRow Account, TokenRow Token, string Secret)> UseAccessAsync(
        string code,
        string handle,
        string tokenName,
        bool endOthers,
        CancellationToken cancel
    )
    {
        var secret = Secret.Make(Secret.TokenPrefix);
        var codeHash = Secret.Hash(code);
        return _database.CommitAsync(
            batch =>
            {
                var now = WholeNow();
                var access = _projection.Pending.AccessById.Values.FirstOrDefault(row => Secret.HashesEqual(row.Hash, codeHash));
                if (
                    access is null
                    || access.ExpiresAt <= now
                    || _projection.Pending.ByNumber.GetValueOrDefault(access.Account) is not { Disabled: false, Deleted: false } account
                    || account.Handle != handle
                    || !IsBacked(access, account)
                )
                {
                    throw new ApiProblem(Errors.InviteInvalid, "the code is unknown, used, replaced or expired, or for another handle");
                }
                DropAccess(batch, row => row.Id == access.Id || (endOthers && row.CreatedBy == account.Number));
                var ended = endOthers ? EndTokens(batch, account.Number) : 0;
                if (endOthers)
                {
                    foreach (var invite in _projection.Pending.InvitesByHash.Values.Where(i => i.CreatedBy == account.Number))
                    {
                        batch.Delete(InviteRow.Collection, invite);
                    }
                }
                MakeRoomForToken(batch, account.Number, now);
                var token = new TokenRow(
                    _ids.Next(),
                    account.Number,
                    tokenName,
                    Secret.Hash(secret),
                    AccountRules.ScopesOf(account.Role),
                    now,
                    now + (_options.TokenLifetime ?? Limits.TokenTtl),
                    null,
                    WholeRole: true
                );
                batch.Insert(TokenRow.Collection, token);
                account = Put(batch, account with { AccessUsedAt = now });
                _audit.Note(
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
    public AccessGiven? AccessOf(AccountRow account) =>
        account.AccessAt is { } at && _time.GetUtcNow() - at < Limits.AccessShown
            ? new()
            {
                By = account.AccessBy is { } by ? GetPerson(by).Handle : null,
                At = at,
                UsedAt = account.AccessUsedAt,
            }
            : null;

    /// <summary>Whether its maker could still make it.</summary>
    private bool IsBacked(AccessRow access, AccountRow account) =>
        access.CreatedBy is not { } by
        || (
            IsHeld(_projection.Pending, access.Token)
            && _projection.Pending.ByNumber.GetValueOrDefault(by)
                is { Disabled: false, Deleted: false, Role: Roles.Owner or Roles.Admin } maker
            && AccountRules.Covers(maker.Role, account.Role)
        );

    private int EndTokens(WriteBatch batch, int account)
    {
        var tokens = _projection.Pending.TokensById.Values.Where(t => t.Account == account).ToList();
        foreach (var token in tokens)
        {
            Delete(batch, token);
        }
        return tokens.Count;
    }

    private void DropAccess(WriteBatch batch, Func<AccessRow, bool> which)
    {
        foreach (var row in _projection.Pending.AccessById.Values.Where(which))
        {
            batch.Delete(AccessRow.Collection, row);
        }
    }

    /// <summary>In whole milliseconds, as in rows, so that a restart changes nothing.</summary>
    private DateTimeOffset WholeNow() => _time.GetWholeMilliseconds();
}
