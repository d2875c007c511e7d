using System.Diagnostics;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Looks through what may be long in slices of a few milliseconds, so that nothing else waits behind it, and no longer than somebody waits for it.</summary>
internal sealed class StoryScanner : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(4);

    // One look takes some ten microseconds at the most, so that a slice is a little longer, and no clock is asked too often.
    private const int LooksBetweenClocks = 16;

    // After its first slice a scan takes turns with the others, and leaves a processor to everything else.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <param name="candidates">Each of them must be cheap to come by.</param>
    /// <param name="keep">Whether one is wanted.</param>
    /// <param name="maximum">No more are looked for.</param>
    /// <param name="cancel">Ends it after the slice under way.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any longer.</exception>
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
                // What waits for this thread comes first.
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
