using StoriesCli.Server.Events;

namespace StoriesCli.Server.Stories;

/// <summary>Announces each story's expiry once, at its instant, and an hour before.</summary>
internal sealed class ExpiryWatch(StoryStore stories, EventFeed feed, TimeProvider time)
{
    private static readonly TimeSpan Notice = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();

    // Everything up to here is announced. What expired before the start is not: nobody listened then.
    private DateTimeOffset _announced = Now(time);

    /// <summary>Announces what is due.</summary>
    /// <returns>How long until more is.</returns>
    public TimeSpan Announce() => Announce(out _);

    /// <param name="until">Every expiry up to this instant is announced.</param>
    /// <returns>How long until more is.</returns>
    public TimeSpan Announce(out DateTimeOffset until)
    {
        lock (_gate)
        {
            var now = Now(time);
            // A clock that was set back brings stories back, and they expire once more.
            var from = _announced < now ? _announced : now;
            var model = stories.Current;
            feed.AnnounceDue([.. InOrder(Due(model, from, now))]);
            _announced = until = now;
            var next = Earlier(Earlier(model.NextExpiry(now), model.NextLeaving(now)), model.NextExpiry(now + Notice) - Notice);
            return next is { } due
                ? due - time.GetUtcNow() is var wait && wait > TimeSpan.Zero
                    ? wait
                    : TimeSpan.FromMilliseconds(1)
                : TimeSpan.MaxValue;
        }
    }

    /// <summary>What became due after an instant, also of stories that were swept or archived since, in the order in which it is told.</summary>
    public IReadOnlyCollection<Announcement> Since(DateTimeOffset from)
    {
        var (now, model) = (Now(time), stories.Current);
        return
        [
            .. InOrder([
                .. Due(model, from, now),
                .. model.ArchivedBetween(from, now).Select(row => Announcements.Expired(row, row.ExpiresAt)),
                .. model
                    .Tombstones.Values.Where(row => row.Reason == TombstoneRow.Expired && row.At > from && row.At <= now)
                    .Select(Announcements.Expired),
            ]),
        ];
    }

    private static IEnumerable<Announcement> Due(StoryModel model, DateTimeOffset from, DateTimeOffset until) =>
        [
            .. model
                .ExpiringBetween(from + Notice, until + Notice)
                .Where(row => row.ExpiresAt - Notice > (row.EditedAt ?? row.CreatedAt))
                .Select(row => Announcements.Expiring(row, row.ExpiresAt - Notice)),
            .. model.ExpiringBetween(from, until).Select(row => Announcements.Expired(row, row.ExpiresAt)),
            // It stays as it is but for where it stands: whoever shows tray or lists looks anew.
            .. model.LeavingBetween(from, until).Select(row => Announcements.Updated(row, row.ExpiresAt)),
        ];

    // A webhook notes how far it has come by this order.
    private static IEnumerable<Announcement> InOrder(IEnumerable<Announcement> due) =>
        due.OrderBy(it => it.At).ThenBy(it => it.StoryId, StringComparer.Ordinal);

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => right is null || left <= right ? left : right;

    /// <summary>Whole milliseconds, as expiries are.</summary>
    private static DateTimeOffset Now(TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
