using System.Collections.Concurrent;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Delivers waiting events: one attempt at a time per webhook, all webhooks in parallel, so that none delays another.</summary>
internal sealed class WebhookDispatcher(WebhookStore webhooks, WebhookSender sender, TimeProvider time, ILogger<WebhookDispatcher> log)
    : BackgroundService
{
    // Wakes up without a signal too, for events that a disk failure left in doubt.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Task> _busy = new(StringComparer.Ordinal);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(webhooks.QueueDueAsync(stoppingToken), DispatchAsync(stoppingToken));

    private async Task DispatchAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await SleepAsync(StartDue(stoppingToken), stoppingToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await Task.WhenAll(_busy.Values).ConfigureAwait(false);
        }
    }

    /// <returns>Time until the next delivery is due.</returns>
    private TimeSpan StartDue(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var sleep = LongestSleep;
        foreach (var webhook in webhooks.Mine.Where(webhook => webhook.Waiting.Count > 0 && !_busy.ContainsKey(webhook.Row.Id)))
        {
            var delivery = webhook.FindNext()!;
            var wait = webhook.DueAt(delivery) - now;
            if (wait > TimeSpan.Zero)
            {
                sleep = wait < sleep ? wait : sleep;
                continue;
            }
            _busy[webhook.Row.Id] = Task.CompletedTask;
            var work = Task.Run(() => WorkAsync(webhook, delivery, stop), CancellationToken.None);
            _busy.TryUpdate(webhook.Row.Id, work, Task.CompletedTask);
        }
        return sleep;
    }

    private async Task WorkAsync(WebhookEntry webhook, DeliveryRow delivery, CancellationToken stop)
    {
        try
        {
            if (webhooks.StateOf(webhook) != WebhookStates.Active)
            {
                await webhooks.EmptyAsync(webhook.Row.Id).ConfigureAwait(false);
                return;
            }
            var attempt = await sender.AttemptAsync(webhook, delivery, stop).ConfigureAwait(false);
            await webhooks.FinishAsync(delivery, attempt).ConfigureAwait(false);
            if (attempt.IsGone)
            {
                Log.Gone(log, webhook.Row.Id, WebhookRules.Origin(webhook.Row.Url));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It waits on disk and is delivered after the next start.
        }
        catch (Exception e)
        {
            // It may then be delivered twice, with the same id.
            Log.AttemptFailed(log, webhook.Row.Id, e);
            await Task.Delay(PauseAfterFailure, time, stop)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            _busy.TryRemove(webhook.Row.Id, out _);
            webhooks.Signal();
        }
    }

    private async Task SleepAsync(TimeSpan longest, CancellationToken stop)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // Rounded up: a delay of less than a millisecond is none.
        var due = Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(longest.TotalMilliseconds)), time, awake.Token);
        await Task.WhenAny(due, webhooks.Signals.WaitToReadAsync(awake.Token).AsTask()).ConfigureAwait(false);
        await awake.CancelAsync().ConfigureAwait(false);
        webhooks.Signals.TryRead(out _);
    }
}
