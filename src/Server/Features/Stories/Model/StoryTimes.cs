using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Stories by the time at which their lifetime ends, earliest first.</summary>
/// <param name="Expiries">Stories that are neither kept nor archived.</param>
/// <param name="Leavings">Kept stories, which leave tray and lists then.</param>
/// <param name="Archived">Archived stories.</param>
internal sealed record StoryTimes(SortedTree<StoryRow> Expiries, SortedTree<StoryRow> Leavings, SortedTree<StoryRow> Archived)
{
    public static readonly StoryTimes Empty = new(StoryOrder.NoneByExpiry, StoryOrder.NoneByExpiry, StoryOrder.NoneByExpiry);

    public static StoryTimes Of(IReadOnlyCollection<StoryRow> rows) =>
        new(
            StoryOrder.ByExpiry([.. rows.Where(row => row is { KeptIn: null, Archived: false })]),
            StoryOrder.ByExpiry([.. rows.Where(row => row.KeptIn is not null)]),
            StoryOrder.ByExpiry([.. rows.Where(row => row.Archived)])
        );

    public StoryTimes With(StoryRow row) =>
        row.KeptIn is not null ? this with { Leavings = Leavings.Add(row) }
        : row.Archived ? this with { Archived = Archived.Add(row) }
        : this with { Expiries = Expiries.Add(row) };

    public StoryTimes Without(StoryRow row) =>
        row.KeptIn is not null ? this with { Leavings = Leavings.Remove(row) }
        : row.Archived ? this with { Archived = Archived.Remove(row) }
        : this with { Expiries = Expiries.Remove(row) };

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
