using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Announces each story's expiry once, at its instant, and also one hour before.</summary>
internal sealed class ExpiryScheduler(StoryStore stories, TimeProvider time)
{
    private static readonly TimeSpan Notice = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();

    // Everything up to here is announced. Expiries before the start are not: nobody was listening then.
    private DateTimeOffset _announced = Now(time);

    /// <summary>Stories expired, expire within the hour, or left the lists, in this order. The handler must not block.</summary>
    public event Action<IReadOnlyCollection<StoryDomainEvent>>? Due;

    /// <summary>Announces what is due.</summary>
    /// <returns>Time until the next announcement.</returns>
    public TimeSpan Announce() => Announce(out _);

    /// <param name="until">Every expiry up to this instant has been announced.</param>
    /// <returns>Time until the next announcement.</returns>
    public TimeSpan Announce(out DateTimeOffset until)
    {
        lock (_gate)
        {
            var now = Now(time);
            // When the clock is set back, expired stories return and expire again.
            var from = _announced < now ? _announced : now;
            var model = stories.Current;
            Due?.Invoke([.. InOrder(Between(model, from, now))]);
            _announced = until = now;
            var next = Earlier(
                Earlier(model.Times.NextExpiry(now), model.Times.NextLeaving(now)),
                model.Times.NextExpiry(now + Notice) - Notice
            );
            return next is { } due
                ? due - time.GetUtcNow() is var wait && wait > TimeSpan.Zero
                    ? wait
                    : TimeSpan.FromMilliseconds(1)
                : TimeSpan.MaxValue;
        }
    }

    /// <summary>What became due after an instant, in the order of announcement. Includes stories that were swept or archived since.</summary>
    public IReadOnlyCollection<StoryDomainEvent> Since(DateTimeOffset from)
    {
        var (now, model) = (Now(time), stories.Current);
        return
        [
            .. InOrder([
                .. Between(model, from, now),
                .. model.Times.ArchivedBetween(from, now).Select(row => new StoryExpired(row.Subject, row.ExpiresAt)),
                .. model
                    .Tombstones.Values.Where(row => row.Reason == TombstoneRow.Expired && row.At > from && row.At <= now)
                    .Select(row => new StoryExpired(row.Subject, row.At)),
            ]),
        ];
    }

    private static IEnumerable<StoryDomainEvent> Between(StoryModel model, DateTimeOffset from, DateTimeOffset until) =>
        [
            .. model
                .Times.ExpiringBetween(from + Notice, until + Notice)
                .Where(row => row.ExpiresAt - Notice > (row.EditedAt ?? row.CreatedAt))
                .Select(row => new StoryExpiring(row.Subject, row.ExpiresAt - Notice)),
            .. model.Times.ExpiringBetween(from, until).Select(row => new StoryExpired(row.Subject, row.ExpiresAt)),
            // The story itself does not change, only its place: clients that show tray or lists must reload.
            .. model.Times.LeavingBetween(from, until).Select(row => new StoryUpdated(row.Subject, row.ExpiresAt)),
        ];

    // A webhook notes its progress by this order.
    private static IEnumerable<StoryDomainEvent> InOrder(IEnumerable<StoryDomainEvent> due) =>
        due.OrderBy(it => it.At).ThenBy(it => it.Story.Id, StringComparer.Ordinal);

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => right is null || left <= right ? left : right;

    /// <summary>Whole milliseconds, as expiries are.</summary>
    private static DateTimeOffset Now(TimeProvider time) => time.GetWholeMilliseconds();
}
