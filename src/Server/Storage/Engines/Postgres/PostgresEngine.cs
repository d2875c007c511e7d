using System.Diagnostics;
using LiteDB;
using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>
/// Keeps rows in PostgreSQL: a table for each collection, and the log of commits. Who writes holds a lock of the connection that commits.
/// When the connection ends, both the lock and the ability to commit are gone, so no second server can write beside the first.
/// </summary>
internal sealed class PostgresEngine(PostgresAddress address, DataDirectory directory, DatabaseSettings settings, ILogger log) : IRowEngine
{
    // A follower that missed more than this loads everything anew. The rows are content: they must not stay long after they were deleted.
    private static readonly TimeSpan CommitsLive = TimeSpan.FromMinutes(1);
    private const int TrimmedAtOnce = 2000;
    private static readonly TimeSpan TrimEvery = TimeSpan.FromSeconds(2);

    // A sign of life keeps the lock, see PostgresSession.
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(15),
        PauseBetweenTries = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlDataSource _source = address.MakeSource();
    private PostgresSession? _session;
    private long _epoch;
    private long _seq;
    private long _heardAt = Stopwatch.GetTimestamp();
    private long _trimmedAt = Stopwatch.GetTimestamp();
    private bool _wasOpen;

    public event Action? Erased;

    public event Action? WantsTurn
    {
        add { }
        remove { }
    }

    // PostgreSQL looks after its own files.
    public EngineDamage Damage => EngineDamage.None;

    public long? CurrentAt => Volatile.Read(ref _heardAt);

    public string Place => address.Text;

    public bool IsOpen => _session is not null;

    public TimeSpan? UpkeepDueIn => IsOpen ? SayEvery - Stopwatch.GetElapsedTime(_heardAt) : null;

    public void Open(IReadOnlyCollection<CollectionSchema> collections)
    {
        var session = OpenSession();
        try
        {
            if (!session.TryLock())
                throw new DataDirectoryException(
                    $"The database {address.Text} is in use by {session.FindWriter() ?? "another server"}. Stop that one first, or name another database."
                );
            settings.Migrations.Run(session, log);
            session.MakeTables(collections.Select(it => it.Name));
            (_epoch, _seq) = session.BecomeWriter($"{Environment.MachineName}, process {Environment.ProcessId}");
            Hear();
            (_session, _wasOpen) = (session, true);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public RowReader OpenReader() => new PostgresReader(_session!.Connection, _session.Tables);

    public IReadOnlyList<BsonDocument> Page(string collection, RowRange range)
    {
        var page = _session!.Page(collection, range);
        Hear();
        return page;
    }

    /// <summary>One round trip. It is durable when it returns.</summary>
    public void Commit(IReadOnlyList<RowWrite> writes)
    {
        try
        {
            _session!.Commit(writes, _epoch, _seq + 1);
            _seq++;
            Hear();
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation } && Survives(e))
        {
            throw new DuplicateRowException(e);
        }
    }

    public void Sync() { }

    // After such an error PostgreSQL has undone the transaction and goes on. One in the log of commits says that another server writes.
    public bool Survives(Exception e) =>
        e is PostgresException { TableName: not "commits" } error && error.SqlState[..2] is "22" or "23" or "54";

    public bool MayComeBack(Exception e) => _wasOpen;

    public void Upkeep() => LookAfter();

    public void AfterBatch()
    {
        if (Stopwatch.GetElapsedTime(_trimmedAt) > TrimEvery)
            LookAfter();
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
        try
        {
            _session?.Dispose();
        }
        catch (Exception e)
        {
            Storage.Log.CloseFailed(log, e);
        }
        _session = null;
    }

    private void LookAfter()
    {
        if (Stopwatch.GetElapsedTime(_trimmedAt) > TrimEvery)
        {
            _session!.Trim(_seq, CommitsLive, TrimmedAtOnce);
            _trimmedAt = Stopwatch.GetTimestamp();
        }
        else
        {
            _session!.SayThatItLives();
        }
        Hear();
    }

    private void Hear() => Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());

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
