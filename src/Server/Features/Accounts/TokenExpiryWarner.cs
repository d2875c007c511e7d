using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Looks once an hour for tokens that expire soon.</summary>
internal sealed class TokenExpiryWarner(TokenWarnings warnings, TimeProvider time, ILogger<TokenExpiryWarner> log) : BackgroundService
{
    // The first look waits until clients that listened before a restart listen again.
    public static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1),
        Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstLook;
        while (true)
        {
            try
            {
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
                await warnings.WarnAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DatabaseUnavailableException e)
            {
                // The next round tries again and warns accounts that were not warned yet.
                Log.NotWarned(log, e);
            }
            pause = Interval;
        }
    }
}
