using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Media;

/// <summary>
/// Compares every file of every story with its hash, in endless slow rounds. Each round takes at most the time that the host sets, at a
/// limited rate. A restart continues from the last saved position.
/// </summary>
internal sealed class MediaCheck(
    StoredMediaIndex stories,
    MediaStore store,
    MediaReader reader,
    DamagedMedia damaged,
    Database database,
    ServerOptions options,
    TimeProvider time,
    ILogger<MediaCheck> log
) : PeriodicWork(Interval, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    // The files of a small team are read within minutes, and not again within the hour.
    private const long MinimumBytesPerSecond = 1024 * 1024;
    private static readonly TimeSpan LeastRound = TimeSpan.FromHours(1);

    // A round takes four fifths of its time, so that a stop in between does not delay it.
    private const double Haste = 1.25;

    // The rate never exceeds this, so that others can use the disk.
    private const long MaximumBytesPerSecond = 32 * 1024 * 1024;
    private const long PaceBytes = 1024 * 1024;

    // Cost of a file beside its bytes.
    private const long FileCost = 4096;
    private const int RecheckedAtOnce = 1000;

    private readonly long _started = time.GetTimestamp();
    private long _last = time.GetTimestamp();
    private Queue<string>? _round;
    private double _bytesASecond = MinimumBytesPerSecond;
    private double _budget;
    private long _sincePause,
        _roundFiles,
        _roundBytes;
    private long _files,
        _bytes;

    /// <summary>Number of files compared with their hash since the start.</summary>
    public long Files => Volatile.Read(ref _files);

    /// <summary>Number of their bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Time since a complete round ended; since the start when none has.</summary>
    public TimeSpan Age =>
        damaged.State.RoundEnded is { } ended && ended <= Time.GetUtcNow() ? Time.GetUtcNow() - ended : Time.GetElapsedTime(_started);

    /// <summary>Compares all files now, whatever round is running.</summary>
    /// <param name="isRemembered">Whether to stop serving damaged files from now on, and to serve intact ones again.</param>
    /// <param name="cancel">Cancels between two pieces of a file.</param>
    public async Task<IReadOnlyList<(string Story, string? Part)>> CheckAllAsync(bool isRemembered, CancellationToken cancel)
    {
        var found = new List<(string, string?)>();
        foreach (var story in stories.All())
        {
            foreach (var (part, media) in story.Files)
            {
                var fault = await reader.FindFaultAsync(story.Id, part, media, pace: null, cancel).ConfigureAwait(false);
                if (fault is not null && stories.Has(story.Id))
                {
                    found.Add((story.Id, part));
                }
                if (isRemembered)
                {
                    Remember(story.Id, part, fault, await store.LookAsync(story.Id, part, cancel).ConfigureAwait(false));
                }
            }
        }
        return found;
    }

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        var elapsed = Time.GetElapsedTime(_last);
        _last = Time.GetTimestamp();
        // The files of a server that follows another are those of the writer.
        if (!database.Role.IsWriter)
        {
            return;
        }
        try
        {
            await RecheckAsync(cancel).ConfigureAwait(false);
            damaged.Save(await GoOnAsync(elapsed, cancel).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next tick tries again. The age in the metrics shows a check that never progresses.
            Log.MediaCheckFailed(log, e);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            damaged.Save(damaged.State);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.MediaCheckFailed(log, e);
        }
    }

    /// <summary>Reads as much as the elapsed time allows.</summary>
    /// <returns>Progress of the check afterwards.</returns>
    private async Task<MediaCheckState> GoOnAsync(TimeSpan elapsed, CancellationToken cancel)
    {
        var state = damaged.State;
        if (_round is null)
        {
            var now = Time.GetUtcNow();
            var pause = options.MediaCheck < LeastRound ? options.MediaCheck : LeastRound;
            if (state.After is null && state.RoundBegan is { } began && began <= now && now - began < pause)
            {
                return state;
            }
            state = Begin(state, now);
            // Idle time does not entitle the check to hurry.
            elapsed = elapsed < Interval ? elapsed : Interval;
        }
        _budget += elapsed.TotalSeconds * _bytesASecond;
        while (_budget > 0 && _round!.TryDequeue(out var id))
        {
            if (stories.Find(id) is { } story)
            {
                _budget -= await CheckAsync(story, cancel).ConfigureAwait(false);
            }
            state = state with { After = id };
        }
        return _round!.Count > 0 ? state : End(state);
    }

    private MediaCheckState Begin(MediaCheckState state, DateTimeOffset now)
    {
        var all = stories.All();
        var cost = all.Sum(story => story.Files.Sum(file => file.Media.Bytes + FileCost));
        _bytesASecond = Math.Max(MinimumBytesPerSecond, cost / options.MediaCheck.TotalSeconds * Haste);
        (_roundFiles, _roundBytes, _budget) = (0, 0, 0);
        _round = new(
            all.Select(story => story.Id).Order(StringComparer.Ordinal).SkipWhile(id => string.CompareOrdinal(id, state.After ?? "") <= 0)
        );
        damaged.BeginRound();
        // A round that a stop interrupted keeps its beginning.
        return state.After is null ? state with { RoundBegan = now } : state;
    }

    private MediaCheckState End(MediaCheckState state)
    {
        _round = null;
        ForgetGone();
        Log.MediaChecked(log, _roundFiles, _roundBytes, damaged.Count);
        return state with { After = null, RoundEnded = Time.GetUtcNow() };
    }

    /// <returns>Its cost.</returns>
    private async Task<long> CheckAsync(StoredMedia story, CancellationToken cancel)
    {
        var cost = 0L;
        foreach (var (part, media) in story.Files)
        {
            // In this order: what is replaced while it is read is read again.
            var seen = await store.LookAsync(story.Id, part, cancel).ConfigureAwait(false);
            var fault = await reader.FindFaultAsync(story.Id, part, media, PaceAsync, cancel).ConfigureAwait(false);
            Remember(story.Id, part, fault, seen);
            Interlocked.Increment(ref _files);
            Interlocked.Add(ref _bytes, media.Bytes);
            _roundFiles++;
            _roundBytes += media.Bytes;
            cost += media.Bytes + FileCost;
        }
        return cost;
    }

    private void Remember(string id, string? part, string? fault, (long Bytes, DateTimeOffset ModifiedAt) seen)
    {
        if (fault is null)
        {
            damaged.NoteWhole(id, part);
        }
        // In this order: a story's row is deleted before its files.
        else if (stories.Has(id))
        {
            damaged.Note(id, part, fault, seen: seen);
        }
    }

    /// <summary>Checks whether the host has restored damaged files: reads those that have changed.</summary>
    private async Task RecheckAsync(CancellationToken cancel)
    {
        ForgetGone();
        foreach (var file in damaged.All.Take(RecheckedAtOnce))
        {
            var isChanged =
                file.Reason == MediaReader.Unreadable
                || await store.LookAsync(file.Story, file.Part, cancel).ConfigureAwait(false) != (file.Bytes, file.ModifiedAt);
            if (isChanged && stories.Find(file.Story) is { } story)
            {
                await CheckAsync(story, cancel).ConfigureAwait(false);
            }
        }
    }

    private void ForgetGone()
    {
        foreach (var file in damaged.All.Where(file => !stories.Has(file.Story) || stories.Find(file.Story)?.Files is []))
        {
            damaged.Forget(file.Story, file.Part);
        }
    }

    /// <summary>Uses the machine's clock, because it paces a real disk.</summary>
    private async ValueTask PaceAsync(int bytes)
    {
        _sincePause += bytes;
        if (_sincePause >= PaceBytes)
        {
            await Task.Delay(TimeSpan.FromSeconds((double)_sincePause / MaximumBytesPerSecond), TimeProvider.System).ConfigureAwait(false);
            _sincePause = 0;
        }
    }
}
