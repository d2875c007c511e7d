using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>Decoding the image needs more memory than the budget of all decoders. The message gives both numbers.</summary>
internal sealed class DecodingTooLargeException(string reason) : Exception(reason);

/// <summary>Runs everything that decodes an image: on a few threads of its own, in order of arrival, within one memory budget.</summary>
/// <remarks>Pool threads answer requests and must never wait for a decoder. The cost of a decoding is known beforehand from the file's header.</remarks>
internal sealed class Decoding : IDisposable
{
    /// <summary>Most bytes that all decoders may hold together.</summary>
    public const long BudgetBytes = 208L << 20;

    /// <summary>Most images that may wait for their turn.</summary>
    public const int WaitingMaximum = 64;

    private const int ThreadsMaximum = 4;

    // Returning memory costs as much as decoding a small image, and the next one would ask for it again.
    private const long BytesWorthReturning = 64L << 20;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly LinkedList<Job> _waiting = new();
    private readonly TimeProvider _time;
    private readonly long _budget;
    private readonly int _waitingMaximum;
    private readonly TimeSpan _waitLimit;
    private readonly int _threads = Math.Clamp(Environment.ProcessorCount, 2, ThreadsMaximum);
    private long _held,
        _sinceReturned;
    private long _count;
    private int _running;
    private bool _ended;

    /// <param name="time">Clock for waits and time limits.</param>
    /// <param name="budget">Most bytes that all decoders may hold together.</param>
    /// <param name="waitingMaximum">Most images that may wait.</param>
    /// <param name="waitLimit">Longest wait of one image (default: 15 s).</param>
    public Decoding(TimeProvider time, long budget = BudgetBytes, int waitingMaximum = WaitingMaximum, TimeSpan? waitLimit = null)
    {
        _time = time;
        _budget = budget;
        _waitingMaximum = waitingMaximum;
        _waitLimit = waitLimit ?? TimeSpan.FromSeconds(15);
    }

    /// <summary>Bytes that the decoders hold now, computed from the headers.</summary>
    public long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>Number of decodings that have begun.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Number of waiting images.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Running decodings end by themselves and release their budget and thread.</summary>
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

    /// <summary>Decodes once there is memory. A decoding that exceeds its time limit keeps its memory until it really ends.</summary>
    /// <param name="bytes">Bytes that the decoder will hold, from the header.</param>
    /// <param name="limit">Time limit of the decoding itself.</param>
    /// <param name="decode">Runs on a dedicated thread. Its token is cancelled when the time limit is over or the caller cancels.</param>
    /// <param name="cancel">Cancels the wait, and the decoding.</param>
    /// <param name="waitForEnd">Whether to wait for the decoding to end after it was cancelled, because it writes into the caller's file.</param>
    /// <exception cref="DecodingTooLargeException">It needs more bytes than the budget.</exception>
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

    /// <exception cref="DecodingTooLargeException">It needs more bytes than the budget.</exception>
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
            // It may have begun at this very moment; then wait for it like any other.
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
            // Nobody else observes it once the caller has cancelled.
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

    /// <summary>Starts the first jobs as far as they fit, in order of arrival: small ones that overtake could delay a large one for ever.</summary>
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
        bool isWorthReturning;
        lock (_gate)
        {
            _held -= job.Bytes;
            _sinceReturned += job.Bytes;
            _running--;
            Begin();
            isWorthReturning = _running == 0 && _sinceReturned >= BytesWorthReturning;
            if (isWorthReturning)
                _sinceReturned = 0;
        }
        if (isWorthReturning)
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
