using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>All accounts, tokens, open invites and access links, in memory.</summary>
internal sealed record AccountModel(
    ImmutableDictionary<string, AccountRow> ByHandle,
    ImmutableDictionary<int, AccountRow> ByNumber,
    ImmutableDictionary<string, TokenRow> TokensByHash,
    ImmutableDictionary<string, TokenRow> TokensById,
    ImmutableDictionary<string, InviteRow> InvitesByHash,
    ImmutableDictionary<string, AccessRow> AccessById
)
{
    public static readonly AccountModel Empty = new(
        ImmutableDictionary<string, AccountRow>.Empty,
        ImmutableDictionary<int, AccountRow>.Empty,
        ImmutableDictionary<string, TokenRow>.Empty,
        ImmutableDictionary<string, TokenRow>.Empty,
        ImmutableDictionary<string, InviteRow>.Empty,
        ImmutableDictionary<string, AccessRow>.Empty
    );

    /// <summary>The account, disabled or not, unless it was deleted.</summary>
    public AccountRow? Find(string handle) => ByHandle.GetValueOrDefault(handle) is { Deleted: false } row ? row : null;

    /// <summary>Whether this is the only owner who can sign in.</summary>
    public bool IsLastOwner(AccountRow row) =>
        row is { Role: Roles.Owner, Disabled: false }
        && !ByHandle.Values.Any(a => a is { Role: Roles.Owner, Disabled: false, Deleted: false } && a.Number != row.Number);

    public int NextNumber => ByNumber.Count == 0 ? 1 : ByNumber.Keys.Max() + 1;

    /// <summary>
    /// Adds placeholders for accounts whose rows were lost. Each is disabled, keeps its handle and number taken, and is found by number.
    /// If one account is lost, its number is known. If several are lost, nobody can tell whose number is which.
    /// </summary>
    public AccountModel WithLost(IReadOnlyList<string> handles)
    {
        var lost = handles.Where(handle => !ByHandle.ContainsKey(handle)).ToList();
        var model = this;
        foreach (var handle in lost)
        {
            model = model with { ByHandle = model.ByHandle.SetItem(handle, Lost(0, handle) with { Deleted = true, Erased = true }) };
        }
        // Numbers are consecutive and never reused, so the missing ones belong to the lost accounts.
        foreach (var number in Enumerable.Range(1, ByNumber.Count + lost.Count).Where(number => !ByNumber.ContainsKey(number)))
        {
            var name = lost.Count == 1 ? lost[0] : $"lost-{number}";
            model = model.With(
                Lost(number, lost.Count > 1 && model.ByHandle.ContainsKey(name) ? $"{name}-of-{model.ByHandle.Count}" : name)
            );
        }
        return model;
    }

    private static AccountRow Lost(int number, string handle) =>
        new(number, handle, handle, Roles.Member, DateTimeOffset.UnixEpoch, Disabled: true);

    public AccountModel With(AccountRow row) =>
        this with
        {
            ByHandle = ByHandle.SetItem(row.Handle, row),
            ByNumber = ByNumber.SetItem(row.Number, row),
        };

    public AccountModel With(TokenRow row) =>
        this with
        {
            TokensByHash = TokensByHash.SetItem(row.Hash, row),
            TokensById = TokensById.SetItem(row.Id, row),
        };

    public AccountModel Without(TokenRow row) =>
        this with
        {
            TokensByHash = TokensByHash.Remove(row.Hash),
            TokensById = TokensById.Remove(row.Id),
        };

    public AccountModel With(InviteRow row) => this with { InvitesByHash = InvitesByHash.SetItem(row.Hash, row) };

    public AccountModel Without(InviteRow row) => this with { InvitesByHash = InvitesByHash.Remove(row.Hash) };

    public AccountModel With(AccessRow row) => this with { AccessById = AccessById.SetItem(row.Id, row) };

    public AccountModel Without(AccessRow row) => this with { AccessById = AccessById.Remove(row.Id) };
}
