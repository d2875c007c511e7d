using LiteDB;
using LiteDB.Engine;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>The engine behind its log. LiteDB is safe only under one thread: the one that opened it must make every call.</summary>
internal sealed class RowEngine : IDisposable
{
    private const int RowsACommit = 1000;

    private readonly int _owner = Environment.CurrentManagedThreadId;
    private readonly WriteAheadLog _log;
    private readonly DataFile _data;
    private readonly LiteEngine _engine;
    private readonly BsonExpression _logSize = BsonExpression.Create("{bytes:$.logFileSize}");

    private RowEngine(WriteAheadLog log, DataFile data, LiteEngine engine)
    {
        _log = log;
        _data = data;
        _engine = engine;
    }

    public LogRecovery LogRecovery => Damage?.Log ?? _log.Opening;

    public long LogPages => _log.Length / PageFrame.PageBytes;

    /// <summary>Whether the log's file, or what the data file held before it, still shows rows that were deleted.</summary>
    public bool ShowsDeleted { get; private set; }

    /// <summary>How much of the log's file is on the disk; until the next checkpoint those bytes do not change.</summary>
    public long LogFileBytes => LogPages * PageFrame.Bytes;

    /// <summary>Whether the data file had checksums, or held nothing yet; otherwise nobody can say whether it is whole.</summary>
    public bool WasChecked => _data.HadSums || _data.WasEmpty;

    /// <summary>Whether a server that makes checksums ran here before; else the files were just put here, by a restore for one.</summary>
    public bool HadNotes => _log.HadNotes;

    /// <summary>What the data file lost to damage that this opening found; null when it found none.</summary>
    public FoundDamage? Damage { get; private init; }

    /// <summary>Opens the files; a damaged data file is replaced first by one of the rows that are whole.</summary>
    /// <exception cref="DataDirectoryException">The data file is too damaged to say what is lost. Nothing was changed.</exception>
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

    /// <summary>Fills a new data file that nobody else uses.</summary>
    public static void WriteNew(string path, IEnumerable<(string Collection, BsonDocument Document)> rows)
    {
        using var engine = new LiteEngine(new EngineSettings { Filename = path, Collation = Collation.Binary });
        foreach (var chunk in rows.Chunk(RowsACommit))
        {
            foreach (var collection in chunk.GroupBy(row => row.Collection))
                engine.Upsert(collection.Key, collection.Select(row => row.Document), BsonAutoId.ObjectId);
        }
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
        // Checkpoints happen when we say so: the engine's own would run before the log is on the disk.
        if (engine.Pragma("CHECKPOINT").AsInt32 != 0)
            engine.Pragma("CHECKPOINT", 0);
        files.Keep();
        return new RowEngine(files.Log, files.Data!, engine) { Damage = damage };
    }

    /// <summary>Whether the error is about what was written, so that the engine goes on; any other leaves it unusable.</summary>
    public bool Survives(Exception e) => _log.Failure is null && e is LiteException { ErrorCode: not LiteException.INVALID_DATAFILE_STATE };

    public IReadOnlyList<string> CollectionNames()
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
            _engine.EnsureIndex(shape.Name, index.Name, BsonExpression.Create(index.Expression), index.Unique);
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

    /// <summary>A page of a collection in the order of the ids, between two of them that are not in it.</summary>
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

    /// <summary>Puts the writes into the log as one transaction, or none of them. <see cref="Sync"/> makes it last.</summary>
    public void Commit(IReadOnlyList<RowWrite> writes) => CommitSteps([() => writes]);

    /// <summary>As <see cref="Commit"/>, for writes that are found one step after another: each sees what those before it have written.</summary>
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
                // Collections do not know of each other, so each takes its writes in as few calls as their order allows.
                foreach (var writes in step().GroupBy(write => write.Collection).ToList())
                {
                    Apply(writes.Key, [.. writes]);
                    deletes |= writes.Any(write => write.Kind == WriteKind.Delete);
                }
            }
            if (!_engine.Commit())
                throw new InvalidOperationException("The engine had no transaction to commit.");
            ShowsDeleted |= deletes;
        }
        catch (Exception e) when (Survives(e))
        {
            _engine.Rollback();
            if (e is LiteException { ErrorCode: LiteException.INDEX_DUPLICATE_KEY })
                throw new DuplicateRowException(e);
            throw;
        }
    }

    /// <summary>Waits until every commit is on the disk.</summary>
    public void Sync()
    {
        Verify();
        using var reader = _engine.Query("$database", new Query { Select = _logSize });
        reader.Read();
        _log.Sync((uint)reader.Current["bytes"].AsInt32);
    }

    /// <summary>Brings the log into the data file and empties it.</summary>
    public void Checkpoint()
    {
        Sync();
        _engine.Checkpoint();
        ShowsDeleted = false;
    }

    /// <summary>Holds the whole data file against its checksums; on any thread, while no checkpoint can run.</summary>
    public int CountDamagedPages() => _data.FindDamage().Count;

    /// <summary>From now on the checksums of pages are saved and syncs are noted: the schema is one whose servers all know of them.</summary>
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

    private void Apply(string collection, List<RowWrite> writes)
    {
        for (int start = 0, end; start < writes.Count; start = end)
        {
            var kind = writes[start].Kind;
            for (end = start + 1; end < writes.Count && writes[end].Kind == kind; )
                end++;
            var run = writes.GetRange(start, end - start);
            if (kind == WriteKind.Insert)
                _engine.Insert(collection, run.Select(write => write.Document), BsonAutoId.ObjectId);
            else if (kind == WriteKind.Put)
                _engine.Upsert(collection, run.Select(write => write.Document), BsonAutoId.ObjectId);
            else
                _engine.Delete(collection, run.Select(write => write.Id));
        }
    }

    private void Verify()
    {
        if (Environment.CurrentManagedThreadId != _owner)
            throw new InvalidOperationException("The engine belongs to another thread.");
    }
}
