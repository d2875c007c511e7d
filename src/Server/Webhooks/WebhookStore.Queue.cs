using System.Threading.Channels;
using StoriesCli.Contracts;
using StoriesCli.Server.Events;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Webhooks;

/// <summary>What waits to be told: it comes to the disk with the change that brought it about, and stays there until it is told or given up.</summary>
internal sealed partial class WebhookStore
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has something to read when there may be more to do.</summary>
    public ChannelReader<bool> Signals => _signals.Reader;

    /// <summary>Since the start.</summary>
    public WebhookCounts Counts { get; } = new();

    public void Signal() => _signals.Writer.TryWrite(true);

    /// <summary>Inside a change: notes what the change's webhooks are to be told.</summary>
    public void Queue(Changes changes, Announcement happened)
    {
        foreach (var entry in _slice.Pending.ById.Values.Where(entry => Wants(entry, happened)))
        {
            Queue(changes, entry, happened);
        }
    }

    private void Queue(Changes changes, WebhookEntry entry, Announcement happened)
    {
        var delivery = new DeliveryRow(_ids.Next(), entry.Row.Id, happened, Attempts: 0, Now());
        changes.Insert(DeliveryRow.Collection, delivery);
        var after = entry with { Waiting = entry.Waiting.Add(delivery.Id, delivery) };
        if (after.Waiting.Count > Limits.WebhookQueue)
        {
            // Whoever comes back after so long is better served by what is new.
            var oldest = after.Waiting.Keys.First();
            changes.Delete(DeliveryRow.Collection, oldest);
            after = Drop(changes, after with { Waiting = after.Waiting.Remove(oldest) }, 1);
        }
        _slice.Pending = _slice.Pending.With(after);
        changes.AfterCommit(Signal);
    }

    private WebhookEntry Drop(Changes changes, WebhookEntry entry, int dropped)
    {
        var after = entry with { Row = entry.Row with { Dropped = entry.Row.Dropped + dropped } };
        changes.Put(WebhookRow.Collection, after.Row);
        changes.AfterCommit(() => Counts.AddDropped(dropped));
        return after;
    }

    /// <summary>Notes how an attempt ended: what was told, or is given up, waits no longer.</summary>
    public async Task FinishAsync(DeliveryRow delivery, Attempt attempt)
    {
        await _database.CommitAsync(changes =>
        {
            if (_slice.Pending.ById.GetValueOrDefault(delivery.Webhook) is not { } entry || !entry.Waiting.TryGetValue(delivery.Id, out var waiting))
            {
                return true;
            }
            var now = Now();
            var number = waiting.Attempts + 1;
            var pause = attempt.IsOver ? null : RetrySchedule.PauseAfter(number);
            // What the receiver asks for holds for all that waits for it.
            var notBefore = attempt.RetryAfter is { } asked && !attempt.IsOver ? now + asked : entry.Row.NotBefore;
            var next = pause is { } wait ? Whole(now + wait) is var due && due < notBefore ? notBefore : due : null;
            if (notBefore != entry.Row.NotBefore)
            {
                entry = entry with { Row = entry.Row with { NotBefore = notBefore } };
                changes.Put(WebhookRow.Collection, entry.Row);
            }
            entry = next is { } again ? Put(changes, entry, waiting with { Attempts = number, NextAt = again }) : Remove(changes, entry, waiting.Id);
            entry = Note(changes, entry, new(
                _ids.Next(), delivery.Webhook, delivery.Id, delivery.Happened.Type, delivery.Happened.StoryId, now, number, attempt.Status, attempt.Error, attempt.DurationMs, next));
            if (attempt.IsGone)
            {
                entry = Empty(changes, entry) with { Row = entry.Row with { Gone = true } };
                changes.Put(WebhookRow.Collection, entry.Row);
            }
            _slice.Pending = _slice.Pending.With(entry);
            changes.AfterCommit(SignalRoom);
            return true;
        }).ConfigureAwait(false);
        Counts.Add(attempt);
    }

    /// <summary>Lets go of what waits for a webhook that is told nothing now.</summary>
    public Task EmptyAsync(string id) => _database.CommitAsync(changes =>
    {
        if (_slice.Pending.ById.GetValueOrDefault(id) is { } entry && StateOf(entry) != WebhookStates.Active)
        {
            _slice.Pending = _slice.Pending.With(Empty(changes, entry));
        }
        return true;
    });

    private bool Wants(WebhookEntry entry, Announcement happened) =>
        happened.IsFor(entry.Row.Maker) && entry.Row.Events.Contains(happened.Type) && StateOf(entry) == WebhookStates.Active;

    private static WebhookEntry Empty(Changes changes, WebhookEntry entry)
    {
        foreach (var id in entry.Waiting.Keys)
        {
            changes.Delete(DeliveryRow.Collection, id);
        }
        return entry with { Waiting = entry.Waiting.Clear() };
    }

    private static WebhookEntry Put(Changes changes, WebhookEntry entry, DeliveryRow delivery)
    {
        changes.Put(DeliveryRow.Collection, delivery);
        return entry with { Waiting = entry.Waiting.SetItem(delivery.Id, delivery) };
    }

    private static WebhookEntry Remove(Changes changes, WebhookEntry entry, string delivery)
    {
        changes.Delete(DeliveryRow.Collection, delivery);
        return entry with { Waiting = entry.Waiting.Remove(delivery) };
    }

    private static WebhookEntry Note(Changes changes, WebhookEntry entry, AttemptRow attempt)
    {
        changes.Insert(AttemptRow.Collection, attempt);
        var last = entry.Last.Add(attempt);
        foreach (var old in last.Take(Math.Max(0, last.Count - Limits.WebhookDeliveries)))
        {
            changes.Delete(AttemptRow.Collection, old.Id);
            last = last.Remove(old);
        }
        return entry with { Last = last };
    }

    private static DateTimeOffset? Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
