using System.Threading.Channels;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Events caused by the clock. They are written in few commits, and no faster than webhooks are delivered.</summary>
internal sealed partial class WebhookStore
{
    // The other half of the queue is for new posts.
    private const int RoomForDue = Limits.WebhookQueue / 2;

    // A server that was stopped for longer has worse to catch up with.
    private static readonly TimeSpan MadeUpFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(200);

    private readonly DueEvents _due = new();
    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Notes events caused by the clock. Does not wait for the disk.</summary>
    private void QueueDue(IReadOnlyCollection<Announcement> happened)
    {
        // The server that takes over finds them by the clock.
        if (!_database.Role.IsWriter)
        {
            return;
        }
        var all = All.ToList();
        var wanted = happened.Where(it => all.Exists(entry => Wants(entry, it))).ToList();
        if (wanted.Count == 0)
        {
            return;
        }
        foreach (var (id, count) in _due.Add([.. all.Select(entry => entry.Row.Id)], wanted))
        {
            Log.DueDropped(_log, count, id);
            Counts.AddDropped(count);
        }
        SignalRoom();
    }

    /// <summary>Call at the start: queues events that a kill kept from the queues, and those that became due while the server was stopped.</summary>
    /// <param name="since">Returns events caused by the clock after a time, in the order of <see cref="WebhookRow.IsDue"/>.</param>
    public async Task ResumeDueAsync(Func<DateTimeOffset, IReadOnlyCollection<Announcement>> since)
    {
        var now = Now();
        if (All.Any(entry => entry.Row.DueAt is null))
        {
            await _database
                .CommitAsync(batch =>
                {
                    foreach (var entry in _projection.Pending.ById.Values.Where(entry => entry.Row.DueAt is null))
                    {
                        batch.Put(WebhookRow.Collection, entry.Row with { DueAt = now });
                    }
                    return true;
                })
                .ConfigureAwait(false);
        }
        var marks = All.Where(entry => StateOf(entry) == WebhookStates.Active).Select(entry => entry.Row.DueAt!.Value).ToList();
        if (marks.Count > 0)
        {
            // Other events of the same instant may still be due.
            var from = marks.Min() - TimeSpan.FromMilliseconds(1);
            QueueDue(since(from < now - MadeUpFor ? now - MadeUpFor : from));
        }
    }

    /// <summary>Moves due events into the queues as far as they fit, and on stop all that are left.</summary>
    public async Task QueueDueAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!await QueueSomeAsync(RoomForDue, stop).ConfigureAwait(false))
            {
                await _room
                    .Reader.WaitToReadAsync(stop)
                    .AsTask()
                    .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                    .ConfigureAwait(false);
                _room.Reader.TryRead(out _);
            }
        }
        while (await QueueSomeAsync(int.MaxValue, stop).ConfigureAwait(false)) { }
    }

    /// <returns>Whether there was anything to do.</returns>
    private async Task<bool> QueueSomeAsync(int room, CancellationToken stop)
    {
        var did = false;
        foreach (var webhook in Mine)
        {
            var maximum = Math.Min(RoomForDue, room - webhook.Waiting.Count);
            // Many at a time, or each delivery would be followed by a commit for the next event.
            if (
                maximum < RoomForDue / 2
                || _due.Peek(webhook.Row.Id, it => webhook.Row.IsDue(it) && Wants(webhook, it), maximum) is not { } part
            )
            {
                continue;
            }
            did = true;
            try
            {
                await QueueAsync(webhook.Row.Id, part.Events).ConfigureAwait(false);
            }
            catch (DatabaseUnavailableException e)
            {
                Log.NotQueued(_log, part.Events.Count, e);
                if (stop.IsCancellationRequested)
                {
                    return false;
                }
                // Retries. If the disk left a commit in doubt, an event is delivered twice rather than not at all.
                await Task.Delay(PauseAfterFailure, CancellationToken.None).ConfigureAwait(false);
                continue;
            }
            _due.Advance(webhook.Row.Id, part.Next);
        }
        return did;
    }

    private Task QueueAsync(string webhook, IReadOnlyList<Announcement> happened) =>
        happened.Count == 0
            ? Task.CompletedTask
            : _database.CommitAsync(batch =>
            {
                foreach (var it in happened)
                {
                    if (_projection.Pending.ById.GetValueOrDefault(webhook) is { } entry && Wants(entry, it))
                    {
                        Queue(batch, webhook, it);
                    }
                }
                if (_projection.Pending.ById.GetValueOrDefault(webhook) is { } told)
                {
                    batch.Put(WebhookRow.Collection, told.Row with { DueAt = happened[^1].At, DueStory = happened[^1].StoryId });
                }
                return true;
            });

    private void SignalRoom() => _room.Writer.TryWrite(true);
}
