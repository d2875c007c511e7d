using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

/// <summary>A change that waits for the writer thread, or runs on it.</summary>
internal abstract class QueuedChange
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;

    private int _stage = Waiting;

    /// <summary>The exception that fails this change alone, or null.</summary>
    public Exception? Error { get; set; }

    /// <summary>Number of the commit that has its writes; 0 where nobody follows.</summary>
    public long Seq { get; set; }

    public IReadOnlyList<Action> AfterCommit { get; set; } = [];

    public bool TryTake() => Interlocked.CompareExchange(ref _stage, Taken, Waiting) == Waiting;

    /// <summary>Decides and records the writes. May run again from the same models, when another change of its batch failed.</summary>
    public abstract void Run(WriteBatch batch);

    /// <summary>Whether <see cref="Look"/> must run after its batch is published and before the caller gets the result.</summary>
    public virtual bool NeedsEngine => false;

    public virtual void Look(IRowEngine engine) { }

    /// <summary>Gives the caller the result, or <see cref="Error"/>.</summary>
    public abstract void Answer();

    public abstract void Refuse(DatabaseUnavailableException why);

    protected bool TryCancel() => Interlocked.CompareExchange(ref _stage, Cancelled, Waiting) == Waiting;
}

internal class QueuedChange<T> : QueuedChange
{
    // The writer thread must never run the continuations of waiting callers.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<WriteBatch, T> _change;
    private readonly CancellationTokenRegistration _cancellation;

    public QueuedChange(Func<WriteBatch, T> change, CancellationToken cancel)
    {
        _change = change;
        _cancellation = cancel.Register(() =>
        {
            if (TryCancel())
                _done.TrySetCanceled(cancel);
        });
    }

    public Task<T> Done => _done.Task;

    protected T? Result { get; set; }

    public override void Run(WriteBatch batch) => Result = _change(batch);

    public override void Answer()
    {
        _cancellation.Dispose();
        if (Error is null)
            _done.TrySetResult(Result!);
        else
            _done.TrySetException(Error);
    }

    public override void Refuse(DatabaseUnavailableException why)
    {
        _cancellation.Dispose();
        _done.TrySetException(why);
    }
}
