using StoriesCli.Contracts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Finds accounts, and changes their settings and roles.</summary>
internal sealed class AccountStore(AccountProjection projection, Database database, AuditStore audit, TimeProvider time)
{
    public bool IsEmpty => projection.Current.ByHandle.IsEmpty;

    /// <summary>The account, disabled or not, unless it was deleted.</summary>
    public TeamAccount? Find(string handle) => FindRow(handle);

    public TeamAccount? Find(int number) => FindRow(number);

    internal AccountRow? FindRow(string handle) => projection.Current.Find(handle);

    internal AccountRow? FindRow(int number) =>
        projection.Current.ByNumber.GetValueOrDefault(number) is { Deleted: false } row ? row : null;

    /// <summary>All accounts, as a value that is another one after each change to one of them.</summary>
    public object People => projection.Current.ByNumber;

    /// <summary>The person of an account. A deleted account has no name.</summary>
    public Person GetPerson(int number) => Find(number)?.ToPerson() ?? new Person { Handle = Names.LeftHandle, DisplayName = "Left" };

    public IReadOnlyList<TeamAccount> Active() => [.. All().Where(a => !a.Disabled)];

    /// <summary>Accounts that were not deleted, by handle.</summary>
    public IReadOnlyList<TeamAccount> All() =>
        [.. projection.Current.ByHandle.Values.Where(a => !a.Deleted).OrderBy(a => a.Handle, StringComparer.Ordinal)];

    /// <summary>Since when an account's expired stories are archived; null when they are not.</summary>
    public DateTimeOffset? ArchiveSince(int account) => FindRow(account)?.ArchiveSince;

    public bool LooksPrivately(int account) => FindRow(account) is { PrivateViewing: true };

    /// <summary>Inside a change: refuses a request from an account that was disabled or deleted since it was made.</summary>
    /// <exception cref="ApiProblem"><c>not_signed_in</c>.</exception>
    public void VerifyActive(int account)
    {
        // As pending, because an earlier change of the same commit may have disabled it.
        if (projection.Pending.ByNumber.GetValueOrDefault(account) is not { Disabled: false, Deleted: false })
        {
            throw new ApiProblem(Errors.NotSignedIn, "the account was disabled or deleted meanwhile");
        }
    }

    /// <summary>Changes an account's own settings. Null leaves a setting as it is.</summary>
    public Task<AccountRow> ChangeProfileAsync(
        int account,
        string? displayName,
        bool? archive,
        bool? privateViewing,
        CancellationToken cancel
    ) =>
        database.CommitAsync(
            batch =>
            {
                var row = projection.Pending.ByNumber[account];
                if (row.Deleted)
                {
                    throw new ApiProblem(Errors.NotSignedIn, "the account has left");
                }
                // Whole milliseconds, as expiries are: stories that have expired by now are gone.
                var now = time.GetWholeMilliseconds();
                row = row with
                {
                    DisplayName = displayName ?? row.DisplayName,
                    ArchiveSince = archive switch
                    {
                        true => row.ArchiveSince ?? now,
                        false => null,
                        null => row.ArchiveSince,
                    },
                    PrivateViewing = privateViewing ?? row.PrivateViewing,
                };
                batch.Put(AccountRow.Collection, row);
                return row;
            },
            cancel
        );

    /// <summary>Changes the role, disables or enables. Takes effect with the next request, for tokens and signed links alike.</summary>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>, <c>last_owner</c>, <c>invalid_request</c>.</exception>
    public Task<AccountRow> ChangeAsync(CurrentAccount by, string handle, AccountChange change, CancellationToken cancel) =>
        database.CommitAsync(
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
                    audit.Note(batch, by.Handle, AuditActions.RoleChanged, handle, $"{row.Role} to {changed.Role}");
                }
                if (changed.Disabled != row.Disabled)
                {
                    audit.Note(batch, by.Handle, changed.Disabled ? AuditActions.Disabled : AuditActions.Enabled, handle);
                }
                batch.Put(AccountRow.Collection, changed);
                return changed;
            },
            cancel
        );

    /// <summary>Inside a change: an account that the caller may change, which is its own or one whose role is not above the caller's.</summary>
    /// <param name="by">The caller; null for the host, who may change any.</param>
    /// <param name="handle">Handle of the account.</param>
    /// <exception cref="ApiProblem"><c>account_not_found</c>, <c>role_missing</c>.</exception>
    internal AccountRow GetManaged(CurrentAccount? by, string handle)
    {
        var row =
            projection.Pending.Find(handle)
            ?? throw new ApiProblem(Errors.AccountNotFound, $"there is no account \"{Excerpt.Of(handle)}\"");
        return by is null || row.Number == by.Number || AccountRules.Covers(by.Role, row.Role)
            ? row
            : throw new ApiProblem(
                Errors.RoleMissing,
                $"\"{handle}\" is {row.Role}, and {by.Role} may change only accounts up to that role"
            );
    }

    /// <summary>Inside a change: keeps the server from losing its last owner.</summary>
    /// <exception cref="ApiProblem"><c>last_owner</c>.</exception>
    internal void VerifyNotLastOwner(AccountRow row)
    {
        if (projection.Pending.IsLastOwner(row))
        {
            throw new ApiProblem(Errors.LastOwner, $"\"{row.Handle}\" is the only owner who can sign in");
        }
    }
}
