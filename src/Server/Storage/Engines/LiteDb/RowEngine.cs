using System.Diagnostics;
using LiteDB;
using LiteDB.Engine;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>The engine with its log. LiteDB is safe under one thread only: the thread that opened it must make every call.</summary>
internal sealed class RowEngine : IMigratedRows, IDisposable
{
    private const int RowsPerCommit = 1000;

    private readonly int _owner = Environment.CurrentManagedThreadId;
    private readonly DataDirectory _directory;
    private readonly WriteAheadLog _log;
    private readonly DataFile _data;
    private readonly LiteEngine _engine;

    // Whether the log has the last page of each commit. Otherwise the engine may still write, on its own thread, as it does when it opens.
    private bool _isInLog;
    private readonly BsonExpression _logSize = BsonExpression.Create("{bytes:$.logFileSize}");

    private RowEngine(DataDirectory directory, WriteAheadLog log, DataFile data, LiteEngine engine)
    {
        _directory = directory;
        _log = log;
        _data = data;
        _engine = engine;
    }

    public LogRecovery LogRecovery => Damage?.Log ?? _log.Opening;

    public long LogPages => _log.Length / PageFrame.PageBytes;

    /// <summary>
    /// Since when the log file, or what preceded it in the data file, shows deleted rows, as a timestamp of <see cref="Stopwatch"/>; null
    /// when neither does.
    /// </summary>
    public long? ShowsDeletedSince { get; private set; }

    /// <summary>Bytes of the log file that are on disk. They do not change until the next checkpoint.</summary>
    public long LogFileBytes => LogPages * PageFrame.Bytes;

    /// <summary>Whether the data file had checksums or was empty. Otherwise it could not be checked.</summary>
    public bool WasChecked => _data.HadSums || _data.WasEmpty;

    /// <summary>Whether a server that writes checksums ran here before. If not, the files were just copied here, for example by a restore.</summary>
    public bool HadNotes => _log.HadNotes;

    /// <summary>Damage that this opening found in the data file; null when it found none.</summary>
    public FoundDamage? Damage { get; private init; }

    /// <summary>Opens the files. First replaces a damaged data file by one with the undamaged rows.</summary>
    /// <exception cref="DataDirectoryException">The data file is too damaged to name the lost rows. Nothing was changed.</exception>
    public static RowEngine Open(DataDirectory directory, Func<string, LogFile> openLogFile)
    {
        Rebuild.Finish(directory);
        FoundDamage? damage = null;
        using (var files = EngineFiles.Open(directory, openLogFile))
        {
            var inLog = files.Log.ConfirmedPages();
            var data = files.AddData(directory, inLog.Keys);
            var damaged = data.FindDamage();
            if (damaged.Count == 0)
                return Open(directory, files, null);
            var opening = files.Log.Opening;
            damage = new(
                opening,
                damaged.Count,
                Rebuild.Run(directory, new PageSource(data, files.Log, inLog, damaged), opening.LostFrames > 0)
            );
        }
        Rebuild.Finish(directory);
        using (var files = EngineFiles.Open(directory, openLogFile))
        {
            files.AddData(directory, []);
            return Open(directory, files, damage);
        }
    }

    /// <summary>Fills a new data file that nothing else uses.</summary>
    public static void WriteNew(string path, IEnumerable<(string Collection, BsonDocument Document)> rows)
    {
        using var engine = new LiteEngine(new EngineSettings { Filename = path, Collation = Collation.Binary });
        foreach (var chunk in rows.Chunk(RowsPerCommit))
        {
            foreach (var collection in chunk.GroupBy(row => row.Collection))
                engine.Upsert(collection.Key, collection.Select(row => row.Document), BsonAutoId.ObjectId);
        }
        engine.Checkpoint();
    }

