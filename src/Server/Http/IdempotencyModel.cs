using System.Collections.Immutable;
using System.Globalization;

namespace StoriesCli.Server.Http;

/// <summary>All keys that are remembered.</summary>
/// <param name="ById">By account number and key.</param>
/// <param name="Counts">How many an account has.</param>
internal sealed record IdempotencyModel(ImmutableDictionary<string, IdempotencyRow> ById, ImmutableDictionary<int, int> Counts)
{
    public static readonly IdempotencyModel Empty = new(
        ImmutableDictionary.Create<string, IdempotencyRow>(StringComparer.Ordinal),
        ImmutableDictionary<int, int>.Empty
    );

    public static IdempotencyModel Of(IEnumerable<IdempotencyRow> rows)
    {
        var byId = rows.ToImmutableDictionary(row => row.Id, StringComparer.Ordinal);
        return new(byId, byId.Keys.GroupBy(AccountOf).ToImmutableDictionary(keys => keys.Key, keys => keys.Count()));
    }

    public int CountOf(int account) => Counts.GetValueOrDefault(account);

    public IdempotencyModel With(IdempotencyRow row) =>
        new(
            ById.SetItem(row.Id, row),
            ById.ContainsKey(row.Id) ? Counts : Counts.SetItem(AccountOf(row.Id), CountOf(AccountOf(row.Id)) + 1)
        );

    public IdempotencyModel Without(string id)
    {
        var account = AccountOf(id);
        return !ById.ContainsKey(id)
            ? this
            : new(ById.Remove(id), CountOf(account) <= 1 ? Counts.Remove(account) : Counts.SetItem(account, CountOf(account) - 1));
    }

    private static int AccountOf(string id) =>
        int.Parse(id.AsSpan(0, id.IndexOf(':', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
}
