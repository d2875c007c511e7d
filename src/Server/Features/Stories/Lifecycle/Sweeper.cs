using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;

namespace StoriesCli.Server.Features.Stories;

/// <summary>
/// Deletes expired stories from the disk: first rows, then files, then left-overs, then what the log still shows. No read relies on it.
/// A sweep costs what is due, however much is there.
/// </summary>
internal sealed class Sweeper(
    StoryLifecycle stories,
    ExpiryScheduler expiries,
    MediaStore media,
    UnknownMedia unknown,
    IEnumerable<IDeletesExpired> stores,
    Database database,
    DataDirectory directory,
    TimeProvider time,
    ILogger<Sweeper> log
) : PeriodicWork(Interval, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private const int RowsPerCommit = 200;

    // On a full disk, a commit must fit into what is left of the reserve.
    private const int RowsPerCommitWhenFull = 20;

    // Each store looks at all its rows, and no reader sees one that is over.
    private static readonly TimeSpan StoreInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _nextOfStores = DateTimeOffset.MinValue;
    private long _count;
    private long _lastSweep = time.GetTimestamp();

    /// <summary>Number of complete sweeps since the start.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Time since the last complete sweep ended.</summary>
    public TimeSpan Age => Time.GetElapsedTime(Volatile.Read(ref _lastSweep));

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        try
        {
            await SweepAsync(cancel).ConfigureAwait(false);
            Volatile.Write(ref _lastSweep, Time.GetTimestamp());
            Interlocked.Increment(ref _count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DatabaseUnavailableException)
        {
            // The next round tries again. Until then the sweeper's age shows the failure.
            Log.SweepFailed(log, e);
        }
    }

    private async Task SweepAsync(CancellationToken cancel)
    {
        if (!database.Role.IsWriter)
        {
            unknown.SweepCopies(cancel);
            return;
        }
        // A bucket that does not answer costs its patience once a sweep, so that rows are swept in time.
        var answers = true;
        bool more;
        do
        {
            expiries.Announce(out var announced);
            more = await stories.SweepAsync(announced, RowsAtOnce, cancel).ConfigureAwait(false);
            answers = answers && await TryDeleteFilesAsync(cancel).ConfigureAwait(false);
        } while (more);
        foreach (var released in stories.FindReleased().Chunk(RowsAtOnce))
        {
            await stories.EndAsync(released, Time.GetUtcNow(), cancel).ConfigureAwait(false);
            answers = answers && await TryDeleteFilesAsync(cancel).ConfigureAwait(false);
        }
        directory.Reserve.Regain();
        if (answers && await CompareAsync(cancel).ConfigureAwait(false) is > 0 and var leftOvers)
        {
            Log.LeftOversDeleted(log, leftOvers, Counted.Noun(leftOvers, "file"));
        }
        if (Time.GetUtcNow() >= _nextOfStores)
        {
            foreach (var store in stores)
            {
                await store.DeleteExpiredAsync(cancel).ConfigureAwait(false);
            }
            _nextOfStores = Time.GetUtcNow() + StoreInterval;
        }
        await database.EraseDeletedAsync(cancel).ConfigureAwait(false);
    }

    private int RowsAtOnce => directory.Reserve.IsDiskFull ? RowsPerCommitWhenFull : RowsPerCommit;

    /// <summary>Rows are swept even if the bucket cannot be reached. The sweeper tries again to delete the files there, and a metric counts them.</summary>
    /// <returns>Whether there is nothing left.</returns>
    private async Task<bool> TryDeleteFilesAsync(CancellationToken cancel)
    {
        try
        {
            var (gone, more) = await media.DeleteLeftAsync(cancel).ConfigureAwait(false);
            if (gone > 0)
            {
                Log.Swept(log, gone);
            }
            return !more;
        }
        catch (BucketUnavailableException e)
        {
            Log.MediaLeft(log, e.Message);
            return false;
        }
    }

    private async Task<int> CompareAsync(CancellationToken cancel)
    {
        try
        {
            return await unknown.SweepAsync(cancel).ConfigureAwait(false);
        }
        catch (BucketUnavailableException e)
        {
            Log.MediaNotCompared(log, e.Message);
            return 0;
        }
    }
}
