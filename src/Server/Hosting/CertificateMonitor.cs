using StoriesCli.Contracts;

namespace StoriesCli.Server.Hosting;

/// <summary>Logs once a day that the certificate expires soon or has expired.</summary>
internal sealed class CertificateMonitor(ServerOptions options, TimeProvider time, ILogger<CertificateMonitor> log)
    : PeriodicWork(Interval, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(14);
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    private DateTimeOffset? _told;

    /// <summary>When the certificate in the file expires; null without one, or when it cannot be read now.</summary>
    public DateTimeOffset? End => options.TlsCertificate is { } path && TlsCertificate.TryReadTimes(path) is { } times ? times.To : null;

    protected override Task WorkAsync(CancellationToken cancel)
    {
        if (options.TlsCertificate is { } path)
        {
            Look(path);
        }
        return Task.CompletedTask;
    }

    private void Look(string path)
    {
        var now = Time.GetUtcNow();
        if (TlsCertificate.TryReadTimes(path) is not { } times || now < times.To - Min(Ahead, (times.To - times.From) / 3))
        {
            _told = null;
            return;
        }
        // The hourly check may come slightly early.
        if (_told is { } told && now - told < Pause)
        {
            return;
        }
        _told = now;
        if (now < times.To)
        {
            Log.CertificateEnds(
                log,
                path,
                times.To.UtcDateTime,
                (int)(times.To - now).TotalDays,
                Counted.Noun((int)(times.To - now).TotalDays, "day")
            );
        }
        else
        {
            Log.CertificateEnded(log, path, times.To.UtcDateTime);
        }
    }

    // Short-lived certificates are renewed in the last third of their lifetime.
    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
