using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Mutes;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A story with its viewers. Other features read stories here, not from rows.</summary>
internal sealed record StoryEntry(StoryRow Row, StoryViews Views)
{
    public StoryEntry(StoryRow row)
        : this(row, StoryViews.None) { }

    public string Id => Row.Id;
    public int Author => Row.Author;
    public string Kind => Row.Kind;
    public string? Caption => Row.Caption;

    /// <summary>Text of a card; only the beginning of a long one.</summary>
    public string? Text => Row.Text;
    public DateTimeOffset CreatedAt => Row.CreatedAt;

    /// <summary>When it leaves tray and lists. A story that is not kept ends then.</summary>
    public DateTimeOffset ExpiresAt => Row.ExpiresAt;

    /// <summary>When it ends; null for a kept story.</summary>
    public DateTimeOffset? EndsAt => Row.KeptIn is null ? Row.ExpiresAt : null;
    public string? KeptIn => Row.KeptIn;
    public StoryMedia Media => Row.Media;
    public StoryCompare? Compare => Row.Compare;
    public StorySource? Source => Row.Source;
    public StoredPoll? Poll => Row.Poll;
    public bool RepliesOn => Row.RepliesOn;
    public bool AsksHelp => Row.AsksHelp;
    public bool HasOpenHelp => Row.HasOpenHelp;
    public StorySubject Subject => Row.Subject;

    /// <summary>Numbers of the accounts that have seen it, ascending, without its author.</summary>
    public IEnumerable<int> Viewers => Views.Accounts.Where(account => account != Author);

    internal ViewRow ToViews()
    {
        var views = Views.InOrder.ToList();
        return new(
            Row.Id,
            [.. views.Select(view => KeyValuePair.Create(view.Account, view.At))],
            [.. views.Where(view => view.IsPrivate).Select(view => view.Account)]
        );
    }

    internal StoryEntry WithView(int account, DateTimeOffset at, bool isPrivate) => this with { Views = Views.Add(account, at, isPrivate) };

    internal StoryEntry WithoutView(int account) => this with { Views = Views.Remove(account) };

    /// <summary>The account's own stories count as seen.</summary>
    public bool IsSeenBy(int account) => Row.Author == account || Views.Contains(account);

    /// <summary>Whether to count it as unseen: a muted story never counts.</summary>
    public bool IsUnseenBy(ViewerContext viewer) => !IsSeenBy(viewer.Account) && !IsMuted(viewer.Muting);

    public bool IsMuted(Muting muting) => muting.Covers(Row.Author, Row.Tags);
}

/// <summary>What all stories of a set have in common.</summary>
internal enum StoryTrait
{
    Author,
    Slot,
    Kind,
    Tag,
    Answers,
    ArchiveOf,
}

/// <summary>A set of stories: those with one value of a trait.</summary>
/// <param name="Trait">What they have in common.</param>
/// <param name="Number">Number of the author, for sets of an author.</param>
/// <param name="Text">The value, for other sets.</param>
internal readonly record struct StorySet(StoryTrait Trait, int Number, string? Text)
{
    public static StorySet OfAuthor(int author) => new(StoryTrait.Author, author, null);

    public static StorySet InArchiveOf(int author) => new(StoryTrait.ArchiveOf, author, null);

    public static StorySet With(StoryTrait trait, string text) => new(trait, 0, text);

    /// <summary>The sets that a story belongs to. A kept one is in none: it leaves the lists while its row stays as it is.</summary>
    public static IEnumerable<StorySet> Of(StoryRow row)
    {
        if (row.Archived)
        {
            yield return InArchiveOf(row.Author);
            yield break;
        }
        if (row.KeptIn is not null)
            yield break;
        yield return OfAuthor(row.Author);
        yield return With(StoryTrait.Kind, row.Kind);
        if (row.Slot is { } slot)
            yield return With(StoryTrait.Slot, slot);
        if (row.Answers is { } question)
            yield return With(StoryTrait.Answers, question);
        foreach (var tag in row.Tags.Distinct(StringComparer.Ordinal))
            yield return With(StoryTrait.Tag, tag);
    }
}

