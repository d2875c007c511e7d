using System.Collections.Concurrent;

namespace StoriesCli.Server.Features.Shares;

/// <summary>Counts how often the pages of shares are opened. No request waits for it, and for each page only one change at a time is written.</summary>
internal sealed class ShareCounter(ShareStore shares, ILogger<ShareCounter> log)
{
    private readonly ConcurrentDictionary<string, int> _waiting = new(StringComparer.Ordinal);

    public void Count(string share)
    {
        if (_waiting.AddOrUpdate(share, 1, (_, before) => before + 1) == 1)
        {
            Write(share);
        }
    }

    private void Write(string share) =>
        _ = shares
            .CountAsync(share, () => _waiting.GetValueOrDefault(share), times => Written(share, times))
            .ContinueWith(
                task =>
                {
                    _waiting.TryRemove(share, out var lost);
                    Log.OpeningsNotCounted(log, lost, task.Exception!.GetBaseException());
                },
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );

    private void Written(string share, int times)
    {
        // Openings during the write belong to the next change.
        if (!_waiting.TryRemove(KeyValuePair.Create(share, times)))
        {
            _waiting.AddOrUpdate(share, 0, (_, now) => now - times);
            Write(share);
        }
    }
}
