using System.Diagnostics;

namespace StoriesCli.Testing;

/// <summary>Waits for a condition that another thread or process makes true.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Long, so that no busy machine fails a test: what comes true ends the wait at once.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">The condition did not become true in time.</exception>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? within = null) => TrueAsync(() => Task.FromResult(condition()), within);

    /// <exception cref="TimeoutException">The condition did not become true in time.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var limit = within ?? Limit;
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(Pause))
        {
            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"the condition did not come true within {limit.TotalSeconds} s");
            }
        }
    }
}
