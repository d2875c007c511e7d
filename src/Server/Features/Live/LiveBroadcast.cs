using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Media.Formats;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Live;

/// <summary>
/// One live terminal: its growing file, its screen, and what its viewers are sent next. All viewers read the same blocks. One that falls
/// behind them gets a snapshot instead, so that a slow viewer costs no memory.
/// </summary>
internal sealed class LiveBroadcast : IDisposable
{
    // Both are more than a second of the fastest sender of ours.
    private const int KeptBytes = 1 << 20;
    private const int KeptBlocks = 256;

    // Longer than any line.
    private const int ReadAtOnce = 1 << 20;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly GrowingFile _file;
    private readonly Quota.Reservation _space;
    private readonly long _headBytes;
    private readonly LiveScreen _screen;
    private readonly byte[]?[] _blocks = new byte[]?[KeptBlocks];
    private TaskCompletionSource _changed = NewSource();
    private byte[]? _snapshot;
    private bool _isTold;
    private double _seconds;
    private long _first,
        _next;
    private int _bytes;
    private int _viewers;

    /// <param name="story">Its story.</param>
    /// <param name="file">Its file, with the header. Disposed with this.</param>
    /// <param name="headBytes">Length of the header.</param>
    /// <param name="space">Counts its bytes against the quota. Disposed with this.</param>
    /// <param name="now">When it was heard of last.</param>
    public LiveBroadcast(LiveStory story, GrowingFile file, int headBytes, Quota.Reservation space, DateTimeOffset now)
    {
        (Story, _file, _headBytes, _space, HeardAt) = (story, file, headBytes, space, now);
        _screen = new(story.Columns, story.Rows);
        ShowKnown();
    }

    /// <summary>After a restart: shows what was acknowledged, and lets go of an unfinished line.</summary>
    private void ShowKnown()
    {
        var known = _headBytes;
        for (int whole; (whole = ShowSome(_file.Read(known, ReadAtOnce))) > 0; )
        {
            known += whole;
        }
        _file.CutAt(known);
    }

    private int ShowSome(ReadOnlySpan<byte> lines)
    {
        var whole = CastLines.FindWhole(lines);
        _screen.Show(CastLines.Read(lines[..whole], ref _seconds));
        return whole;
    }

    public LiveStory Story { get; }

    /// <summary>When its sender was heard of last.</summary>
    public DateTimeOffset HeardAt { get; private set; }

    /// <summary>Whether nothing more can be added, and viewers must go.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Bytes of events that are on the disk.</summary>
    public long Offset => _file.Bytes - _headBytes;

    public int ViewerCount => Volatile.Read(ref _viewers);

    /// <summary>Completes when there may be something new for a viewer. Take it before looking.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Runs something that no other change of this broadcast may meet.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await act().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>In turn: appends events. They are on the disk before a viewer sees them.</summary>
    /// <param name="lines">Lines of events; none as a sign of life.</param>
    /// <param name="limits">Largest recording.</param>
    /// <param name="now">When they came.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c>, <c>too_large</c>, <c>quota_reached</c>, <c>no_room</c>. Nothing is added then.</exception>
    public void Append(ReadOnlySpan<byte> lines, MediaLimits limits, DateTimeOffset now)
    {
        var seconds = _seconds;
        var events = CastLines.Read(lines, ref seconds);
        if (events.Count > 0)
        {
            if (_file.Bytes + lines.Length > limits.RecordingBytes)
            {
                throw new ApiProblem(
                    Errors.TooLarge,
                    $"the recording would have {_file.Bytes + lines.Length:N0} bytes, and the limit is {limits.RecordingBytes:N0}"
                );
            }
            _space.Cover(_file.Bytes + lines.Length);
            _file.Append(lines);
            _seconds = seconds;
            Publish(LiveBlocks.Events(events), events);
        }
        HeardAt = now;
    }

    /// <summary>In turn: the file of the recording.</summary>
    public SafeFileHandle Handle => _file.Handle;

    /// <summary>In turn: the recording as it is.</summary>
    public (MediaFacts Facts, FinishedFile File) Inspect(MediaLimits limits, string path) =>
        (MediaInspector.Inspect(_file.Handle, _file.Bytes, limits), new(path, _file.Bytes, _file.GetSha256()));

    /// <summary>Notes that the sender was heard of, so that it is not given up for a while.</summary>
    public void NoteHeard(DateTimeOffset now) => HeardAt = now;

    /// <summary>Ends it for its viewers.</summary>
    /// <param name="isTold">Whether they learn that the command ended. If the story is gone, their streams just end.</param>
    public void End(bool isTold)
    {
        lock (_gate)
        {
            if (isTold)
            {
                Enqueue(LiveBlocks.End);
            }
            (IsOver, _isTold) = (true, isTold);
        }
        Wake();
    }

    /// <summary>Has its viewers look again whether they may still see it.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            (changed, _changed) = (_changed, NewSource());
        }
        changed.TrySetResult();
    }

    /// <exception cref="ApiProblem"><c>live_limit</c>.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _viewers) > Limits.LiveViewers)
        {
            Leave();
            throw new ApiProblem(Errors.LiveLimit, $"a live terminal has at most {Limits.LiveViewers} viewers, and this one has as many");
        }
    }

    public void Leave() => Interlocked.Decrement(ref _viewers);

    /// <summary>What a viewer has not been sent yet.</summary>
    /// <param name="place">Where the viewer is: null at first. Moves on.</param>
    /// <returns>The next block; null when there is none.</returns>
    public byte[]? Read(ref long? place)
    {
        lock (_gate)
        {
            if (place is not { } at || at < _first)
            {
                // The end is no part of the screen.
                place = _isTold ? _next - 1 : _next;
                return _snapshot ??= LiveBlocks.Snapshot(_screen, Story.DelayMs);
            }
            if (at == _next)
            {
                return null;
            }
            place = at + 1;
            return _blocks[at % KeptBlocks];
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _space.Dispose();
    }

    private void Publish(byte[] block, List<CastEvent> events)
    {
        lock (_gate)
        {
            _screen.Show(events);
            _snapshot = null;
            Enqueue(block);
        }
        Wake();
    }

    private void Enqueue(byte[] block)
    {
        _bytes += block.Length;
        while (_next - _first == KeptBlocks || (_bytes > KeptBytes && _next > _first))
        {
            ref var oldest = ref _blocks[_first++ % KeptBlocks];
            _bytes -= oldest!.Length;
            oldest = null;
        }
        _blocks[_next++ % KeptBlocks] = block;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What a broadcast must know of its story.</summary>
/// <param name="Id">Id of the story.</param>
/// <param name="Author">Number of its author.</param>
/// <param name="Columns">Columns of the terminal at the beginning.</param>
/// <param name="Rows">Rows of the terminal at the beginning.</param>
/// <param name="DelayMs">How long the sender holds output back, in milliseconds.</param>
/// <param name="BeganAt">When it began.</param>
internal sealed record LiveStory(string Id, int Author, int Columns, int Rows, long DelayMs, DateTimeOffset BeganAt);
