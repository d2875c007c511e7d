using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Mutes;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A story with its viewers and which of them viewed it privately. Other features read stories here, not from rows.</summary>
internal sealed record StoryEntry(StoryRow Row, ImmutableSortedDictionary<int, DateTimeOffset> Views, ImmutableHashSet<int> Private)
{
    public StoryEntry(StoryRow row)
        : this(row, ImmutableSortedDictionary<int, DateTimeOffset>.Empty, []) { }

    public StoryEntry(StoryRow row, ViewRow views)
        : this(row, views.At.ToImmutableSortedDictionary(), [.. views.Private]) { }

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

    internal ViewRow ToViews() => new(Row.Id, [.. Views.OrderBy(v => v.Value)], Private);

    internal StoryEntry WithView(int account, DateTimeOffset at, bool isPrivate) =>
        this with
        {
            Views = Views.Add(account, at),
            Private = isPrivate ? Private.Add(account) : Private,
        };

    internal StoryEntry WithoutView(int account) => this with { Views = Views.Remove(account), Private = Private.Remove(account) };

    /// <summary>The account's own stories count as seen.</summary>
    public bool IsSeenBy(int account) => Row.Author == account || Views.ContainsKey(account);

    /// <summary>Whether to count it as unseen: a muted story never counts.</summary>
    public bool IsUnseenBy(ViewerContext viewer) => !IsSeenBy(viewer.Account) && !IsMuted(viewer.Muting);

    public bool IsMuted(Muting muting) => muting.Covers(Row.Author, Row.Tags);
}

