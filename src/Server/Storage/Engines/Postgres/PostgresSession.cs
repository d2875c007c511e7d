using System.Data;
using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;
using LiteDB;
using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>One connection, its lock, and what the server does on it. Not thread-safe.</summary>
internal sealed class PostgresSession : IMigratedRows, IDisposable
{
    private const int OldestVersion = 140_000;
    private const int PatienceSeconds = 10;

    /// <summary>What a host can do whose role may not make tables.</summary>
    public const string MustOwn = "make the role the owner of its database, with: alter database NAME owner to ROLE";

    /// <summary>Commits of one answer of <see cref="ReadCommits"/>, together with the known one: fewer are all that there are.</summary>
    public const int ReadAtOnce = 500;

    // More than an hour of a busy team has.
    private const int PastAtMost = 200_000;

    // The first half of the lock's key, so that it meets no lock of another program. The second half is the schema.
    private const int LockClass = 0x5354_4F52;

    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private readonly string _place;
    private bool _hasOwnTables;
    private bool _hasMoveMark;

    private PostgresSession(NpgsqlConnection connection, string place) => (Connection, _place) = (connection, place);

    /// <summary>Time after which PostgreSQL ends the session of a server that says nothing, so that another can write.</summary>
    public static readonly TimeSpan SilenceAtMost = TimeSpan.FromSeconds(6);

    public NpgsqlConnection Connection { get; }

    /// <summary>Collections that have a table.</summary>
    public IReadOnlySet<string> Tables => _tables;

    public string Place => $"The database {_place}";

    /// <exception cref="NpgsqlException">The database cannot be reached, or is a standby.</exception>
    /// <exception cref="DataDirectoryException">It is too old, or holds half a move.</exception>
    public static PostgresSession Open(NpgsqlDataSource source, string place) => Open(source, place, allowsHalfAMove: false);

    /// <param name="source">Makes the connection.</param>
    /// <param name="place">The address, for messages.</param>
    /// <param name="allowsHalfAMove">Whether a database that a command has begun to fill is taken, to go on with it.</param>
    public static PostgresSession Open(NpgsqlDataSource source, string place, bool allowsHalfAMove)
    {
        var connection = Connect(source, place);
        try
        {
            var session = new PostgresSession(connection, place);
            session.SetUp();
            if (session._hasMoveMark && !allowsHalfAMove)
                throw new DataDirectoryException(
                    $"{session.Place} holds a move that is under way or was killed. No server starts on it. To go on, run {session.ReadMoveMark()} again."
                );
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static NpgsqlConnection Connect(NpgsqlDataSource source, string place)
    {
        try
        {
            return source.OpenConnection();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new DataDirectoryException(
                $"The database {place} cannot be reached: a file that is needed for it cannot be read ({e.Message.TrimEnd('.')}). Correct PGPASSFILE, which names the file of the password, or sslrootcert, sslcert or sslkey, which name PEM files.",
                e
            );
        }
    }

    /// <summary>The reason alone: Npgsql's own message of a refused connection names the address, and PostgreSQL's may name the account.</summary>
    public static string Reason(Exception e) =>
        e switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName } error =>
                $"{error.MessageText}: {MustOwn}",
            PostgresException error => error.MessageText,
            { InnerException: AuthenticationException } =>
                "its certificate is not one of the authority that sslrootcert names (without it, of an authority that this system trusts), or not for the name of this host",
            {
                InnerException: CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException
            } =>
                $"a certificate file cannot be read ({e.InnerException.Message.TrimEnd('.')}): name PEM files with sslrootcert, sslcert and sslkey",
            { InnerException: AggregateException all } => string.Join("; ", all.InnerExceptions.Select(Reason).Distinct()),
            _ => e.InnerException?.Message ?? e.Message,
        };

