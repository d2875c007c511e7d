using System.Diagnostics;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Searches long collections in slices of a few milliseconds, so that nothing else waits long. Stops when the caller has gone.</summary>
internal sealed class StoryScanner : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(4);

    // A check takes at most about ten microseconds, so a slice is only slightly too long, and the clock is read rarely.
    private const int LooksBetweenClocks = 16;

    // After its first slice a scan takes turns with other scans, and leaves one processor to everything else.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <param name="candidates">Items, which must be cheap to enumerate.</param>
    /// <param name="keep">Returns whether to keep an item.</param>
    /// <param name="maximum">Maximum number of items to find.</param>
    /// <param name="cancel">Cancels the search after the current slice.</param>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public async Task<List<T>> FindAsync<T>(IEnumerable<T> candidates, Func<T, bool> keep, int maximum, CancellationToken cancel)
    {
        var found = new List<T>();
        var began = Stopwatch.GetTimestamp();
        var looks = 0;
        var hasTurn = false;
        try
        {
            foreach (var candidate in candidates)
            {
                if (keep(candidate))
                {
                    found.Add(candidate);
                }
                if (found.Count >= maximum)
                {
                    break;
                }
                if (++looks % LooksBetweenClocks != 0 || Stopwatch.GetElapsedTime(began) < Slice)
                {
                    continue;
                }
                if (hasTurn)
                {
                    hasTurn = false;
                    _turns.Release();
                }
                // Let other work that waits for this thread run first.
                await Task.Yield();
                await _turns.WaitAsync(cancel).ConfigureAwait(false);
                hasTurn = true;
                began = Stopwatch.GetTimestamp();
            }
        }
        finally
        {
            if (hasTurn)
            {
                _turns.Release();
            }
        }
        cancel.ThrowIfCancellationRequested();
        return found;
    }

    public void Dispose() => _turns.Dispose();
}