/// <summary>All stories that are not swept yet, and the tombstones, in memory. It includes expired stories, so readers must check the clock.</summary>
/// <param name="ById">All stories.</param>
/// <param name="Order">Stories that are neither kept nor archived, by id.</param>
/// <param name="Expiries">The same stories, by expiry.</param>
/// <param name="Leavings">Kept stories, by the time at which they leave tray and lists.</param>
/// <param name="Archived">Archived stories, by expiry.</param>
/// <param name="Sets">Stories with something in common, by id.</param>
/// <param name="Shelves">Stories that stand in a place of the tray, counted.</param>
/// <param name="Highlights">Ids of the kept stories of each highlight, in the author's order.</param>
/// <param name="InSlot">Ids of the stories in a slot that are not replaced for everybody.</param>
/// <param name="BytesByAuthor">Bytes of all stories of an author.</param>
/// <param name="Tombstones">What remains of ended stories.</param>
/// <param name="Bytes">Bytes of all stories.</param>
internal sealed record StoryModel(
    ImmutableDictionary<string, StoryEntry> ById,
    SortedTree<StoryRow> Order,
    SortedTree<StoryRow> Expiries,
    SortedTree<StoryRow> Leavings,
    SortedTree<StoryRow> Archived,
    ImmutableDictionary<StorySet, SortedTree<StoryRow>> Sets,
    ImmutableDictionary<(int Author, string? Slot), ImmutableArray<Shelf>> Shelves,
    ImmutableDictionary<(int Author, string Name), ImmutableArray<string>> Highlights,
    ImmutableDictionary<(int Author, string Slot), ImmutableArray<string>> InSlot,
    ImmutableDictionary<int, long> BytesByAuthor,
    ImmutableDictionary<string, TombstoneRow> Tombstones,
    long Bytes
)
{
    public static readonly StoryModel Empty = new(
        ImmutableDictionary.Create<string, StoryEntry>(StringComparer.Ordinal),
        StoryOrder.NoneById,
        StoryOrder.NoneByExpiry,
        StoryOrder.NoneByExpiry,
        StoryOrder.NoneByExpiry,
        ImmutableDictionary<StorySet, SortedTree<StoryRow>>.Empty,
        ImmutableDictionary<(int Author, string? Slot), ImmutableArray<Shelf>>.Empty,
        ImmutableDictionary<(int Author, string Name), ImmutableArray<string>>.Empty,
        ImmutableDictionary<(int Author, string Slot), ImmutableArray<string>>.Empty,
        ImmutableDictionary<int, long>.Empty,
        ImmutableDictionary.Create<string, TombstoneRow>(StringComparer.Ordinal),
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
        return Empty with
        {
            ById = Empty.ById.AddRange(entries.Select(entry => KeyValuePair.Create(entry.Id, entry))),
            Order = StoryOrder.ById([.. rows.Where(IsPassing)]),
            Expiries = StoryOrder.ByExpiry([.. rows.Where(IsPassing)]),
            Leavings = StoryOrder.ByExpiry([.. rows.Where(row => row.KeptIn is not null)]),
            Archived = StoryOrder.ByExpiry([.. rows.Where(row => row.Archived)]),
            Sets = Empty.Sets.AddRange(
                rows.SelectMany(row => StorySet.Of(row).Select(set => (Set: set, Row: row)))
                    .GroupBy(it => it.Set, it => it.Row)
                    .Select(set => KeyValuePair.Create(set.Key, StoryOrder.ById([.. set])))
            ),
            Shelves = Empty.Shelves.AddRange(
                entries
                    .Where(entry => Shelf.Holds(entry.Row))
                    .GroupBy(entry => (entry.Author, entry.Row.Slot))
                    .Select(place =>
                        KeyValuePair.Create(place.Key, Sorted(place.GroupBy(e => Shelf.AudienceOf(e.Row)).Select(e => Shelf.Of([.. e]))))
                    )
            ),
            Highlights = Empty.Highlights.AddRange(
                rows.Where(r => r.KeptIn is not null)
                    .GroupBy(r => (r.Author, r.KeptIn!))
                    .Select(g => KeyValuePair.Create(g.Key, g.OrderBy(r => r.KeptRank).Select(r => r.Id).ToImmutableArray()))
            ),
            InSlot = Empty.InSlot.AddRange(
                rows.Where(r => r is { Slot: not null, IsReplacedForAll: false, Archived: false })
                    .GroupBy(r => (r.Author, r.Slot!))
                    .Select(g => KeyValuePair.Create(g.Key, g.Select(r => r.Id).Order(StringComparer.Ordinal).ToImmutableArray()))
            ),
            BytesByAuthor = Empty.BytesByAuthor.AddRange(
                rows.GroupBy(r => r.Author).Select(g => KeyValuePair.Create(g.Key, g.Sum(r => r.Bytes)))
            ),
            Tombstones = Empty.Tombstones.AddRange(tombstones.Select(t => KeyValuePair.Create(t.Id, t))),
            Bytes = rows.Sum(r => r.Bytes),
        };
    }

    /// <summary>A story that an account may see at a time; null when there is none with this id.</summary>
    public StoryEntry? FindVisible(int account, string id, DateTimeOffset now) =>
        ById.TryGetValue(id, out var entry) && entry.Row.IsVisibleTo(account) && !entry.Row.IsExpired(now) ? entry : null;

    /// <summary>Stories of a set that are neither kept nor archived, by id.</summary>
    public SortedTree<StoryRow> In(StorySet set) => Sets.GetValueOrDefault(set, StoryOrder.NoneById);

    /// <summary>All stories of an author: active, expired but not swept, kept and archived.</summary>
    public IEnumerable<StoryRow> Of(int author) =>
        In(StorySet.OfAuthor(author))
            .Concat(Highlights.Where(highlight => highlight.Key.Author == author).SelectMany(it => it.Value).Select(id => ById[id].Row))
            .Concat(In(StorySet.InArchiveOf(author)));

    /// <summary>Number of stories that are not archived.</summary>
    public int Unarchived => Order.Count + Leavings.Count;

    /// <summary>Kept stories that are still in tray and lists, those that leave first before the others.</summary>
    public IEnumerable<StoryRow> KeptAndListed(DateTimeOffset now) => Leavings.From(FirstAfter(Leavings, now));

    /// <summary>Stories that expired at a time or before, earliest first. They may not be swept yet.</summary>
    public IEnumerable<StoryRow> ExpiredUntil(DateTimeOffset until) => Expiries.Take(FirstAfter(Expiries, until));

    /// <summary>Stories that expire after <paramref name="from"/> and not after <paramref name="until"/>, earliest first.</summary>
    public IEnumerable<StoryRow> ExpiringBetween(DateTimeOffset from, DateTimeOffset until) => Between(Expiries, from, until);

    /// <summary>Kept stories that leave tray and lists in this period.</summary>
    public IEnumerable<StoryRow> LeavingBetween(DateTimeOffset from, DateTimeOffset until) => Between(Leavings, from, until);

    /// <summary>Archived stories that expired in this period.</summary>
    public IEnumerable<StoryRow> ArchivedBetween(DateTimeOffset from, DateTimeOffset until) => Between(Archived, from, until);

    public DateTimeOffset? NextExpiry(DateTimeOffset after) => Next(Expiries, after);

    public DateTimeOffset? NextLeaving(DateTimeOffset after) => Next(Leavings, after);

    /// <summary>The model with a story, in place of its previous version.</summary>
    public StoryModel With(StoryRow row) =>
        ById.TryGetValue(row.Id, out var before) ? Strike(before).Enlist(before with { Row = row }) : Enlist(new(row));

    /// <summary>The model without a story and its viewers.</summary>
    public StoryModel Without(StoryRow row) =>
        ById.TryGetValue(row.Id, out var entry) ? Strike(entry) with { ById = ById.Remove(row.Id) } : this;

    /// <summary>Ids of the stories in a slot that are not replaced for everybody, oldest first.</summary>
    public ImmutableArray<string> StandingIn(int author, string slot) => InSlot.GetValueOrDefault((author, slot), []);

    /// <summary>Ids of a highlight's stories in the author's order; empty when there is no such highlight.</summary>
    public ImmutableArray<string> KeptIn(int author, string name) => Highlights.GetValueOrDefault((author, name), []);

    /// <summary>The model with the viewers of a story.</summary>
    public StoryModel With(ViewRow views) => ById.TryGetValue(views.Id, out var entry) ? With(entry, StoryViews.Of(views)) : this;

    public StoryModel Without(ViewRow views) => ById.TryGetValue(views.Id, out var entry) ? With(entry, StoryViews.None) : this;

    public StoryModel With(TombstoneRow row) => this with { Tombstones = Tombstones.SetItem(row.Id, row) };

    public StoryModel Without(TombstoneRow row) => this with { Tombstones = Tombstones.Remove(row.Id) };

    private StoryModel With(StoryEntry before, StoryViews views)
    {
        var entry = before with { Views = views };
        var model = this with { ById = ById.SetItem(entry.Id, entry) };
        if (FindShelf(entry.Row) is not { } shelf)
            return model;
        var gone = before.Viewers.Where(account => !views.Contains(account)).ToList();
        var after = gone.Count == 0 ? shelf : shelf.Unseen(entry.Row, gone);
        foreach (var account in entry.Viewers.Where(account => !before.Views.Contains(account)))
            after = after.Seen(account, model);
        return model with { Shelves = Replaced(entry.Row, shelf, after) };
    }

    /// <summary>Adds a story to every index and sum.</summary>
    private StoryModel Enlist(StoryEntry entry)
    {
        var row = entry.Row;
        var (isPassing, name, slot) = (IsPassing(row), row.KeptIn, StandsIn(row));
        var model = this with { ById = ById.SetItem(row.Id, entry) };
        var shelf = FindShelf(row);
        return model with
        {
            Order = isPassing ? Order.Add(row) : Order,
            Expiries = isPassing ? Expiries.Add(row) : Expiries,
            Leavings = name is not null ? Leavings.Add(row) : Leavings,
            Archived = row.Archived ? Archived.Add(row) : Archived,
            Sets = StorySet.Of(row).Aggregate(Sets, (sets, set) => sets.SetItem(set, In(set).Add(row))),
            Shelves = Shelf.Holds(row) ? Replaced(row, shelf, Shelf.With(shelf, entry, model)) : Shelves,
            Highlights = name is not null
                ? Highlights.SetItem(
                    (row.Author, name),
                    [.. KeptIn(row.Author, name).Add(row.Id).OrderBy(id => model.ById[id].Row.KeptRank)]
                )
                : Highlights,
            InSlot = slot is not null
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
            Order = Order.Remove(row),
            Expiries = IsPassing(row) ? Expiries.Remove(row) : Expiries,
            Leavings = row.KeptIn is not null ? Leavings.Remove(row) : Leavings,
            Archived = row.Archived ? Archived.Remove(row) : Archived,
            Sets = StorySet
                .Of(row)
                .Aggregate(
                    Sets,
                    (sets, set) => In(set).Remove(row) is { IsEmpty: false } left ? sets.SetItem(set, left) : sets.Remove(set)
                ),
            Shelves = FindShelf(row) is { } shelf ? Replaced(row, shelf, shelf.Without(entry, this)) : Shelves,
            Highlights = row.KeptIn is { } name ? Without(Highlights, (row.Author, name), row.Id) : Highlights,
            InSlot = StandsIn(row) is { } slot ? Without(InSlot, (row.Author, slot), row.Id) : InSlot,
            BytesByAuthor = bytes == 0 ? BytesByAuthor.Remove(row.Author) : BytesByAuthor.SetItem(row.Author, bytes),
            Bytes = Bytes - row.Bytes,
        };
    }

    /// <summary>Whether a story ends with its lifetime.</summary>
    private static bool IsPassing(StoryRow row) => row is { KeptIn: null, Archived: false };

    private static string? StandsIn(StoryRow row) => row is { IsReplacedForAll: false, Archived: false } ? row.Slot : null;

    private Shelf? FindShelf(StoryRow row)
    {
        if (Shelf.Holds(row) && Shelves.TryGetValue((row.Author, row.Slot), out var shelves))
        {
            var audience = Shelf.AudienceOf(row);
            foreach (var shelf in shelves)
                if (shelf.Audience == audience)
                    return shelf;
        }
        return null;
    }

    /// <summary>The shelves with another one in a place; null before means that there was none, null after that none is left.</summary>
    private ImmutableDictionary<(int Author, string? Slot), ImmutableArray<Shelf>> Replaced(StoryRow row, Shelf? before, Shelf? after)
    {
        var place = (row.Author, row.Slot);
        var others = Shelves.GetValueOrDefault(place, []);
        others = before is null ? others : others.Remove(before);
        return after is not null ? Shelves.SetItem(place, Sorted(others.Add(after)))
            : others.IsEmpty ? Shelves.Remove(place)
            : Shelves.SetItem(place, others);
    }

    private static ImmutableArray<Shelf> Sorted(IEnumerable<Shelf> shelves) =>
        [.. shelves.OrderBy(shelf => shelf.Audience, StringComparer.Ordinal)];

    private static ImmutableDictionary<(int, string), ImmutableArray<string>> Without(
        ImmutableDictionary<(int, string), ImmutableArray<string>> lists,
        (int, string) key,
        string id
    ) => lists.GetValueOrDefault(key, []).Remove(id) is { IsEmpty: false } left ? lists.SetItem(key, left) : lists.Remove(key);

    private static IEnumerable<StoryRow> Between(SortedTree<StoryRow> times, DateTimeOffset from, DateTimeOffset until) =>
        times.From(FirstAfter(times, from)).TakeWhile(row => row.ExpiresAt.ToUnixTimeMilliseconds() <= until.ToUnixTimeMilliseconds());

    private static DateTimeOffset? Next(SortedTree<StoryRow> times, DateTimeOffset after) =>
        FirstAfter(times, after) is var i && i < times.Count
            ? DateTimeOffset.FromUnixTimeMilliseconds(times[i].ExpiresAt.ToUnixTimeMilliseconds())
            : null;

    /// <summary>Position of the first story that leaves in a later millisecond.</summary>
    private static int FirstAfter(SortedTree<StoryRow> times, DateTimeOffset instant) =>
        times.CountBefore(instant.ToUnixTimeMilliseconds() + 1, static (row, at) => row.ExpiresAt.ToUnixTimeMilliseconds().CompareTo(at));
}