    public bool TryLock()
    {
        using var command = Connection.Command("select pg_try_advisory_lock($1, hashtext(current_schema()))");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = LockClass });
        return (bool)command.ExecuteScalar()!;
    }

    /// <summary>Who holds the lock, or held it last; null when nobody ever did.</summary>
    public WriterInfo? FindWriter()
    {
        using var exists = Connection.Command("select to_regclass('writer') is not null");
        if (!(bool)exists.ExecuteScalar()!)
            return null;
        using var command = Connection.Command("select epoch, name, peers from writer");
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new(reader.GetInt64(0), reader.GetString(1), reader.IsDBNull(2) ? null : new Uri(reader.GetString(2)))
            : null;
    }

    /// <summary>Begins a transaction that sees the rows of one moment. Dispose it.</summary>
    public NpgsqlTransaction BeginMoment() => Connection.BeginTransaction(IsolationLevel.RepeatableRead);

    public (long Epoch, long Seq) FindLastCommit()
    {
        using var command = Connection.Command("select epoch, seq from commits order by seq desc limit 1");
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>The commits after the one with this number and epoch; null when that one is not there, or is another.</summary>
    public NextCommits? ReadCommits(long seq, long epoch)
    {
        using var command = Connection.Command(
            "select seq, epoch, rows, items from commits left join events using (seq) where seq >= $1 order by seq limit $2",
            Sql.Number(seq),
            Sql.Number(ReadAtOnce)
        );
        command.CommandTimeout = PatienceSeconds;
        using var reader = command.ExecuteReader();
        if (!reader.Read() || reader.GetInt64(0) != seq || reader.GetInt64(1) != epoch)
            return null;
        var next = new List<FollowedCommit>();
        while (reader.Read())
        {
            if (reader.GetInt64(0) != seq + next.Count + 1)
                return null;
            epoch = reader.GetInt64(1);
            next.Add(
                new(
                    reader.GetInt64(0),
                    CommitRecord.ReadWrites(reader.GetFieldValue<byte[]>(2)),
                    reader.IsDBNull(3) ? [] : CommitRecord.ReadEvents(reader.GetFieldValue<byte[]>(3))
                )
            );
        }
        return new(epoch, next);
    }

    /// <summary>Makes the tables of these collections, and the server's own.</summary>
    public void MakeTables(IEnumerable<string> collections)
    {
        if (!_hasOwnTables)
            Run(Sql.MakeOwnTables);
        _hasOwnTables = true;
        foreach (var name in collections.Where(name => !_tables.Contains(name)).ToList())
        {
            Run(Sql.MakeTable(name));
            _tables.Add(name);
        }
    }

    /// <summary>Events of the commits up to a number, not older than this.</summary>
    public IReadOnlyList<FollowedCommit> ReadPast(long last, TimeSpan life)
    {
        using var command = Connection.Command(
            """
            select seq, items from (
                select seq, items from events
                where seq <= $1 and at > clock_timestamp() - $2 * interval '1 second' order by seq desc limit $3
            ) past order by seq
            """,
            Sql.Number(last),
            new NpgsqlParameter<double> { TypedValue = life.TotalSeconds },
            Sql.Number(PastAtMost)
        );
        command.CommandTimeout = PatienceSeconds;
        using var reader = command.ExecuteReader();
        var past = new List<FollowedCommit>();
        while (reader.Read())
            past.Add(new(reader.GetInt64(0), [], CommitRecord.ReadEvents(reader.GetFieldValue<byte[]>(1))));
        return past;
    }

    /// <summary>From now on, no other server can commit.</summary>
    /// <returns>A number that no writer before had, and the last commit.</returns>
    public (long Epoch, long Seq) BecomeWriter(string name, Uri? peers)
    {
        using var transaction = Connection.BeginTransaction();
        using var write = Connection.Command(
            """
            insert into writer (epoch, name, peers) values (1, $1, nullif($2, ''))
            on conflict (one) do update
            set epoch = writer.epoch + 1, name = excluded.name, peers = excluded.peers, at = clock_timestamp()
            returning epoch
            """,
            Sql.Text(name),
            Sql.Text(peers?.ToString() ?? "")
        );
        var epoch = (long)write.ExecuteScalar()!;
        using var last = Connection.Command("select coalesce(max(seq), 0) from commits");
        var seq = (long)last.ExecuteScalar()! + 1;
        using var commit = new NpgsqlBatch(Connection) { BatchCommands = { CommitRow([], epoch, seq) } };
        commit.ExecuteNonQuery();
        transaction.Commit();
        return (epoch, seq);
    }

    /// <summary>Makes the writes, and notes them in the log of commits, in one transaction and one round trip.</summary>
    /// <exception cref="PostgresException">For the table <c>commits</c>: another server writes. Otherwise a row was refused, and nothing is written.</exception>
    public void Commit(IReadOnlyList<RowWrite> writes, IReadOnlyList<CarriedEvent> events, long epoch, long seq)
    {
        using var batch = new NpgsqlBatch(Connection) { Timeout = PatienceSeconds };
        foreach (var collection in writes.GroupBy(write => write.Collection))
            Sql.Add(batch, collection.Key, [.. collection]);
        batch.BatchCommands.Add(CommitRow(writes, epoch, seq));
        if (events.Count > 0)
        {
            var told = new NpgsqlBatchCommand("insert into events (seq, items) values ($1, $2)");
            told.Parameters.Add(Sql.Number(seq));
            told.Parameters.Add(Sql.Binary(CommitRecord.OfEvents(events)));
            batch.BatchCommands.Add(told);
        }
        batch.ExecuteNonQuery();
    }

    public IReadOnlyList<BsonDocument> Page(string collection, RowRange range)
    {
        var bounds = new List<string>();
        var ids = new List<NpgsqlParameter>();
        Bound(">", range.After);
        Bound("<", range.Before);
        var where = bounds.Count == 0 ? "" : $"where {string.Join(" and ", bounds)}";
        var order = range.LastFirst ? "desc" : "asc";
        using var command = Connection.Command(
            $"select doc from {Sql.Name(collection)} {where} order by id {order} limit {range.Limit}",
            [.. ids]
        );
        using var reader = command.ExecuteReader();
        var page = new List<BsonDocument>();
        while (reader.Read())
            page.Add(PostgresReader.Read(reader.GetFieldValue<byte[]>(0)));
        return page;

        void Bound(string comparison, string? id)
        {
            if (id is null)
                return;
            ids.Add(Sql.Text(id));
            bounds.Add($"id {comparison} ${ids.Count}");
        }
    }

    /// <summary>Deletes old rows of a table of commits, but never the last one: its number goes on.</summary>
    public void Trim(string table, long last, TimeSpan life, int most)
    {
        using var command = Connection.Command(
            $"""
            delete from {table} where seq in (
                select seq from (select seq, at from {table} where seq < $1 order by seq limit $2) oldest
                where at < clock_timestamp() - $3 * interval '1 second'
            )
            """,
            Sql.Number(last),
            Sql.Number(most),
            new NpgsqlParameter<double> { TypedValue = life.TotalSeconds }
        );
        command.ExecuteNonQuery();
    }

    /// <summary>If several servers make a key at once, the first one wins.</summary>
    public byte[] ReadOrMakeKey(string name, int bytes)
    {
        Run(Sql.MakeKeys);
        using var make = Connection.Command(
            "insert into keys (name, value) values ($1, $2) on conflict do nothing",
            Sql.Text(name),
            Sql.Binary(RandomNumberGenerator.GetBytes(bytes))
        );
        make.ExecuteNonQuery();
        using var read = Connection.Command("select value from keys where name = $1", Sql.Text(name));
        return read.ExecuteScalar() is byte[] key && key.Length == bytes
            ? key
            : throw new DataDirectoryException(
                $"{Place} holds no key of this server under the name {name}. Put back the one that was there, or delete its row: what it opened is lost then."
            );
    }

    /// <summary>Sets for how long the session may say nothing before PostgreSQL ends it.</summary>
    public void LetBeSilent(TimeSpan longest)
    {
        var milliseconds = (long)longest.TotalMilliseconds;
        Run(
            string.Create(
                CultureInfo.InvariantCulture,
                $"set idle_session_timeout = {milliseconds}; set idle_in_transaction_session_timeout = {milliseconds}"
            )
        );
    }

    public void SayThatItLives() => Run("select 1");

    public IReadOnlyList<string> CollectionNames() => [.. _tables];

    public BsonDocument? Find(string collection, string id)
    {
        using var command = Connection.Command($"select doc from {Sql.Name(collection)} where id = $1", Sql.Text(id));
        return command.ExecuteScalar() is byte[] bytes ? PostgresReader.Read(bytes) : null;
    }

    IEnumerable<BsonDocument> IMigratedRows.Scan(string collection) =>
        PostgresReader.Documents(Connection, _tables, collection).Select(PostgresReader.Read);

    void IMigratedRows.CommitSteps(IEnumerable<Func<IEnumerable<RowWrite>>> steps)
    {
        using var transaction = Connection.BeginTransaction();
        foreach (var step in steps)
        {
            var writes = step().ToList();
            MakeTables(writes.Select(write => write.Collection).Distinct());
            using var batch = new NpgsqlBatch(Connection);
            foreach (var collection in writes.GroupBy(write => write.Collection))
                Sql.Add(batch, collection.Key, [.. collection]);
            batch.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    void IMigratedRows.Sync() { }

    // A transaction undoes a migration that fails, and a host of PostgreSQL has backups of their own.
    Action IMigratedRows.KeepCopy(int from, int to, ILogger log)
    {
        Storage.Log.MigratingWithoutCopy(log, from, to);
        return () => { };
    }

    /// <summary>Drops every table of a server but the mark of a move: a new move leaves nothing of the one before.</summary>
    public void DropTables()
    {
        foreach (var table in _tables.Concat(Sql.OwnTables).Where(table => table != Sql.MoveMark))
            Run($"drop table if exists {Sql.Name(table)}");
        _tables.Clear();
        _hasOwnTables = false;
    }

    private string ReadMoveMark()
    {
        using var command = Connection.Command($"select command from {Sql.MoveMark} limit 1");
        return command.ExecuteScalar() as string ?? "stories-server migrate";
    }

    public void Dispose() => Connection.Dispose();

    private void SetUp()
    {
        using (var about = Connection.Command("select current_setting('server_version_num')::int, pg_is_in_recovery()"))
        using (var reader = about.ExecuteReader())
        {
            reader.Read();
            if (reader.GetInt32(0) is < OldestVersion and var found)
                throw new DataDirectoryException(
                    $"{Place} is PostgreSQL {found / 10_000}, and the server needs {OldestVersion / 10_000} or newer. Upgrade it."
                );
            // It may be behind, and cannot say by how much. It may also be about to be promoted, so this is tried again.
            if (reader.GetBoolean(1))
                throw new NpgsqlException("it is a standby, which takes no writes: name the primary, or all hosts, as HOST1,HOST2");
        }
        // A commit that is answered must be durable. The lock of a server that is stopped, or cut off, must end soon: such a session is idle
        // or its packets get no answer.
        Run(
            """
            select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
            set tcp_keepalives_idle = 2;
            set tcp_keepalives_interval = 2;
            set tcp_keepalives_count = 2;
            set tcp_user_timeout = '6s';
            set client_min_messages = warning;
            """
        );
        LetBeSilent(SilenceAtMost);
        FindTables();
    }

    /// <summary>Finds which collections have a table.</summary>
    public void FindTables()
    {
        using var command = Connection.Command("select tablename from pg_tables where schemaname = current_schema()");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            if (!Sql.OwnTables.Contains(reader.GetString(0)))
                _tables.Add(reader.GetString(0));
            else
                _hasMoveMark |= reader.GetString(0) == Sql.MoveMark;
    }

    private static NpgsqlBatchCommand CommitRow(IReadOnlyList<RowWrite> writes, long epoch, long seq)
    {
        // Without a value for the epoch, which a writer that lost its lock does not find, the whole transaction fails.
        var command = new NpgsqlBatchCommand(
            "insert into commits (seq, epoch, rows) values ($1, (select epoch from writer where epoch = $2), $3)"
        );
        command.Parameters.Add(Sql.Number(seq));
        command.Parameters.Add(Sql.Number(epoch));
        command.Parameters.Add(Sql.Binary(CommitRecord.OfWrites(writes)));
        return command;
    }

    private void Run(string text)
    {
        using var command = Connection.Command(text);
        command.ExecuteNonQuery();
    }
}

/// <summary>Commits that follow one another.</summary>
/// <param name="Epoch">Epoch of the last one.</param>
/// <param name="Next">The commits, in order; none when there are no more.</param>
internal sealed record NextCommits(long Epoch, IReadOnlyList<FollowedCommit> Next);
