using System.Diagnostics;
using LiteDB;
using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>
/// Keeps rows in PostgreSQL: a table for each collection, and the log of commits. The server that writes holds a lock of the connection that commits.
/// When the connection ends, both the lock and the ability to commit are gone, so no second server can write beside the first. The others
/// follow the log of commits, and try to get the lock.
/// </summary>
internal sealed class PostgresEngine(PostgresAddress address, DataDirectory directory, DatabaseSettings settings, ILogger log)
    : IRowEngine,
        ISharedRows
{
    // A server that missed more than this loads everything anew. The rows are content: they must not stay long after they were deleted.
    private static readonly TimeSpan CommitsLive = TimeSpan.FromMinutes(1);

    // As long as a client can resume its stream of events.
    private static readonly TimeSpan EventsLive = TimeSpan.FromHours(1);
    private const int TrimmedAtOnce = 2000;
    private static readonly TimeSpan TrimEvery = TimeSpan.FromSeconds(2);

    // A sign of life keeps the lock, see PostgresSession. A server that follows looks as often for commits and for the lock.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LoadPatience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(15),
        PauseBetweenTries = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlDataSource _source = address.MakeSource();
    private readonly string _name = $"{Environment.MachineName}, process {Environment.ProcessId}";
    private IReadOnlyCollection<CollectionSchema> _collections = [];
    private PostgresSession? _session;
    private PostgresBell? _bell;
    private WriterInfo? _writer;
    private long _epoch;
    private long _seq;
    private int _schema;
    private long _heardAt = Stopwatch.GetTimestamp();

    // When the commits were asked for that the models get now; null when there are none, or more behind them.
    private long? _askedBefore;
    private long _lookedAt = Stopwatch.GetTimestamp();
    private bool _isWriter;
    private bool _wasOpen;

    public event Action? Erased;

    public event Action? WantsTurn;

    // PostgreSQL looks after its own files.
    public EngineDamage Damage => EngineDamage.None;

    public long? CurrentAt => Volatile.Read(ref _heardAt);

    public string Place => address.Text;

    public bool IsOpen => _session is not null;

    public bool IsWriter => Volatile.Read(ref _isWriter);

    public long Seq => Volatile.Read(ref _seq);

    public WriterInfo? Writer => Volatile.Read(ref _writer);

    public TimeSpan? UpkeepDueIn => IsOpen ? Interval - Stopwatch.GetElapsedTime(_heardAt) : null;

    public void Open(IReadOnlyCollection<CollectionSchema> collections)
    {
        _collections = collections;
        var session = OpenSession();
        try
        {
            var isWriter = session.TryLock();
            if (!isWriter && !settings.Follows)
                throw new DataDirectoryException(
                    $"The database {address.Text} is in use by {session.FindWriter()?.Name ?? "another server"}. Stop that one first, or name another database."
                );
            _session = session;
            if (isWriter)
                BeginToWrite();
            else
                BeginToFollow(session);
            _wasOpen = true;
        }
        catch (Exception e)
        {
            _session = null;
            session.Dispose();
            if (e is NpgsqlException && !_wasOpen)
                throw new DataDirectoryException($"The database {address.Text} cannot be used: {PostgresSession.Reason(e)}", e);
            throw;
        }
    }

    public RowReader OpenReader()
    {
        // Between two collections the session is silent for as long as it takes to make models of their rows.
        _session!.LetBeSilent(LoadPatience);
        if (IsWriter)
            return new PostgresReader(_session, null);
        var moment = _session.BeginMoment();
        _session.FindTables();
        _schema = settings.Migrations.FindReadable(_session);
        var (epoch, seq) = _session.FindLastCommit();
        _epoch = epoch;
        Volatile.Write(ref _seq, seq);
        return new PostgresReader(_session, moment);
    }

    public IReadOnlyList<BsonDocument> Page(string collection, RowRange range)
    {
        var asked = Stopwatch.GetTimestamp();
        var page = _session!.Page(collection, range);
        if (IsWriter)
            Hear(asked);
        return page;
    }

    /// <summary>One round trip. It is durable when it returns.</summary>
    public void Commit(IReadOnlyList<RowWrite> writes, IReadOnlyList<CarriedEvent> events)
    {
        var asked = Stopwatch.GetTimestamp();
        try
        {
            _session!.Commit(writes, events, _epoch, _seq + 1);
            Volatile.Write(ref _seq, _seq + 1);
            Hear(asked);
            _bell?.Pull();
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation } && Survives(e))
        {
            throw new DuplicateRowException(e);
        }
    }

    public void Sync() { }

    // After such an error PostgreSQL has undone the transaction and goes on. One in the log of commits says that another server writes.
    public bool Survives(Exception e) =>
        e is PostgresException { TableName: not ("commits" or "events") } error && error.SqlState[..2] is "22" or "23" or "54";

    public bool MayComeBack(Exception e) => _wasOpen;

    public void Upkeep()
    {
        var asked = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_lookedAt) > TrimEvery)
        {
            _session!.Trim("commits", _seq, CommitsLive, TrimmedAtOnce);
            _session.Trim("events", _seq, EventsLive, TrimmedAtOnce);
            _lookedAt = Stopwatch.GetTimestamp();
        }
        else
        {
            _session!.SayThatItLives();
        }
        Hear(asked);
    }

    public void AfterBatch()
    {
        if (Stopwatch.GetElapsedTime(_lookedAt) > TrimEvery)
            Upkeep();
    }

    bool ISharedRows.TryLock()
    {
        // The bell may ring often.
        if (Stopwatch.GetElapsedTime(_lookedAt) < Interval)
            return false;
        _lookedAt = Stopwatch.GetTimestamp();
        Volatile.Write(ref _writer, _session!.FindWriter());
        return _session.TryLock();
    }

    IReadOnlyList<FollowedCommit>? ISharedRows.ReadCommits()
    {
        // The caller has shown what was read before.
        if (_askedBefore is { } before)
            Hear(before);
        var asked = Stopwatch.GetTimestamp();
        var commits = _session!.ReadCommits(_seq, _epoch);
        _askedBefore = commits is { Next.Count: > 0 and < PostgresSession.ReadAtOnce - 1 } ? asked : null;
        if (commits is { Next.Count: 0 })
            Hear(asked);
        // The server that took over may be newer.
        if (commits is null || (commits.Epoch != _epoch && settings.Migrations.FindReadable(_session) != _schema))
            return null;
        _epoch = commits.Epoch;
        if (commits.Next.Count > 0)
            Volatile.Write(ref _seq, commits.Next[^1].Seq);
        return commits.Next;
    }

    IReadOnlyList<FollowedCommit> ISharedRows.ReadPast() => _session!.ReadPast(_seq, EventsLive);

    bool ISharedRows.BecomeWriter() => BeginToWrite();

    private bool BeginToWrite()
    {
        // A migration may take its time, too.
        _session!.LetBeSilent(LoadPatience);
        // Somebody may be about to put a dump there, and its tables must not be made before.
        if (_wasOpen && settings.Migrations.FindReadable(_session) == 0)
            throw new DataDirectoryException(
                $"The database {address.Text} was emptied while this server ran. Put the rows back, and the server goes on; or stop all servers and start one to begin anew."
            );
        var found = settings.Migrations.Run(_session, log);
        _session.MakeTables(_collections.Select(it => it.Name));
        _session.LetBeSilent(PostgresSession.SilenceAtMost);
        (_epoch, var seq) = _session.BecomeWriter(_name, settings.Peers);
        Volatile.Write(ref _seq, seq);
        Volatile.Write(ref _writer, new(_epoch, _name, settings.Peers));
        Volatile.Write(ref _isWriter, true);
        _bell?.Dispose();
        _bell = settings.Follows ? PostgresBell.ToRing(_source) : null;
        _bell?.Pull();
        return found < settings.Migrations.Newest;
    }

    /// <summary>PostgreSQL frees deleted rows when it vacuums. Nothing of ours shows them after <see cref="CommitsLive"/>.</summary>
    public bool Erase()
    {
        Erased?.Invoke();
        return true;
    }

    public IRowSnapshot Hold() => PostgresSnapshot.Take(_source, directory);

    public byte[] ReadOrMakeKey(string name, int bytes)
    {
        try
        {
            using var session = PostgresSession.Open(_source, address.Text);
            return session.ReadOrMakeKey(name, bytes);
        }
        catch (NpgsqlException e)
        {
            throw Unreachable(e);
        }
    }

    public void Close() { }

    public void Abandon()
    {
        Volatile.Write(ref _isWriter, false);
        try
        {
            _bell?.Dispose();
            _session?.Dispose();
        }
        catch (Exception e)
        {
            Storage.Log.CloseFailed(log, e);
        }
        (_bell, _session, _askedBefore) = (null, null, null);
    }

    /// <summary>A writer that has just begun may still make the tables.</summary>
    private void BeginToFollow(PostgresSession session)
    {
        // Its tables are not there yet, and so nothing that could be listened to. This asks again, for StartPatience at most.
        for (var started = Stopwatch.GetTimestamp(); session.FindWriter() is null; Thread.Sleep(PauseBetweenTries))
            if (Stopwatch.GetElapsedTime(started) > StartPatience)
                throw new DataDirectoryException(
                    $"The database {address.Text} is locked by a server that has not begun to write. Try again in a moment."
                );
        var writer = session.FindWriter()!;
        Volatile.Write(ref _writer, writer);
        _lookedAt = Stopwatch.GetTimestamp();
        Storage.Log.Follows(log, writer.Name);
        _bell?.Dispose();
        _bell = PostgresBell.ToHear(_source, () => WantsTurn?.Invoke());
    }

    /// <summary>Notes that the models which are shown are as new as the rows were when this was asked: an answer may be late, and is old then.</summary>
    private void Hear(long asked) => Volatile.Write(ref _heardAt, asked);

    /// <summary>At the start, a database that is not up yet is waited for. Later the writer thread tries again.</summary>
    private PostgresSession OpenSession()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return PostgresSession.Open(_source, address.Text);
            }
            catch (NpgsqlException) when (!_wasOpen && Stopwatch.GetElapsedTime(started) < StartPatience)
            {
                // A server that is not up tells nobody when it is. This tries again, for StartPatience at most.
                Thread.Sleep(PauseBetweenTries);
            }
            catch (NpgsqlException e)
            {
                throw Unreachable(e);
            }
        }
    }

    private DataDirectoryException Unreachable(NpgsqlException e) =>
        new($"The database {address.Text} cannot be reached: {PostgresSession.Reason(e)}", e);
}
