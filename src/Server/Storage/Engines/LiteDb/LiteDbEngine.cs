using System.Diagnostics;
using LiteDB;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>
/// Keeps rows in files of the data directory. Beside the rows it looks after the files: it moves the log into the data file, erases what
/// was deleted, compacts, and holds the files still for a backup.
/// </summary>
internal sealed class LiteDbEngine(DataDirectory directory, DatabaseSettings settings, ILogger log) : IRowEngine, ISharedRows
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

    // On a small disk the log must not outgrow what its reserve can move into the data file.
    private readonly long _fullLog = Math.Min(settings.CheckpointPages, directory.Reserve.CheckpointPages);
    private long _checkpointAbove = Math.Min(settings.CheckpointPages, directory.Reserve.CheckpointPages);
    private IReadOnlyCollection<CollectionSchema> _collections = [];
    private EngineDamage _damage = EngineDamage.None;
    private RowEngine? _engine;
    private Compaction? _compaction;
    private long? _compactionEnded;
    private TimeSpan _compactAgainAfter = settings.CompactAgainAfter;
    private int _holds;

    public event Action? Erased;

    public event Action? WantsTurn;

    public EngineDamage Damage => Volatile.Read(ref _damage);

    long? ISharedRows.CurrentAt => null;

    public string Place => $"'{directory.DatabaseFile}'";

    public bool IsOpen => _engine is not null;

    // Nobody else can open the files.
    bool ISharedRows.IsWriter => true;

    long ISharedRows.Seq => 0;

    WriterInfo? ISharedRows.Writer => null;

    /// <summary>How long deleted rows may still stand in the log; null when none do, or when they cannot be erased now.</summary>
    public TimeSpan? UpkeepDueIn =>
        _engine?.ShowsDeletedSince is not { } since ? null
        : _compaction is not null ? EraseWithinWhileCopying - Stopwatch.GetElapsedTime(since)
        : MayErase ? EraseWithin - Stopwatch.GetElapsedTime(since)
        : null;

    private bool IsHeld => Volatile.Read(ref _holds) > 0;

    // A backup copies the files as they are. On a disk that is too full, trying each time is no use.
    private bool MayErase => !IsHeld && _compaction is null && _checkpointAbove == _fullLog;

    private long CheckpointAbove =>
        directory.Reserve.IsDiskFull && _checkpointAbove == _fullLog
            ? Math.Min(CheckpointAboveWhenFull, _checkpointAbove)
            : _checkpointAbove;

    public void Open(IReadOnlyCollection<CollectionSchema> collections)
    {
        _collections = collections;
        var engine = RowEngine.Open(directory, settings.OpenLogFile);
        try
        {
            Storage.Log.Opened(log, engine.LogRecovery);
            if (engine.Damage is { } damage)
                Storage.Log.Rebuilt(log, damage);
            Volatile.Write(ref _damage, new(_damage.LostLogPages + engine.LogRecovery.LostFrames, KeptDamage.FindLog(directory)));
            var found = settings.Migrations.Run(engine, log);
            if (found >= Migrations.FirstWithSums && !engine.WasChecked && engine.HadNotes)
                Storage.Log.NotChecked(log, PageSums.FileName);
            // If both are missing, somebody copied only database and log, as a restore does.
            if (found >= Migrations.FirstWithSums && engine.WasChecked && !engine.HadNotes)
                Storage.Log.EndNotChecked(log, SyncMark.FileName);
            engine.StartNoting();
            foreach (var shape in collections)
                engine.EnsureIndexes(shape);
            engine.Sync();
            TryCheckpoint(engine);
            _engine = engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    public RowReader OpenReader() => new LiteDbReader(_engine!);

    public IReadOnlyList<BsonDocument> Page(string collection, RowRange range) => _engine!.Page(collection, range);

    public void Commit(IReadOnlyList<RowWrite> writes, IReadOnlyList<CarriedEvent> events) => _engine!.Commit(writes);

    public void Sync() => _engine!.Sync();

    public bool Survives(Exception e) => _engine!.Survives(e);

    // Only the host can mend a disk.
    public bool MayComeBack(Exception e) => false;

    bool ISharedRows.TryLock() => true;

    IReadOnlyList<FollowedCommit> ISharedRows.ReadCommits() => [];

    IReadOnlyList<FollowedCommit> ISharedRows.ReadPast() => [];

    bool ISharedRows.BecomeWriter() => false;

    public void Upkeep()
    {
        GiveUpCompaction();
        Checkpoint(_engine!);
    }

    public void AfterBatch()
    {
        if (_compaction is not null)
            GoOnCompacting();
        if (_compaction is null && ((_engine!.LogPages > CheckpointAbove && !IsHeld) || UpkeepDueIn <= TimeSpan.Zero))
            Checkpoint(_engine);
        directory.Reserve.Regain();
    }

    /// <summary>LiteDB overwrites deleted rows with zeros in the data file, but the log shows them until it is emptied.</summary>
    public bool Erase()
    {
        var engine = _engine!;
        KeptDamage.DeleteOld(directory);
        Volatile.Write(ref _damage, _damage with { KeptLog = KeptDamage.FindLog(directory) });
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

    public IRowSnapshot Hold()
    {
        // While another backup holds the file, it shows that backup's moment and must not change.
        if (IsHeld)
            throw new DatabaseUnavailableException(UnavailableReason.NotReady, "Another backup is being taken. Wait until it is done.");
        _engine!.Sync();
        GiveUpCompaction();
        Interlocked.Increment(ref _holds);
        return new HeldFiles(directory, _engine, () => Interlocked.Decrement(ref _holds));
    }

    public byte[] ReadOrMakeKey(string name, int bytes) => KeyFile.ReadOrMake(directory.File(name), bytes);

    public void Close()
    {
        StopCompaction();
        TryCheckpoint(_engine!);
    }

    // An engine that failed may fail again while it closes. Every acknowledged change is already in the log.
    public void Abandon()
    {
        StopCompaction();
        CloseQuietly();
    }

    private void Checkpoint(RowEngine engine)
    {
        directory.Reserve.MakeRoomFor(engine.LogFileBytes);
        engine.Checkpoint();
        _checkpointAbove = _fullLog;
        Erased?.Invoke();
        StartCompaction(engine);
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
            Storage.Log.CheckpointFailed(log, engine.LogPages, e.Message);
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
        _compaction = Compaction.Start(directory, engine, settings, () => WantsTurn?.Invoke());
    }

    /// <summary>Puts the copy in place when it is made, or gives it up when it takes too long.</summary>
    private void GoOnCompacting()
    {
        if (_compaction!.IsTooSlow || _engine!.LogPages > LogsWhileCopying * CheckpointAbove || UpkeepDueIn <= TimeSpan.Zero)
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
            Storage.Log.CompactionFailed(log, e.Message);
            // A copy that is not placed is of no use, and nothing else has changed. One that is placed must become the data file now.
            if (!Rebuild.IsPlaced(directory))
            {
                GiveUpCompaction();
                return;
            }
        }
        StopCompaction();
        CloseQuietly();
        // The rows are the same, so the model needs no loading.
        Open(_collections);
        Erased?.Invoke();
        _compactAgainAfter = settings.CompactAgainAfter;
        var after = _engine!.CountPages().All;
        var waited = Stopwatch.GetElapsedTime(started);
        Storage.Log.Compacted(log, before, after, (long)waited.TotalMilliseconds);
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

    private void CloseQuietly()
    {
        try
        {
            _engine?.Dispose();
        }
        catch (Exception e)
        {
            Storage.Log.CloseFailed(log, e);
        }
        _engine = null;
    }
}
