using System.Diagnostics;
using System.Threading.Channels;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage;

/// <summary>The thread that owns the engine: takes changes in batches, waits for the disk once per batch, then publishes and answers.</summary>
internal sealed class WriterThread(
    DataDirectory directory,
    ILogger log,
    DatabaseSettings settings,
    IReadOnlyDictionary<string, CollectionSchema> collections,
    ReadModel model,
    DomainEvents events,
    Channel<QueuedChange> queue
)
{
    // 1 MiB: on a full disk, the log takes space that deletions need.
    private const long CheckpointAboveWhenFull = 128;

    // A checkpoint at each deletion would cost more than all other work. One a second costs little, however many rows are deleted.
    private static readonly TimeSpan EraseWithin = TimeSpan.FromSeconds(1);

    // Deleted rows stay on the disk while their file is copied.
    private static readonly TimeSpan EraseWithinWhileCopying = TimeSpan.FromSeconds(30);

    // While a file is copied, the log only grows.
    private const int LogsWhileCopying = 2;
    private static readonly TimeSpan CompactAgainAtMost = TimeSpan.FromMinutes(10);

    private readonly Batch _batch = new(model, collections, events);
    private readonly List<QueuedChange> _changes = new(settings.BatchLimit);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DatabaseHealth _health = new(DatabaseState.Opening, "The database is opening.");
    private RowEngine? _engine;
    private Compaction? _compaction;
    private long? _compactionEnded;
    private TimeSpan _compactAgainAfter = settings.CompactAgainAfter;

    // On a small disk the log must not outgrow what its reserve can move into the data file.
    private readonly long _fullLog = Math.Min(settings.CheckpointPages, directory.Reserve.CheckpointPages);
    private long _checkpointAbove = Math.Min(settings.CheckpointPages, directory.Reserve.CheckpointPages);
    private int _holds;

    public event Action<Exception>? Stopped;

    public event Action? Reopened;

    /// <summary>Raised on the writer thread: no file on disk shows rows that were deleted until now.</summary>
    public event Action? Erased;

    public DatabaseHealth Health
    {
        get => Volatile.Read(ref _health);
        private set => Volatile.Write(ref _health, value);
    }

    /// <summary>Number of log pages lost since the process started that may have been acknowledged.</summary>
    public long LostLogPages { get; private set; }

    /// <summary>Copy of a damaged log, while it is kept.</summary>
    public KeptFile? KeptLog { get; private set; }

    /// <summary>As <see cref="Database.Committed"/>.</summary>
    public event Action<TimeSpan>? Committed;

    /// <summary>Completes when the thread has closed everything. Never fails.</summary>
    public Task Ended => _ended.Task;

    public Task Start()
    {
        new Thread(Run) { IsBackground = true, Name = "database" }.Start();
        return _opened.Task;
    }

    public DatabaseUnavailableException NotReady() => new(UnavailableReason.NotReady, Health.Reason ?? "The server is stopping.");

    public bool IsHeld => Volatile.Read(ref _holds) > 0;

    /// <summary>Call on the writer thread: from now on the data file does not change, and the log only grows.</summary>
    public void HoldCheckpoints()
    {
        GiveUpCompaction();
        Interlocked.Increment(ref _holds);
    }

    public void ReleaseCheckpoints() => Interlocked.Decrement(ref _holds);

    /// <summary>Call on the writer thread: empties the log if it shows deleted rows, and returns whether none is left.</summary>
    public bool Erase(RowEngine engine)
    {
        KeptDamage.DeleteOld(directory);
        KeptLog = KeptDamage.FindLog(directory);
        // On a quiet server nothing else would begin to compact what the last deletions left.
        if (engine.ShowsDeletedSince is null && !ShouldCompact(engine))
            return true;
        if (!MayErase)
            return engine.ShowsDeletedSince is null;
        directory.Reserve.MakeRoomFor(engine.LogFileBytes);
        engine.Checkpoint();
        Erased?.Invoke();
        StartCompaction(engine);
        return true;
    }

    // A backup copies the files as they are. On a disk that is too full, trying each time is no use.
    private bool MayErase => !IsHeld && _compaction is null && _checkpointAbove == _fullLog;

    /// <summary>How long deleted rows may still stand in the log; null when none do, or when they cannot be erased now.</summary>
    private TimeSpan? TimeToErase =>
        _engine?.ShowsDeletedSince is not { } since ? null
        : _compaction is not null ? EraseWithinWhileCopying - Stopwatch.GetElapsedTime(since)
        : MayErase ? EraseWithin - Stopwatch.GetElapsedTime(since)
        : null;

    private long CheckpointAbove =>
        directory.Reserve.IsDiskFull && _checkpointAbove == _fullLog
            ? Math.Min(CheckpointAboveWhenFull, _checkpointAbove)
            : _checkpointAbove;

    private void Run()
    {
        try
        {
            Open();
            Health = new DatabaseHealth(DatabaseState.Ready);
            _opened.SetResult();
            while (_engine is not null && WaitForChanges())
                TakeBatch();
            Close();
        }
        catch (Exception e)
        {
            GiveUp(e);
            // A fault in the files may surface as any exception; starting must never end in a stack trace.
            _opened.TrySetException(
                e as DataDirectoryException
                    ?? new DataDirectoryException($"The database in '{directory.Path}' cannot be opened: {e.Message}", e)
            );
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void Open(bool loadsModel = true)
    {
        var engine = RowEngine.Open(directory, settings.OpenLogFile);
        try
        {
            Log.Opened(log, engine.LogRecovery);
            if (engine.Damage is { } damage)
                Log.Rebuilt(log, damage);
            KeptLog = KeptDamage.FindLog(directory);
            LostLogPages += engine.LogRecovery.LostFrames;
            var found = settings.Migrations.Run(engine, directory, log);
            if (found >= Migrations.FirstWithSums && !engine.WasChecked && engine.HadNotes)
                Log.NotChecked(log, PageSums.FileName);
            // If both are missing, somebody copied only database and log, as a restore does.
            if (found >= Migrations.FirstWithSums && engine.WasChecked && !engine.HadNotes)
                Log.EndNotChecked(log, SyncMark.FileName);
            engine.StartNoting();
            foreach (var shape in collections.Values)
                engine.EnsureIndexes(shape);
            engine.Sync();
            TryCheckpoint(engine);
            if (loadsModel)
                model.Load(new RowReader(engine));
            _engine = engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next change, and erases deleted rows meanwhile when it is time. Returns false when none will come.</summary>
    private bool WaitForChanges()
    {
        var next = queue.Reader.WaitToReadAsync().AsTask();
        while (TimeToErase is { } left && !next.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero))
        {
            GiveUpCompaction();
            CheckpointOrReopen();
        }
        return next.GetAwaiter().GetResult();
    }

    private void TakeBatch()
    {
        _changes.Clear();
        while (_changes.Count < settings.BatchLimit && queue.Reader.TryRead(out var change))
            if (change.TryTake())
                _changes.Add(change);
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (_batch.Commit(_changes, _engine!))
            {
                _engine!.Sync();
                Committed?.Invoke(Stopwatch.GetElapsedTime(started));
            }
        }
        catch (Exception e)
        {
            StopTaking(e);
            foreach (var change in _changes)
                change.Refuse(InDoubt(e));
            Reopen(e);
            return;
        }
        model.Publish();
        foreach (var change in _changes)
            RunActions(change);
        foreach (var change in _changes)
            if (!change.NeedsEngine)
                change.Answer();
        foreach (var change in _changes)
            if (change.NeedsEngine)
                Look(change);
        if (_compaction is not null)
            GoOnCompacting();
        if (_compaction is null && ((_engine?.LogPages > CheckpointAbove && !IsHeld) || TimeToErase <= TimeSpan.Zero))
            CheckpointOrReopen();
        directory.Reserve.Regain();
    }

    private void Look(QueuedChange change)
    {
        if (_engine is not { } engine)
        {
            change.Refuse(NotReady());
            return;
        }
        try
        {
            change.Look(engine);
            change.Answer();
        }
        catch (DatabaseUnavailableException e)
        {
            change.Refuse(e);
        }
        catch (Exception e)
        {
            change.Refuse(
                new DatabaseUnavailableException(
                    UnavailableReason.NotReady,
                    "The database failed while it was read. Try again in a moment.",
                    e
                )
            );
            if (engine.Survives(e))
                return;
            StopTaking(e);
            Reopen(e);
        }
    }

    private static DatabaseUnavailableException InDoubt(Exception e) =>
        new(
            UnavailableReason.InDoubt,
            "The disk failed while this was written; it may have been saved or not. Ask again with the same idempotency key.",
            e
        );

    private void RunActions(QueuedChange change)
    {
        foreach (var action in change.AfterCommit)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                Log.AfterCommitFailed(log, e);
            }
        }
    }

    private void CheckpointOrReopen()
    {
        try
        {
            directory.Reserve.MakeRoomFor(_engine!.LogFileBytes);
            _engine.Checkpoint();
            _checkpointAbove = _fullLog;
            Erased?.Invoke();
            StartCompaction(_engine);
        }
        catch (Exception e)
        {
            StopTaking(e);
            Reopen(e);
        }
    }

    private bool ShouldCompact(RowEngine engine)
    {
        if (
            _compaction is not null
            || IsHeld
            || directory.Reserve.IsDiskFull
            || (_compactionEnded is { } ended && Stopwatch.GetElapsedTime(ended) < _compactAgainAfter)
        )
            return false;
        var (all, dead) = engine.CountPages();
        return all >= settings.CompactFromPages && dead * 2 >= all && directory.FreeBytes >= 2 * all * PageFrame.PageBytes;
    }

    /// <summary>Call right after a checkpoint: has the data file copied, if that is worth it.</summary>
    private void StartCompaction(RowEngine engine)
    {
        if (!ShouldCompact(engine))
            return;
        // An empty change wakes this thread when the copy is made.
        _compaction = Compaction.Start(
            directory,
            engine,
            settings,
            () => queue.Writer.TryWrite(new QueuedChange<bool>(_ => true, CancellationToken.None))
        );
    }

    /// <summary>Between two batches: puts the copy in place when it is made, or gives it up when it takes too long.</summary>
    private void GoOnCompacting()
    {
        if (_compaction!.IsTooSlow || _engine!.LogPages > LogsWhileCopying * CheckpointAbove || TimeToErase <= TimeSpan.Zero)
        {
            GiveUpCompaction();
            return;
        }
        if (!_compaction.IsCopied)
            return;
        var started = Stopwatch.GetTimestamp();
        var before = _engine.CountPages().All;
        try
        {
            _compaction.Place();
        }
        catch (Exception e)
        {
            Log.CompactionFailed(log, e.Message);
            // A copy that is not placed is of no use, and nothing else has changed. One that is placed must become the data file now.
            if (!Rebuild.IsPlaced(directory))
            {
                GiveUpCompaction();
                return;
            }
        }
        StopCompaction();
        CloseQuietly();
        try
        {
            // The rows are the same, so the model needs no loading.
            Open(loadsModel: false);
        }
        catch (Exception e)
        {
            GiveUp(e);
            return;
        }
        Erased?.Invoke();
        _compactAgainAfter = settings.CompactAgainAfter;
        var after = _engine!.CountPages().All;
        var waited = Stopwatch.GetElapsedTime(started);
        Log.Compacted(log, before, after, (long)waited.TotalMilliseconds);
    }

    private void GiveUpCompaction()
    {
        if (_compaction is null)
            return;
        StopCompaction();
        _compactAgainAfter = _compactAgainAfter * 2 < CompactAgainAtMost ? _compactAgainAfter * 2 : CompactAgainAtMost;
    }

    private void StopCompaction()
    {
        if (_compaction is null)
            return;
        if (_engine is not null)
            _engine.Compaction = null;
        _compaction.Dispose();
        _compaction = null;
        _compactionEnded = Stopwatch.GetTimestamp();
    }

    // If the disk is too full for the data file to grow, everything stays in the log: slower, but correct.
    // A file beyond the process's size limit comes as an ArgumentOutOfRangeException.
    private void TryCheckpoint(RowEngine engine)
    {
        if (IsHeld)
            return;
        try
        {
            directory.Reserve.MakeRoomFor(engine.LogFileBytes);
            engine.Checkpoint();
            _checkpointAbove = _fullLog;
            Erased?.Invoke();
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            _checkpointAbove = engine.LogPages + _fullLog;
            Log.CheckpointFailed(log, engine.LogPages, e.Message);
        }
    }

    private void StopTaking(Exception cause) =>
        Health = new DatabaseHealth(DatabaseState.Reopening, $"The database is opening again after an error: {cause.Message}");

    private void Reopen(Exception cause)
    {
        Log.Reopening(log, cause);
        StopCompaction();
        CloseQuietly();
        try
        {
            Open();
            Health = new DatabaseHealth(DatabaseState.Ready);
            Log.Reopened(log);
        }
        catch (Exception e)
        {
            GiveUp(e);
            return;
        }
        Reopened?.Invoke();
    }

    private void Close()
    {
        if (_engine is null)
            return;
        Health = new DatabaseHealth(DatabaseState.Closed, "The server is stopping.");
        try
        {
            StopCompaction();
            TryCheckpoint(_engine);
        }
        finally
        {
            CloseQuietly();
        }
    }

    // An engine that failed may fail again while it closes. What matters is already in the log.
    private void CloseQuietly()
    {
        try
        {
            _engine?.Dispose();
        }
        catch (Exception e)
        {
            Log.CloseFailed(log, e);
        }
        _engine = null;
    }

    private void GiveUp(Exception e)
    {
        StopCompaction();
        CloseQuietly();
        Health = new DatabaseHealth(DatabaseState.Failed, $"The database could not be opened: {e.Message}");
        queue.Writer.TryComplete();
        while (queue.Reader.TryRead(out var change))
            if (change.TryTake())
                change.Refuse(NotReady());
        if (!_opened.Task.IsCompleted)
            return;
        Log.Failed(log, e);
        ThreadPool.QueueUserWorkItem(_ => Stopped?.Invoke(e));
    }
}
