using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Changes and ends accounts.</summary>
internal sealed partial class AccountStore
{
    /// <summary>When any of an account's tokens was last used; null when none was.</summary>
    public DateTimeOffset? LastUsedAt(int account) =>
        _projection.Current.TokensById.Values.Where(t => t.Account == account).Max(t => t.LastUsedAt);

    /// <summary>When the last of an account's tokens expires; null when it has no valid token.</summary>
    public DateTimeOffset? TokensEndAt(int account) => TokensOf(account) is { Count: > 0 } tokens ? tokens.Max(EndOf) : null;

    /// <summary>Inside a change: refuses a request from an account that was disabled or deleted since it was made.</summary>
    /// <exception cref="ApiProblem"><c>not_signed_in</c>.</exception>
    public void VerifyActive(int account)
    {
        if (Find(account) is not { Disabled: false })
        {
            throw new ApiProblem(Errors.NotSignedIn, "the account was disabled or deleted meanwhile");
        }
    }

    /// <summary>Deleted accounts of which some data may be left.</summary>
    public IReadOnlyList<AccountRow> Deleting() =>
        [.. _projection.Current.ByNumber.Values.Where(a => a is { Deleted: true, Erased: false })];

    /// <summary>Notes that a deleted account is erased, and removes its number from the accounts for which it made access links.</summary>
    public Task MarkErasedAsync(int account) =>
        _database.CommitAsync(batch =>
        {
            foreach (var row in _projection.Pending.ByNumber.Values.Where(row => row.AccessBy == account).ToList())
            {
                Put(batch, row with { AccessBy = TeamAccount.NobodysNumber });
            }
            return Put(batch, _projection.Pending.ByNumber[account] with { Erased = true });
        });

    /// <summary>Since when an account's expired stories are archived; null when they are not.</summary>
    public DateTimeOffset? ArchiveSince(int account) => FindRow(account)?.ArchiveSince;

    public bool LooksPrivately(int account) => FindRow(account) is { PrivateViewing: true };

    /// <summary>Changes an account's own settings. Null leaves a setting as it is.</summary>
    public Task<AccountRow> ChangeProfileAsync(
        int account,
        string? displayName,
        bool? archive,
        bool? privateViewing,
        CancellationToken cancel
    ) =>
        _database.CommitAsync(
            batch =>
            {
                var row = _projection.Pending.ByNumber[account];
                if (row.Deleted)
                {
                    throw new ApiProblem(Errors.NotSignedIn, "the account has left");
                }
                // Whole milliseconds, as expiries are: stories that have expired by now are gone.
                var now = _time.GetWholeMilliseconds();
                return Put(
                    batch,
                    row with
                    {
                        DisplayName = displayName ?? row.DisplayName,
                        ArchiveSince = archive switch
                        {
                            true => row.ArchiveSince ?? now,
                            false => null,
                            null => row.ArchiveSince,
                        },
                        PrivateViewing = privateViewing ?? row.PrivateViewing,
                    }
                );
            },
            cancel
        );

    /// <summary>Changes the role, disables or enables. Takes effect with the next request, for tokens and signed links alike.</summary>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>last_owner</c>, <c>invalid_request</c>.</exception>
    public Task<AccountRow> ChangeAsync(CurrentAccount by, string handle, AccountChange change, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var row = GetManaged(by, handle);
                var changed = row with
                {
                    Role = change.Role is { } role ? AccountRules.GivenRole(role, by.Role, "give the role") : row.Role,
                    Disabled = change.Disabled ?? row.Disabled,
                };
                if (changed.Role != Roles.Owner || changed.Disabled)
                {
                    VerifyNotLastOwner(row);
                }
                if (changed.Role != row.Role)
                {
                    _audit.Note(batch, by.Handle, AuditActions.RoleChanged, handle, $"{row.Role} to {changed.Role}");
                }
                if (changed.Disabled != row.Disabled)
                {
                    _audit.Note(batch, by.Handle, changed.Disabled ? AuditActions.Disabled : AuditActions.Enabled, handle);
                }
                return Put(batch, changed);
            },
            cancel
        );

    /// <summary>Ends an account with its tokens and invites. The handle stays taken; <see cref="AccountDeletion"/> erases the rest.</summary>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>last_owner</c>.</exception>
    public Task<AccountRow> EndAsync(CurrentAccount by, string handle, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var row = GetManaged(by, handle);
                VerifyNotLastOwner(row);
                EndTokens(batch, row.Number);
                DropAccess(batch, access => access.Account == row.Number || access.CreatedBy == row.Number);
                foreach (var invite in _projection.Pending.InvitesByHash.Values.Where(i => i.CreatedBy == row.Number))
                {
                    batch.Delete(InviteRow.Collection, invite);
                }
                _audit.Note(batch, by.Handle, AuditActions.AccountDeleted, handle);
                return Put(
                    batch,
                    row with
                    {
                        DisplayName = handle,
                        Deleted = true,
                        ArchiveSince = null,
                        AccessBy = null,
                        AccessAt = null,
                        AccessUsedAt = null,
                    }
                );
            },
            cancel
        );

    /// <summary>An account that the caller may change: its own, or one whose role is not above the caller's.</summary>
    private AccountRow GetManaged(CurrentAccount by, string handle)
    {
        var row =
            _projection.Pending.Find(handle)
            ?? throw new ApiProblem(Errors.AccountNotFound, $"there is no account \"{Excerpt.Of(handle)}\"");
        return row.Number == by.Number || AccountRules.Covers(by.Role, row.Role)
            ? row
            : throw new ApiProblem(
                Errors.RoleMissing,
                $"\"{handle}\" is {row.Role}, and {by.Role} may change only accounts up to that role"
            );
    }

    private void VerifyNotLastOwner(AccountRow row)
    {
        if (_projection.Pending.IsLastOwner(row))
        {
            throw new ApiProblem(Errors.LastOwner, $"\"{row.Handle}\" is the only owner who can sign in");
        }
    }

    private static AccountRow Put(WriteBatch batch, AccountRow row)
    {
        batch.Put(AccountRow.Collection, row);
        return row;
    }
}
