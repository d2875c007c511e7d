using System.Collections.Immutable;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>All stories that are not swept yet, and the tombstones, in memory. It includes expired stories, so readers must check the clock.</summary>
/// <param name="ById">All stories.</param>
/// <param name="Times">Stories by the end of their lifetime.</param>
/// <param name="Sets">Stories with something in common, by id.</param>
/// <param name="Shelves">Stories that stand in a place of the tray, counted.</param>
/// <param name="Highlights">Ids of the kept stories of each highlight, in the author's order.</param>
/// <param name="InSlot">Ids of the stories in a slot that are not replaced for everybody.</param>
/// <param name="BytesByAuthor">Bytes of all stories of an author.</param>
/// <param name="Tombstones">What remains of ended stories.</param>
/// <param name="Bytes">Bytes of all stories.</param>
internal sealed record StoryModel(
    ImmutableDictionary<string, StoryEntry> ById,
    StoryTimes Times,
    ImmutableDictionary<StorySet, SortedTree<StoryRow>> Sets,
    TrayShelves Shelves,
    ImmutableDictionary<(int Author, string Name), ImmutableArray<string>> Highlights,
    ImmutableDictionary<(int Author, string Slot), ImmutableArray<string>> InSlot,
    ImmutableDictionary<int, long> BytesByAuthor,
    ImmutableDictionary<string, TombstoneRow> Tombstones,
    long Bytes
)
{
    public static readonly StoryModel Empty = new(
        ImmutableDictionary.Create<string, StoryEntry>(IdComparer.Instance),
        StoryTimes.Empty,
        ImmutableDictionary<StorySet, SortedTree<StoryRow>>.Empty,
        TrayShelves.Empty,
        ImmutableDictionary<(int Author, string Name), ImmutableArray<string>>.Empty,
        ImmutableDictionary<(int Author, string Slot), ImmutableArray<string>>.Empty,
        ImmutableDictionary<int, long>.Empty,
        ImmutableDictionary.Create<string, TombstoneRow>(IdComparer.Instance),
        0
    );

    /// <summary>The model of rows in the database.</summary>
    public static StoryModel Of(IEnumerable<StoryRow> stories, IEnumerable<ViewRow> views, IEnumerable<TombstoneRow> tombstones)
    {
        var seen = views.ToDictionary(v => v.Id, StringComparer.Ordinal);
        var entries = stories
            .Select(row => seen.TryGetValue(row.Id, out var views) ? new StoryEntry(row, StoryViews.Of(views)) : new StoryEntry(row))
            .ToList();
        var rows = entries.ConvertAll(entry => entry.Row);
        // Each of the largest parts on a processor of its own, for the server starts only when all are made.
        var (byId, times, sets, shelves) = (Empty.ById, Empty.Times, Empty.Sets, Empty.Shelves);
        Parallel.Invoke(
            () => byId = byId.AddRange(entries.Select(entry => KeyValuePair.Create(entry.Id, entry))),
            () => shelves = TrayShelves.Of(entries),
            () => times = StoryTimes.Of(rows),
            () =>
                sets = sets.AddRange(
                    rows.SelectMany(row => StorySet.Of(row).Select(set => (Set: set, Row: row)))
                        .GroupBy(it => it.Set, it => it.Row)
                        .Select(set => KeyValuePair.Create(set.Key, StoryOrder.ById([.. set])))
                )
        );
        return new(
            byId,
            times,
            sets,
            shelves,
            Empty.Highlights.AddRange(
                rows.Where(r => r.KeptIn is not null)
                    .GroupBy(r => (r.Author, r.KeptIn!))
                    .Select(g => KeyValuePair.Create(g.Key, g.OrderBy(r => r.KeptRank).Select(r => r.Id).ToImmutableArray()))
            ),
            Empty.InSlot.AddRange(
                rows.Where(r => r is { Slot: not null, IsReplacedForAll: false, Archived: false })
                    .GroupBy(r => (r.Author, r.Slot!))
                    .Select(g => KeyValuePair.Create(g.Key, g.Select(r => r.Id).Order(StringComparer.Ordinal).ToImmutableArray()))
            ),
            Empty.BytesByAuthor.AddRange(rows.GroupBy(r => r.Author).Select(g => KeyValuePair.Create(g.Key, g.Sum(r => r.Bytes)))),
            Empty.Tombstones.AddRange(tombstones.Select(t => KeyValuePair.Create(t.Id, t))),
            rows.Sum(r => r.Bytes)
        );
    }

    /// <summary>Number of stories that are not archived.</summary>
    public int Unarchived => ById.Count - Times.Archived.Count;

    /// <summary>A story that an account may see at a time; null when there is none with this id.</summary>
    public StoryEntry? FindVisible(int account, string id, DateTimeOffset now) =>
        ById.TryGetValue(id, out var entry) && entry.Row.IsVisibleTo(account) && !entry.Row.IsExpired(now) ? entry : null;

    /// <summary>Stories of a set, by id. They may have expired.</summary>
    public SortedTree<StoryRow> In(StorySet set) => Sets.GetValueOrDefault(set, StoryOrder.NoneById);

    /// <summary>All stories of an author: active, expired but not swept, kept and archived.</summary>
    public IEnumerable<StoryRow> Of(int author) =>
        In(StorySet.OfAuthor(author))
            .Concat(Highlights.Where(highlight => highlight.Key.Author == author).SelectMany(it => it.Value).Select(id => ById[id].Row))
            .Concat(In(StorySet.InArchiveOf(author)));

    /// <summary>Ids of the stories in a slot that are not replaced for everybody, oldest first.</summary>
    public ImmutableArray<string> StandingIn(int author, string slot) => InSlot.GetValueOrDefault((author, slot), []);

    /// <summary>Ids of a highlight's stories in the author's order; empty when there is no such highlight.</summary>
    public ImmutableArray<string> KeptIn(int author, string name) => Highlights.GetValueOrDefault((author, name), []);

    /// <summary>The model with a story, in place of its previous version.</summary>
    public StoryModel With(StoryRow row) =>
        ById.TryGetValue(row.Id, out var before) ? Strike(before).Enlist(before with { Row = row }) : Enlist(new(row));

    /// <summary>The model without a story and its viewers.</summary>
    public StoryModel Without(StoryRow row) =>
        ById.TryGetValue(row.Id, out var entry) ? Strike(entry) with { ById = ById.Remove(row.Id) } : this;

    /// <summary>The model with the viewers of a story.</summary>
    public StoryModel With(ViewRow views) => ById.TryGetValue(views.Id, out var entry) ? With(entry, StoryViews.Of(views)) : this;

    public StoryModel Without(ViewRow views) => ById.TryGetValue(views.Id, out var entry) ? With(entry, StoryViews.None) : this;

    public StoryModel With(TombstoneRow row) => this with { Tombstones = Tombstones.SetItem(row.Id, row) };

    public StoryModel Without(TombstoneRow row) => this with { Tombstones = Tombstones.Remove(row.Id) };

    private StoryModel With(StoryEntry before, StoryViews views)
    {
        var after = before with { Views = views };
        var byId = ById.SetItem(after.Id, after);
        return this with { ById = byId, Shelves = Shelves.Viewed(before, after, byId) };
    }

    /// <summary>Adds a story to every index and sum.</summary>
    private StoryModel Enlist(StoryEntry entry)
    {
        var row = entry.Row;
        var byId = ById.SetItem(row.Id, entry);
        return this with
        {
            ById = byId,
            Times = Times.With(row),
            Sets = StorySet.Of(row).Aggregate(Sets, (sets, set) => sets.SetItem(set, In(set).Add(row))),
            Shelves = Shelves.With(entry, byId),
            Highlights = row.KeptIn is { } name
                ? Highlights.SetItem((row.Author, name), [.. KeptIn(row.Author, name).Add(row.Id).OrderBy(id => byId[id].Row.KeptRank)])
                : Highlights,
            InSlot = StandsIn(row) is { } slot
                ? InSlot.SetItem((row.Author, slot), [.. StandingIn(row.Author, slot).Add(row.Id).Order(StringComparer.Ordinal)])
                : InSlot,
            BytesByAuthor = BytesByAuthor.SetItem(row.Author, BytesByAuthor.GetValueOrDefault(row.Author) + row.Bytes),
            Bytes = Bytes + row.Bytes,
        };
    }

    /// <summary>Removes a story from every index and sum, but not from <see cref="ById"/>.</summary>
    private StoryModel Strike(StoryEntry entry)
    {
        var row = entry.Row;
        var bytes = BytesByAuthor.GetValueOrDefault(row.Author) - row.Bytes;
        return this with
        {
            Times = Times.Without(row),
            Sets = StorySet
                .Of(row)
                .Aggregate(
                    Sets,
                    (sets, set) => In(set).Remove(row) is { IsEmpty: false } left ? sets.SetItem(set, left) : sets.Remove(set)
                ),
            Shelves = Shelves.Without(entry, ById),
            Highlights = row.KeptIn is { } name ? Without(Highlights, (row.Author, name), row.Id) : Highlights,
            InSlot = StandsIn(row) is { } slot ? Without(InSlot, (row.Author, slot), row.Id) : InSlot,
            BytesByAuthor = bytes == 0 ? BytesByAuthor.Remove(row.Author) : BytesByAuthor.SetItem(row.Author, bytes),
            Bytes = Bytes - row.Bytes,
        };
    }

    private static string? StandsIn(StoryRow row) => row is { IsReplacedForAll: false, Archived: false } ? row.Slot : null;

    private static ImmutableDictionary<(int, string), ImmutableArray<string>> Without(
        ImmutableDictionary<(int, string), ImmutableArray<string>> lists,
        (int, string) key,
        string id
    ) => lists.GetValueOrDefault(key, []).Remove(id) is { IsEmpty: false } left ? lists.SetItem(key, left) : lists.Remove(key);
}
