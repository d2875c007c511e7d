using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Live;

/// <summary>Looks twice a second which live terminals are over, and ends all streams when the server stops.</summary>
internal sealed class LiveKeeper(LiveTerminals terminals, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<LiveKeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Open streams would delay the stop.
        using var stopping = lifetime.ApplicationStopping.Register(terminals.Stop);
        try
        {
            while (true)
            {
                try
                {
                    await terminals.CheckAsync().ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or DatabaseUnavailableException)
                {
                    Log.CheckFailed(log, e);
                }
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }
}