    /// <summary>Makes more writes in such a file.</summary>
    internal static void WriteMore(string path, IReadOnlyList<RowWrite> writes)
    {
        using var engine = new LiteEngine(new EngineSettings { Filename = path, Collation = Collation.Binary });
        foreach (var collection in writes.GroupBy(write => write.Collection))
            Apply(engine, collection.Key, [.. collection]);
        engine.Checkpoint();
    }

    private static RowEngine Open(DataDirectory directory, EngineFiles files, FoundDamage? damage)
    {
        Folder.Sync(directory.Path);
        var engine = new LiteEngine(
            new EngineSettings
            {
                DataStream = files.Data,
                LogStream = files.Log,
                Collation = Collation.Binary,
            }
        );
        // We decide when to run checkpoints: the engine's own would run before the log is on disk.
        if (engine.Pragma("CHECKPOINT").AsInt32 != 0)
            engine.Pragma("CHECKPOINT", 0);
        files.Keep();
        return new RowEngine(directory, files.Log, files.Data!, engine) { Damage = damage };
    }

    /// <summary>Whether the error concerns only the written rows, so that the engine can continue. After any other error it is unusable.</summary>
    public bool Survives(Exception e) => _log.Failure is null && e is LiteException { ErrorCode: not LiteException.INVALID_DATAFILE_STATE };

    string IMigratedRows.Place => $"The data directory '{_directory.Path}'";

    /// <summary>Between checkpoints the data file does not change, so it can be copied while it is open.</summary>
    Action IMigratedRows.KeepCopy(int from, int to, ILogger log)
    {
        var bytes = new FileInfo(_directory.DatabaseFile).Length;
        Storage.Log.Migrating(log, from, to, bytes);
        Checkpoint();
        var copy = _directory.File($"stories.schema-{from}.db");
        AtomicFile.Copy(_directory.DatabaseFile, copy, told: "copying the database");
        Storage.Log.CopiedBeforeMigration(log, copy);
        return () => File.Delete(copy);
    }

    IReadOnlyList<string> IMigratedRows.CollectionNames()
    {
        Verify();
        using var reader = _engine.Query("$cols", new Query());
        var names = new List<string>();
        while (reader.Read())
            if (reader.Current["type"].AsString == "user")
                names.Add(reader.Current["name"].AsString);
        return names;
    }

    public void EnsureIndexes(CollectionSchema shape)
    {
        Verify();
        foreach (var index in shape.Indexes)
            _engine.EnsureIndex(shape.Name, index.Name, BsonExpression.Create(index.Expression), false);
    }

    public IEnumerable<BsonDocument> Scan(string collection)
    {
        Verify();
        using var reader = _engine.Query(collection, new Query());
        while (reader.Read())
            yield return reader.Current.AsDocument;
    }

    public BsonDocument? Find(string collection, string id)
    {
        Verify();
        var query = new Query();
        query.Where.Add(BsonExpression.Create("$._id = @0", id));
        using var reader = _engine.Query(collection, query);
        return reader.Read() ? reader.Current.AsDocument : null;
    }

    /// <summary>A page of a collection in the order of the ids, between two exclusive bounds.</summary>
    public IReadOnlyList<BsonDocument> Page(string collection, RowRange range)
    {
        Verify();
        var query = new Query
        {
            OrderBy = BsonExpression.Create("$._id"),
            Order = range.LastFirst ? Query.Descending : Query.Ascending,
            Limit = range.Limit,
        };
        if (range.After is { } after)
            query.Where.Add(BsonExpression.Create("$._id > @0", after));
        if (range.Before is { } before)
            query.Where.Add(BsonExpression.Create("$._id < @0", before));
        using var reader = _engine.Query(collection, query);
        var page = new List<BsonDocument>();
        while (reader.Read())
            page.Add(reader.Current.AsDocument);
        return page;
    }

    /// <summary>Appends the writes to the log as one transaction, or none of them. Call <see cref="Sync"/> to make it durable.</summary>
    public void Commit(IReadOnlyList<RowWrite> writes)
    {
        CommitSteps([() => writes]);
        Compaction?.Note(writes);
    }

