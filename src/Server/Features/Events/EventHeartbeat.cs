using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Events;

/// <summary>Announces expiries at their instant, and checks twice a second whether streams must end or need a sign of life.</summary>
internal sealed class EventHeartbeat(
    EventBroadcaster feed,
    ExpiryScheduler expiries,
    Database database,
    IHostApplicationLifetime lifetime,
    TimeProvider time
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Open streams would delay the stop.
        database.Reopened += feed.Reset;
        using var stopping = lifetime.ApplicationStopping.Register(feed.Stop);
        try
        {
            while (true)
            {
                var wait = expiries.Announce();
                feed.Beat();
                // Rounded up: a delay of less than a millisecond is none.
                await Task.Delay(
                        wait < Interval ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : Interval,
                        time,
                        stoppingToken
                    )
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            database.Reopened -= feed.Reset;
        }
    }
}
