using LiteDB;
using LiteDB.Engine;

namespace StoriesCli.Server.Storage;

/// <summary>The engine behind its log. LiteDB is safe only under one thread: the one that opened it must make every call.</summary>
internal sealed class RowEngine : IDisposable
{
    private readonly int _owner = Environment.CurrentManagedThreadId;
    private readonly PageLog _log;
    private readonly LiteEngine _engine;
    private readonly BsonExpression _logSize = BsonExpression.Create("{bytes:$.logFileSize}");

    private RowEngine(PageLog log, LiteEngine engine)
    {
        _log = log;
        _engine = engine;
    }

    public LogOpening LogOpening => _log.Opening;

    public long LogPages => _log.Length / PageFrame.PageBytes;

    /// <summary>Whether the log's file, or what the data file held before it, still shows rows that were deleted.</summary>
    public bool ShowsDeleted { get; private set; }

    /// <summary>How much of the log's file is on the disk; until the next checkpoint those bytes do not change.</summary>
    public long LogFileBytes => LogPages * PageFrame.Bytes;

    public static RowEngine Open(DataDirectory directory, Func<string, LogFile> openLogFile)
    {
        PrivateFile.Open(directory.DatabaseFile, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
        var file = openLogFile(directory.LogFile);
        try
        {
            var log = PageLog.Open(file);
            Folder.Sync(directory.Path);
            var engine = new LiteEngine(new EngineSettings
            {
                Filename = directory.DatabaseFile,
                LogStream = log,
                Collation = Collation.Binary,
            });
            // Checkpoints happen when we say so: the engine's own would run before the log is on the disk.
            if (engine.Pragma("CHECKPOINT").AsInt32 != 0) engine.Pragma("CHECKPOINT", 0);
            return new RowEngine(log, engine);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the error is about what was written, so that the engine goes on; any other leaves it unusable.</summary>
    public bool Survives(Exception e) =>
        _log.Failure is null && e is LiteException { ErrorCode: not LiteException.INVALID_DATAFILE_STATE };

    public IReadOnlyList<string> CollectionNames()
    {
        Verify();
        using var reader = _engine.Query("$cols", new Query());
        var names = new List<string>();
        while (reader.Read())
            if (reader.Current["type"].AsString == "user") names.Add(reader.Current["name"].AsString);
        return names;
    }

    public void EnsureIndexes(Shape shape)
    {
        Verify();
        foreach (var index in shape.Indexes)
            _engine.EnsureIndex(shape.Name, index.Name, BsonExpression.Create(index.Expression), index.Unique);
    }

    public IEnumerable<BsonDocument> Scan(string collection)
    {
        Verify();
        using var reader = _engine.Query(collection, new Query());
        while (reader.Read()) yield return reader.Current.AsDocument;
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
        var query = new Query { OrderBy = BsonExpression.Create("$._id"), Order = range.LastFirst ? Query.Descending : Query.Ascending, Limit = range.Limit };
        if (range.After is { } after) query.Where.Add(BsonExpression.Create("$._id > @0", after));
        if (range.Before is { } before) query.Where.Add(BsonExpression.Create("$._id < @0", before));
        using var reader = _engine.Query(collection, query);
        var page = new List<BsonDocument>();
        while (reader.Read()) page.Add(reader.Current.AsDocument);
        return page;
    }

    /// <summary>Puts the writes into the log as one transaction, or none of them. <see cref="Sync"/> makes it last.</summary>
    public void Commit(IReadOnlyList<RowWrite> writes)
    {
        Verify();
        if (!_engine.BeginTrans()) throw new InvalidOperationException("A transaction is open already.");
        try
        {
            // Collections do not know of each other, so each takes its writes in as few calls as their order allows.
            foreach (var collection in writes.GroupBy(write => write.Collection)) Apply(collection.Key, [.. collection]);
            if (!_engine.Commit()) throw new InvalidOperationException("The engine had no transaction to commit.");
            ShowsDeleted |= writes.Any(write => write.Kind == WriteKind.Delete);
        }
        catch (Exception e) when (Survives(e))
        {
            _engine.Rollback();
            if (e is LiteException { ErrorCode: LiteException.INDEX_DUPLICATE_KEY }) throw new DuplicateRowException(e);
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

    public void Dispose()
    {
        _engine.Dispose();
        _log.Dispose();
    }

    private void Apply(string collection, List<RowWrite> writes)
    {
        for (int start = 0, end; start < writes.Count; start = end)
        {
            var kind = writes[start].Kind;
            for (end = start + 1; end < writes.Count && writes[end].Kind == kind;) end++;
            var run = writes.GetRange(start, end - start);
            if (kind == WriteKind.Insert) _engine.Insert(collection, run.Select(write => write.Document), BsonAutoId.ObjectId);
            else if (kind == WriteKind.Put) _engine.Upsert(collection, run.Select(write => write.Document), BsonAutoId.ObjectId);
            else _engine.Delete(collection, run.Select(write => write.Id));
        }
    }

    private void Verify()
    {
        if (Environment.CurrentManagedThreadId != _owner) throw new InvalidOperationException("The engine belongs to another thread.");
    }
}
