using System.Threading.Channels;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Waiting deliveries. They are written in the change that causes them, and stay on disk until they are delivered or given up.</summary>
internal sealed partial class WebhookStore
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Has an item when there may be more to do.</summary>
    public ChannelReader<bool> Signals => _signals.Reader;

    /// <summary>Counts since the start.</summary>
    public WebhookCounts Counts { get; } = new();

    public void Signal() => _signals.Writer.TryWrite(true);

    /// <summary>Inside a change: queues an announcement for the webhooks that want it.</summary>
    private void Queue(WriteBatch batch, Announcement happened)
    {
        foreach (var entry in _projection.Pending.ById.Values.Where(entry => Wants(entry, happened)))
        {
            Queue(batch, entry.Row.Id, happened);
        }
    }

    private void Queue(WriteBatch batch, string webhook, Announcement happened)
    {
        batch.Insert(DeliveryRow.Collection, new(_ids.Next(), webhook, happened.WithoutAudience(), Attempts: 0, Now()));
        var entry = _projection.Pending.ById[webhook];
        if (entry.Waiting.Count > Limits.WebhookQueue)
        {
            // For a receiver that was away so long, new events are more useful.
            batch.Delete(DeliveryRow.Collection, entry.Waiting.Values.First());
            batch.Put(WebhookRow.Collection, entry.Row with { Dropped = entry.Row.Dropped + 1 });
            batch.AfterCommit(() => Counts.AddDropped(1));
        }
        batch.AfterCommit(Signal);
    }

    /// <summary>Notes the result of an attempt. A delivery that succeeded or is given up no longer waits.</summary>
    public async Task FinishAsync(DeliveryRow delivery, Attempt attempt)
    {
        await _database
            .CommitAsync(batch =>
            {
                if (
                    _projection.Pending.ById.GetValueOrDefault(delivery.Webhook) is not { } entry
                    || !entry.Waiting.TryGetValue(delivery.Id, out var waiting)
                )
                {
                    return true;
                }
                var now = Now();
                var number = waiting.Attempts + 1;
                var pause = attempt.IsOver ? null : RetrySchedule.PauseAfter(number);
                // The receiver's wish applies to all its waiting deliveries.
                var notBefore = attempt.RetryAfter is { } asked && !attempt.IsOver ? now + asked : entry.Row.NotBefore;
                var next = pause is { } wait
                    ? Whole(now + wait) is var due && due < notBefore
                        ? notBefore
                        : due
                    : null;
                if (notBefore != entry.Row.NotBefore)
                {
                    batch.Put(WebhookRow.Collection, entry.Row with { NotBefore = notBefore });
                }
                if (next is { } again)
                {
                    batch.Put(DeliveryRow.Collection, waiting with { Attempts = number, NextAt = again });
                }
                else
                {
                    batch.Delete(DeliveryRow.Collection, waiting);
                }
                Note(
                    batch,
                    new(
                        _ids.Next(),
                        delivery.Webhook,
                        delivery.Id,
                        delivery.Happened.Type,
                        delivery.Happened.StoryId,
                        now,
                        number,
                        attempt.Status,
                        attempt.Error,
                        attempt.DurationMs,
                        next
                    )
                );
                if (attempt.IsGone)
                {
                    var gone = _projection.Pending.ById[delivery.Webhook];
                    Empty(batch, gone);
                    batch.Put(WebhookRow.Collection, gone.Row with { Gone = true });
                }
                batch.AfterCommit(SignalRoom);
                return true;
            })
            .ConfigureAwait(false);
        Counts.Add(attempt);
    }

    /// <summary>Deletes the waiting deliveries of a webhook that receives nothing now.</summary>
    public Task EmptyAsync(string id) =>
        _database.CommitAsync(batch =>
        {
            if (_projection.Pending.ById.GetValueOrDefault(id) is { } entry && StateOf(entry) != WebhookStates.Active)
            {
                Empty(batch, entry);
            }
            return true;
        });

    private bool Wants(WebhookEntry entry, Announcement happened) =>
        happened.IsFor(entry.Row.Maker) && entry.Row.Events.Contains(happened.Type) && StateOf(entry) == WebhookStates.Active;

    private static void Empty(WriteBatch batch, WebhookEntry entry)
    {
        foreach (var delivery in entry.Waiting.Values)
        {
            batch.Delete(DeliveryRow.Collection, delivery);
        }
    }

    private void Note(WriteBatch batch, AttemptRow attempt)
    {
        batch.Insert(AttemptRow.Collection, attempt);
        var last = _projection.Pending.ById[attempt.Webhook].Last;
        foreach (var old in last.Take(Math.Max(0, last.Count - Limits.WebhookDeliveries)))
        {
            batch.Delete(AttemptRow.Collection, old);
        }
    }

    private static DateTimeOffset? Whole(DateTimeOffset at) => at.ToWholeMilliseconds();
}
