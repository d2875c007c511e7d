using System.Diagnostics;
using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

/// <summary>Which of the servers on one database writes, and how far behind it this one is. A server that is alone always writes.</summary>
internal sealed class WriterRole
{
    /// <summary>Age from which the models must not be shown: what was deleted or revoked meanwhile, by another server, would be in them.</summary>
    public static readonly TimeSpan AgeMaximum = TimeSpan.FromSeconds(5);

    private readonly ISharedRows _rows;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _seq;
    private long? _epoch;

    internal WriterRole(ISharedRows rows) => _rows = rows;

    /// <summary>Raised on the writer thread when this server, which followed another, has begun to write.</summary>
    public event Action? BecameWriter;

    /// <summary>Raised on the writer thread of a server that follows when another server writes than before, perhaps this one.</summary>
    public event Action? WriterChanged;

    /// <summary>Whether this server writes, and does not follow another.</summary>
    public bool IsWriter => _rows.IsWriter;

    /// <summary>Which server writes; null where there is only one, or none is known.</summary>
    public WriterInfo? Writer => _rows.Writer;

    /// <summary>Number of the last commit that the published models have; 0 where nobody follows.</summary>
    public long Seq => Volatile.Read(ref _seq);

    /// <summary>How long ago it was certain that the published models are the newest; zero where nobody else can change rows.</summary>
    public TimeSpan Age => _rows.CurrentAt is { } at ? Stopwatch.GetElapsedTime(at) : TimeSpan.Zero;

    /// <summary>Waits until the published models have a commit, on a server that follows.</summary>
    /// <returns>Whether they have; false when it takes too long.</returns>
    public async Task<bool> WaitForAsync(long seq, TimeSpan longest, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(longest);
        try
        {
            while (true)
            {
                // Before the number is read: what comes after it ends the wait.
                var moved = Volatile.Read(ref _moved).Task;
                if (Seq >= seq)
                    return true;
                await moved.WaitAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Seq >= seq;
        }
    }

    /// <summary>Call on the writer thread when the models are published.</summary>
    internal void NotePublished()
    {
        if (_rows.Seq == _seq)
            return;
        Volatile.Write(ref _seq, _rows.Seq);
        Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Call on the writer thread when another server may write.</summary>
    internal void NoteWriter()
    {
        if (_rows.Writer?.Epoch == _epoch)
            return;
        _epoch = _rows.Writer?.Epoch;
        WriterChanged?.Invoke();
    }

    /// <summary>Call on the writer thread when this server has begun to write.</summary>
    internal void NoteBecameWriter() => BecameWriter?.Invoke();
}
