using System.Collections.Immutable;

namespace StoriesCli.Server.Stories;

/// <summary>A story and who has seen it.</summary>
internal sealed record StoryEntry(StoryRow Row, ImmutableSortedDictionary<int, DateTimeOffset> Views)
{
    public StoryEntry(StoryRow row) : this(row, ImmutableSortedDictionary<int, DateTimeOffset>.Empty)
    {
    }

    /// <summary>One's own stories count as seen.</summary>
    public bool IsSeenBy(int account) => Row.Author == account || Views.ContainsKey(account);
}

/// <summary>All stories that are not swept yet, and the tombstones, in memory. Expired ones are still in it: whoever reads asks the clock.</summary>
internal sealed record StoryModel(
    ImmutableDictionary<string, StoryEntry> ById,
    ImmutableSortedSet<string> Order,
    ImmutableSortedSet<(long At, string Id)> Expiries,
    ImmutableDictionary<(int Author, string Slot), string> InSlot,
    ImmutableDictionary<int, long> BytesByAuthor,
    ImmutableDictionary<string, TombstoneRow> Tombstones,
    long Bytes)
{
    // Ids are compared by their bytes, as LiteDB does; the culture's order would mix them up.
    public static readonly StoryModel Empty = new(
        ImmutableDictionary.Create<string, StoryEntry>(StringComparer.Ordinal),
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
        ImmutableSortedSet.Create<(long At, string Id)>(Comparer<(long At, string Id)>.Create((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Id, b.Id))),
        ImmutableDictionary<(int Author, string Slot), string>.Empty,
        ImmutableDictionary<int, long>.Empty,
        ImmutableDictionary.Create<string, TombstoneRow>(StringComparer.Ordinal),
        0);

    /// <summary>The model of what the database holds.</summary>
    public static StoryModel Of(IEnumerable<StoryRow> stories, IEnumerable<ViewRow> views, IEnumerable<TombstoneRow> tombstones)
    {
        var seen = views.ToDictionary(v => v.Id, v => v.At.ToImmutableSortedDictionary(), StringComparer.Ordinal);
        var rows = stories.ToList();
        return Empty with
        {
            ById = Empty.ById.AddRange(rows.Select(r => KeyValuePair.Create(r.Id, seen.TryGetValue(r.Id, out var v) ? new StoryEntry(r, v) : new StoryEntry(r)))),
            Order = Empty.Order.Union(rows.Select(r => r.Id)),
            Expiries = Empty.Expiries.Union(rows.Select(Expiry)),
            InSlot = Empty.InSlot.AddRange(rows.Where(r => r is { Slot: not null, Replaced: false }).Select(r => KeyValuePair.Create((r.Author, r.Slot!), r.Id))),
            BytesByAuthor = Empty.BytesByAuthor.AddRange(rows.GroupBy(r => r.Author).Select(g => KeyValuePair.Create(g.Key, g.Sum(r => r.Media.Bytes)))),
            Tombstones = Empty.Tombstones.AddRange(tombstones.Select(t => KeyValuePair.Create(t.Id, t))),
            Bytes = rows.Sum(r => r.Media.Bytes),
        };
    }

    /// <summary>Stories whose expiry is after <paramref name="from"/> and not after <paramref name="until"/>, the first ones first.</summary>
    public IEnumerable<StoryRow> ExpiringBetween(DateTimeOffset from, DateTimeOffset until)
    {
        for (var i = FirstExpiryAfter(from); i < Expiries.Count && Expiries[i].At <= until.ToUnixTimeMilliseconds(); i++)
        {
            yield return ById[Expiries[i].Id].Row;
        }
    }

    public DateTimeOffset? NextExpiry(DateTimeOffset after) =>
        FirstExpiryAfter(after) is var i && i < Expiries.Count ? DateTimeOffset.FromUnixTimeMilliseconds(Expiries[i].At) : null;

    // No id stands before the empty one, so that the search ends where the next millisecond begins.
    private int FirstExpiryAfter(DateTimeOffset instant) => ~Expiries.IndexOf((instant.ToUnixTimeMilliseconds() + 1, ""));

    public StoryModel Add(StoryRow row) => this with
    {
        ById = ById.Add(row.Id, new(row)),
        Order = Order.Add(row.Id),
        Expiries = Expiries.Add(Expiry(row)),
        InSlot = row is { Slot: { } slot, Replaced: false } ? InSlot.SetItem((row.Author, slot), row.Id) : InSlot,
        BytesByAuthor = BytesByAuthor.SetItem(row.Author, BytesByAuthor.GetValueOrDefault(row.Author) + row.Media.Bytes),
        Bytes = Bytes + row.Media.Bytes,
    };

    public StoryModel Remove(StoryRow row)
    {
        var left = BytesByAuthor.GetValueOrDefault(row.Author) - row.Media.Bytes;
        return this with
        {
            ById = ById.Remove(row.Id),
            Order = Order.Remove(row.Id),
            Expiries = Expiries.Remove(Expiry(row)),
            InSlot = row.Slot is { } slot && InSlot.GetValueOrDefault((row.Author, slot)) == row.Id ? InSlot.Remove((row.Author, slot)) : InSlot,
            BytesByAuthor = left == 0 ? BytesByAuthor.Remove(row.Author) : BytesByAuthor.SetItem(row.Author, left),
            Bytes = Bytes - row.Media.Bytes,
        };
    }

    /// <summary>Replaces a story's row by one with the same id, author, slot and media.</summary>
    public StoryModel Replace(StoryRow row)
    {
        var entry = ById[row.Id];
        return this with
        {
            ById = ById.SetItem(row.Id, entry with { Row = row }),
            Expiries = entry.Row.ExpiresAt == row.ExpiresAt ? Expiries : Expiries.Remove(Expiry(entry.Row)).Add(Expiry(row)),
        };
    }

    public StoryModel WithViews(string id, ImmutableSortedDictionary<int, DateTimeOffset> views) => this with { ById = ById.SetItem(id, ById[id] with { Views = views }) };

    public StoryModel With(TombstoneRow row) => this with { Tombstones = Tombstones.SetItem(row.Id, row) };

    private static (long At, string Id) Expiry(StoryRow row) => (row.ExpiresAt.ToUnixTimeMilliseconds(), row.Id);
}
