using System.Diagnostics;

namespace StoriesCli.Testing;

/// <summary>Waits for a condition that another thread or process makes true.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">The condition did not become true in time.</exception>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? within = null) => TrueAsync(() => Task.FromResult(condition()), within);

    /// <exception cref="TimeoutException">The condition did not become true in time.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(15);
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(Pause))
        {
            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"the condition did not come true within {limit.TotalSeconds} s");
            }
        }
    }
}
