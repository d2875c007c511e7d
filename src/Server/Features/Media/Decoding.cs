using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>A picture whose decoder would hold more than all pictures together may; its message names both numbers.</summary>
internal sealed class DecodingTooLargeException(string reason) : Exception(reason);

/// <summary>Runs everything that decodes a picture: on a few threads of its own, in the order it came, and within one budget of memory.</summary>
/// <remarks>Pool threads answer requests, and must never wait for a decoder. What a decoding costs is known from the file's header before it begins.</remarks>
internal sealed class Decoding : IDisposable
{
    /// <summary>Most bytes that all decoders hold together.</summary>
    public const long BudgetBytes = 208L << 20;

    /// <summary>Most pictures that wait for their turn.</summary>
    public const int WaitingMaximum = 64;

    private const int ThreadsMaximum = 4;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly LinkedList<Job> _waiting = new();
    private readonly TimeProvider _time;
    private readonly long _budget;
    private readonly int _waitingMaximum;
    private readonly TimeSpan _waitLimit;
    private readonly int _threads = Math.Clamp(Environment.ProcessorCount, 2, ThreadsMaximum);
    private long _held;
    private long _count;
    private int _running;
    private bool _ended;

    /// <param name="time">Measures waits and time limits.</param>
    /// <param name="budget">Most bytes that all decoders hold together.</param>
    /// <param name="waitingMaximum">Most pictures that wait.</param>
    /// <param name="waitLimit">How long one waits at most; 15 s unless told otherwise.</param>
    public Decoding(TimeProvider time, long budget = BudgetBytes, int waitingMaximum = WaitingMaximum, TimeSpan? waitLimit = null)
    {
        _time = time;
        _budget = budget;
        _waitingMaximum = waitingMaximum;
        _waitLimit = waitLimit ?? TimeSpan.FromSeconds(15);
    }

    /// <summary>Bytes that the decoders hold now, by their headers.</summary>
    public long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>How many decodings have begun so far.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>How many pictures wait.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>What runs ends by itself; its budget and its thread go with it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            while (_waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                first.Value.Abandon();
            }
        }
    }

    /// <summary>Decodes once there is room. What outlives its limit keeps its room until it really ends.</summary>
    /// <param name="bytes">What the decoder will hold, from the header.</param>
    /// <param name="limit">How long the decoding itself may take.</param>
    /// <param name="decode">Runs on a thread of its own; told to stop when the limit is over or the caller has gone.</param>
    /// <param name="cancel">Ends the wait, and the decoding.</param>
    /// <param name="waitForEnd">Whether to wait, after a stop, until the decoding has ended: for one that writes into the caller's file.</param>
    /// <exception cref="DecodingTooLargeException">More bytes than the budget has.</exception>
    /// <exception cref="ApiProblem"><c>unavailable</c>: too many wait, or it waited too long.</exception>
    /// <exception cref="TimeoutException">The decoding took longer than its limit.</exception>
    public async Task<T> RunAsync<T>(
        long bytes,
        TimeSpan limit,
        Func<CancellationToken, T> decode,
        CancellationToken cancel,
        bool waitForEnd = false
    )
    {
        VerifyFits(bytes);
        using var stop = new CancellationTokenSource();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var token = stop.Token;
        var job = new Job(bytes, () => Complete(done, () => decode(token)));
        Enqueue(job);
        await WaitForTurnAsync(job, cancel).ConfigureAwait(false);

        using var timer = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            return await done.Task.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (either.IsCancellationRequested)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            if (waitForEnd)
            {
                await Task.WhenAny(done.Task).ConfigureAwait(false);
            }
            cancel.ThrowIfCancellationRequested();
            throw new TimeoutException("The decoding took too long.", e);
        }
    }

    /// <exception cref="DecodingTooLargeException">More bytes than the budget has.</exception>
    public void VerifyFits(long bytes)
    {
        if (bytes > _budget)
            throw new DecodingTooLargeException($"decoding it takes {bytes:N0} bytes of memory, and the limit is {_budget:N0}");
    }

    private async Task WaitForTurnAsync(Job job, CancellationToken cancel)
    {
        try
        {
            await job.Begun.WaitAsync(_waitLimit, _time, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // It may have begun in this very moment: then it is waited for as any other.
            if (!TryRemove(job))
                return;
            cancel.ThrowIfCancellationRequested();
            throw Busy($"pictures wait longer than {_waitLimit.TotalSeconds:0.#} s to be decoded");
        }
    }

    private static ApiProblem Busy(string why) => new(Errors.ServerUnavailable, why) { RetryAfter = RetryAfter };

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> decode)
    {
        try
        {
            done.SetResult(decode());
        }
        catch (Exception e)
        {
            done.SetException(e);
            // Whoever has gone does not look at it.
            _ = done.Task.Exception;
        }
    }

    private void Enqueue(Job job)
    {
        lock (_gate)
        {
            if (_ended)
                throw Busy("the server is stopping");
            if (_waiting.Count >= _waitingMaximum)
                throw Busy($"{_waiting.Count} pictures wait to be decoded already");
            _waiting.AddLast(job);
            Begin();
        }
    }

    private bool TryRemove(Job job)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(job))
                return false;
            Begin();
            return true;
        }
    }

    /// <summary>Starts what fits, in the order it came: a small one that overtook a large one could keep it waiting for ever.</summary>
    private void Begin()
    {
        while (!_ended && _running < _threads && _waiting.First is { Value: var job } && _held + job.Bytes <= _budget)
        {
            _waiting.RemoveFirst();
            _held += job.Bytes;
            _count++;
            _running++;
            new Thread(() => Run(job)) { IsBackground = true, Name = "decoding" }.Start();
        }
    }

    private void Run(Job job)
    {
        NativeMemory.YieldToOthers();
        job.Run();
        bool idle;
        lock (_gate)
        {
            _held -= job.Bytes;
            _running--;
            Begin();
            idle = _running == 0;
        }
        if (idle)
            NativeMemory.GiveBack();
    }

    private sealed class Job(long bytes, Action run)
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Bytes => bytes;

        public Task Begun => _begun.Task;

        public void Run()
        {
            _begun.TrySetResult();
            run();
        }

        public void Abandon() => _begun.TrySetException(Busy("the server is stopping"));
    }
}
