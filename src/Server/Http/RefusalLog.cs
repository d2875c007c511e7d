using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>
/// Logs the refusals that come in crowds (too many attempts, quota, full disk) when they begin and when they are over, with their number:
/// a line a request would fill the log, and none would hide that somebody is refused.
/// </summary>
internal sealed class RefusalLog(TimeProvider time, ILogger<RefusalLog> log) : BackgroundService
{
    /// <summary>An episode is over when nothing more was refused for so long.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    private const int OpenMaximum = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly ErrorCode[] Counted = [Errors.RateLimited, Errors.QuotaReached, Errors.NoRoom, Errors.MediaDamaged];

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Code, string Who), Episode> _open = [];

    /// <summary>Counts a refusal, if it is one of these.</summary>
    /// <returns>Whether an episode begins with it.</returns>
    public bool Note(HttpContext context, ApiProblem problem)
    {
        if (!Counted.Contains(problem.Error))
        {
            return false;
        }
        // A full disk is one for all.
        var who =
            problem.Error == Errors.NoRoom
                ? "everybody"
                : context.FindAccount()?.Handle ?? context.Connection.RemoteIpAddress?.ToString() ?? "a socket";
        var now = time.GetUtcNow();
        lock (_gate)
        {
            // A caller that changes its address all the time must not make this grow.
            var key = (problem.Error.Code, _open.Count < OpenMaximum || _open.ContainsKey((problem.Error.Code, who)) ? who : "others");
            if (!_open.TryGetValue(key, out var episode))
            {
                _open[key] = episode = new(now);
                Log.RefusalsBegan(log, key.Code, key.Item2, problem.Message);
            }
            (episode.Last, episode.Count) = (now, episode.Count + 1);
            return episode.Count == 1;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            EndQuiet();
        }
    }

    private void EndQuiet()
    {
        lock (_gate)
        {
            foreach (var (key, episode) in _open.Where(it => time.GetUtcNow() - it.Value.Last >= Quiet).ToList())
            {
                _open.Remove(key);
                Log.RefusalsOver(
                    log,
                    key.Code,
                    key.Who,
                    episode.Count,
                    Contracts.Counted.Noun(episode.Count, "request"),
                    (episode.Last - episode.First).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture)
                );
            }
        }
    }

    private sealed class Episode(DateTimeOffset first)
    {
        public DateTimeOffset First { get; } = first;

        public DateTimeOffset Last { get; set; }

        public long Count { get; set; }
    }
}