    /// <summary>As <see cref="Commit"/>, for writes that are computed step by step: each step sees the writes of the steps before it.</summary>
    public void CommitSteps(IEnumerable<Func<IEnumerable<RowWrite>>> steps)
    {
        Verify();
        if (!_engine.BeginTrans())
            throw new InvalidOperationException("A transaction is open already.");
        try
        {
            var deletes = false;
            foreach (var step in steps)
            {
                // Collections are independent, so each takes its writes in as few calls as their order allows.
                foreach (var writes in step().GroupBy(write => write.Collection).ToList())
                {
                    Apply(_engine, writes.Key, [.. writes]);
                    deletes |= writes.Any(write => write.Kind == WriteKind.Delete);
                }
            }
            var confirmed = _log.ConfirmedCommits;
            if (!_engine.Commit())
                throw new InvalidOperationException("The engine had no transaction to commit.");
            _isInLog &= _log.ConfirmedCommits > confirmed;
            if (deletes)
                ShowsDeletedSince ??= Stopwatch.GetTimestamp();
        }
        catch (Exception e) when (Survives(e))
        {
            _engine.Rollback();
            if (e is LiteException { ErrorCode: LiteException.INDEX_DUPLICATE_KEY })
                throw new DuplicateRowException(e);
            throw;
        }
    }

    /// <summary>Waits until every commit is on disk.</summary>
    public void Sync()
    {
        Verify();
        _log.Sync(_isInLog ? 0 : EngineLogBytes());
        _isInLog = true;
    }

    private long EngineLogBytes()
    {
        using var reader = _engine.Query("$database", new Query { Select = _logSize });
        reader.Read();
        return (uint)reader.Current["bytes"].AsInt32;
    }

    /// <summary>Moves the log into the data file and empties it.</summary>
    public void Checkpoint()
    {
        Sync();
        _engine.Checkpoint();
        ShowsDeletedSince = null;
    }

    /// <summary>The copy that is being made of the data file, which must learn of each commit.</summary>
    public Compaction? Compaction { get; set; }

    /// <summary>Number of pages of the data file, and how many of them hold nothing.</summary>
    public (long All, long Dead) CountPages() => _data.CountPages();

    /// <summary>Pages of the data file, to be read on one thread, while no checkpoint can run.</summary>
    public PageSource OpenPages() => new(_data, _log, new Dictionary<long, long>(), []);

    /// <summary>Checks the whole data file against its checksums. Call it on any thread, while no checkpoint can run.</summary>
    public int CountDamagedPages() => _data.FindDamage().Count;

    /// <summary>Starts saving page checksums and noting syncs, once every server that can open the schema knows them.</summary>
    public void StartNoting()
    {
        _data.StartSaving();
        _log.NotesSyncs = true;
    }

    public void Dispose()
    {
        _engine.Dispose();
        _log.Dispose();
        _data.Dispose();
    }

    private static void Apply(LiteEngine engine, string collection, List<RowWrite> writes)
    {
        for (int start = 0, end; start < writes.Count; start = end)
        {
            var kind = writes[start].Kind;
            for (end = start + 1; end < writes.Count && writes[end].Kind == kind; )
                end++;
            var run = writes.GetRange(start, end - start);
            if (kind == WriteKind.Insert)
                engine.Insert(collection, run.Select(write => write.Document), BsonAutoId.ObjectId);
            else if (kind == WriteKind.Put)
                engine.Upsert(collection, run.Select(write => write.Document), BsonAutoId.ObjectId);
            else
                engine.Delete(collection, run.Select(write => write.Id));
        }
    }

    private void Verify()
    {
        if (Environment.CurrentManagedThreadId != _owner)
            throw new InvalidOperationException("The engine belongs to another thread.");
    }
}