/// <summary>All stories that are not swept yet, and the tombstones, in memory. It includes expired stories, so readers must check the clock.</summary>
internal sealed record StoryModel(
    ImmutableDictionary<string, StoryEntry> ById,
    ImmutableSortedSet<string> Order,
    ImmutableSortedSet<(long At, string Id)> Expiries,
    ImmutableSortedSet<(long At, string Id)> Leavings,
    ImmutableSortedSet<(long At, string Id)> Archived,
    ImmutableDictionary<(int Author, string Name), ImmutableArray<string>> Highlights,
    ImmutableDictionary<(int Author, string Slot), ImmutableArray<string>> InSlot,
    ImmutableDictionary<int, long> BytesByAuthor,
    ImmutableDictionary<string, TombstoneRow> Tombstones,
    long Bytes
)
{
    private static readonly ImmutableSortedSet<(long At, string Id)> NoTimes = ImmutableSortedSet.Create<(long At, string Id)>(
        Comparer<(long At, string Id)>.Create((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Id, b.Id))
    );

    // Compares ids by their bytes, as LiteDB does. The culture's order differs.
    public static readonly StoryModel Empty = new(
        ImmutableDictionary.Create<string, StoryEntry>(StringComparer.Ordinal),
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
        NoTimes,
        NoTimes,
        NoTimes,
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
        var rows = stories.ToList();
        return Empty with
        {
            ById = Empty.ById.AddRange(
                rows.Select(r => KeyValuePair.Create(r.Id, seen.TryGetValue(r.Id, out var v) ? new StoryEntry(r, v) : new StoryEntry(r)))
            ),
            Order = Empty.Order.Union(rows.Where(r => !r.Archived).Select(r => r.Id)),
            Expiries = NoTimes.Union(rows.Where(r => r is { KeptIn: null, Archived: false }).Select(Expiry)),
            Leavings = NoTimes.Union(rows.Where(r => r.KeptIn is not null).Select(Expiry)),
            Archived = NoTimes.Union(rows.Where(r => r.Archived).Select(Expiry)),
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

    /// <summary>Stories that expire after <paramref name="from"/> and not after <paramref name="until"/>, earliest first.</summary>
    public IEnumerable<StoryRow> ExpiringBetween(DateTimeOffset from, DateTimeOffset until) => Between(Expiries, from, until);

    /// <summary>Kept stories that leave tray and lists in this period.</summary>
    public IEnumerable<StoryRow> LeavingBetween(DateTimeOffset from, DateTimeOffset until) => Between(Leavings, from, until);

    /// <summary>Archived stories that expired in this period.</summary>
    public IEnumerable<StoryRow> ArchivedBetween(DateTimeOffset from, DateTimeOffset until) => Between(Archived, from, until);

    public DateTimeOffset? NextExpiry(DateTimeOffset after) => Next(Expiries, after);

    public DateTimeOffset? NextLeaving(DateTimeOffset after) => Next(Leavings, after);

    /// <summary>The model with a story, in place of its previous version.</summary>
    public StoryModel With(StoryRow row)
    {
        if (!ById.TryGetValue(row.Id, out var entry))
            return (this with { ById = ById.Add(row.Id, new(row)) }).Enlist(row);
        var before = entry.Row;
        // Most changes concern only texts and move nothing.
        return PlaceOf(before) == PlaceOf(row)
            ? this with
            {
                ById = ById.SetItem(row.Id, entry with { Row = row }),
            }
            : (Strike(before) with { ById = ById.SetItem(row.Id, entry with { Row = row }) }).Enlist(row);
    }

    /// <summary>The model without a story and its viewers.</summary>
    public StoryModel Without(StoryRow row) =>
        ById.TryGetValue(row.Id, out var entry) ? Strike(entry.Row) with { ById = ById.Remove(row.Id) } : this;

    /// <summary>Ids of the stories in a slot that are not replaced for everybody, oldest first.</summary>
    public ImmutableArray<string> StandingIn(int author, string slot) => InSlot.GetValueOrDefault((author, slot), []);

    /// <summary>Ids of a highlight's stories in the author's order; empty when there is no such highlight.</summary>
    public ImmutableArray<string> KeptIn(int author, string name) => Highlights.GetValueOrDefault((author, name), []);

    /// <summary>The model with the viewers of a story.</summary>
    public StoryModel With(ViewRow views) =>
        ById.TryGetValue(views.Id, out var entry) ? this with { ById = ById.SetItem(views.Id, new(entry.Row, views)) } : this;

    public StoryModel Without(ViewRow views) =>
        ById.TryGetValue(views.Id, out var entry) ? this with { ById = ById.SetItem(views.Id, new(entry.Row)) } : this;

    public StoryModel With(TombstoneRow row) => this with { Tombstones = Tombstones.SetItem(row.Id, row) };

    public StoryModel Without(TombstoneRow row) => this with { Tombstones = Tombstones.Remove(row.Id) };

    /// <summary>The fields that determine a story's place.</summary>
    private static (DateTimeOffset, string?, int, bool, bool, string?, long) PlaceOf(StoryRow row) =>
        (row.ExpiresAt, row.KeptIn, row.KeptRank, row.Archived, row.IsReplacedForAll, row.Slot, row.Bytes);

    /// <summary>Adds a story of <see cref="ById"/> to every index and sum.</summary>
    private StoryModel Enlist(StoryRow row) =>
        this with
        {
            Order = row.Archived ? Order : Order.Add(row.Id),
            Expiries = row is { KeptIn: null, Archived: false } ? Expiries.Add(Expiry(row)) : Expiries,
            Leavings = row.KeptIn is not null ? Leavings.Add(Expiry(row)) : Leavings,
            Archived = row.Archived ? Archived.Add(Expiry(row)) : Archived,
            Highlights = row.KeptIn is { } name
                ? Highlights.SetItem((row.Author, name), [.. KeptIn(row.Author, name).Add(row.Id).OrderBy(id => ById[id].Row.KeptRank)])
                : Highlights,
            InSlot = StandsIn(row) is { } slot
                ? InSlot.SetItem((row.Author, slot), [.. StandingIn(row.Author, slot).Add(row.Id).Order(StringComparer.Ordinal)])
                : InSlot,
            BytesByAuthor = BytesByAuthor.SetItem(row.Author, BytesByAuthor.GetValueOrDefault(row.Author) + row.Bytes),
            Bytes = Bytes + row.Bytes,
        };

    /// <summary>Removes a story from every index and sum.</summary>
    private StoryModel Strike(StoryRow row)
    {
        var bytes = BytesByAuthor.GetValueOrDefault(row.Author) - row.Bytes;
        return this with
        {
            Order = Order.Remove(row.Id),
            Expiries = Expiries.Remove(Expiry(row)),
            Leavings = Leavings.Remove(Expiry(row)),
            Archived = Archived.Remove(Expiry(row)),
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

    private IEnumerable<StoryRow> Between(ImmutableSortedSet<(long At, string Id)> times, DateTimeOffset from, DateTimeOffset until)
    {
        for (var i = FirstAfter(times, from); i < times.Count && times[i].At <= until.ToUnixTimeMilliseconds(); i++)
        {
            yield return ById[times[i].Id].Row;
        }
    }

    private static DateTimeOffset? Next(ImmutableSortedSet<(long At, string Id)> times, DateTimeOffset after) =>
        FirstAfter(times, after) is var i && i < times.Count ? DateTimeOffset.FromUnixTimeMilliseconds(times[i].At) : null;

    // No id is less than the empty one, so the search ends at the beginning of the next millisecond.
    private static int FirstAfter(ImmutableSortedSet<(long At, string Id)> times, DateTimeOffset instant) =>
        ~times.IndexOf((instant.ToUnixTimeMilliseconds() + 1, ""));

    private static (long At, string Id) Expiry(StoryRow row) => (row.ExpiresAt.ToUnixTimeMilliseconds(), row.Id);
}
