using System.Security.Cryptography;
using LiteDB;
using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>One connection, its lock, and what the server does on it. Not thread-safe.</summary>
internal sealed class PostgresSession : IMigratedRows, IDisposable
{
    private const int OldestVersion = 140_000;
    private const int PatienceSeconds = 10;

    // The first half of the lock's key, so that it meets no lock of another program. The second half is the schema.
    private const int LockClass = 0x5354_4F52;

    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private readonly string _place;
    private bool _hasOwnTables;

    private PostgresSession(NpgsqlConnection connection, string place) => (Connection, _place) = (connection, place);

    public NpgsqlConnection Connection { get; }

    /// <summary>Collections that have a table.</summary>
    public IReadOnlySet<string> Tables => _tables;

    public string Place => $"The database {_place}";

    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    /// <exception cref="DataDirectoryException">It is too old.</exception>
    public static PostgresSession Open(NpgsqlDataSource source, string place)
    {
        var connection = source.OpenConnection();
        try
        {
            var session = new PostgresSession(connection, place);
            session.SetUp();
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Tries to connect. Changes nothing.</summary>
    /// <returns>Why no server could use the database; null when one could.</returns>
    public static string? FindFault(PostgresAddress address)
    {
        try
        {
            using var source = address.MakeSource();
            using var session = Open(source, address.Text);
            return null;
        }
        catch (Exception e) when (e is NpgsqlException or DataDirectoryException)
        {
            return e is DataDirectoryException ? e.Message : $"the database {address.Text} cannot be reached: {Reason(e)}";
        }
    }

    /// <summary>The reason alone. What Npgsql says of a refused connection names the address, and PostgreSQL may name the account.</summary>
    public static string Reason(Exception e) => e is PostgresException error ? error.MessageText : e.InnerException?.Message ?? e.Message;

    public bool TryLock()
    {
        using var command = Connection.Command("select pg_try_advisory_lock($1, hashtext(current_schema()))");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = LockClass });
        return (bool)command.ExecuteScalar()!;
    }

    /// <summary>Who holds the lock, or held it last; null when nobody ever did.</summary>
    public string? FindWriter()
    {
        using var exists = Connection.Command("select to_regclass('writer') is not null");
        if (!(bool)exists.ExecuteScalar()!)
            return null;
        using var command = Connection.Command("select name, to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') from writer");
        using var reader = command.ExecuteReader();
        return reader.Read() ? $"{reader.GetString(0)}, which writes since {reader.GetString(1)} UTC" : null;
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

    /// <summary>From now on, no other server can commit.</summary>
    /// <returns>A number that no writer before had, and the last commit.</returns>
    public (long Epoch, long Seq) BecomeWriter(string name)
    {
        using var transaction = Connection.BeginTransaction();
        using var write = Connection.Command(
            """
            insert into writer (epoch, name) values (1, $1)
            on conflict (one) do update set epoch = writer.epoch + 1, name = excluded.name, at = clock_timestamp()
            returning epoch
            """,
            Sql.Text(name)
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
    public void Commit(IReadOnlyList<RowWrite> writes, long epoch, long seq)
    {
        using var batch = new NpgsqlBatch(Connection) { Timeout = PatienceSeconds };
        foreach (var collection in writes.GroupBy(write => write.Collection))
            Sql.Add(batch, collection.Key, [.. collection]);
        batch.BatchCommands.Add(CommitRow(writes, epoch, seq));
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

    /// <summary>Deletes old commits, but never the last one: its number goes on.</summary>
    public void Trim(long last, TimeSpan life, int most)
    {
        using var command = Connection.Command(
            """
            delete from commits where seq in (
                select seq from (select seq, at from commits where seq < $1 order by seq limit $2) oldest
                where at < clock_timestamp() - $3 * interval '1 second'
            )
            """,
            Sql.Number(last),
            Sql.Number(most),
            new NpgsqlParameter<double> { TypedValue = life.TotalSeconds }
        );
        command.ExecuteNonQuery();
    }

    /// <summary>Of several servers that make a key at once, one does.</summary>
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

    public void SayThatItLives() => Run("select 1");

    public IReadOnlyList<string> CollectionNames() => [.. _tables];

    public BsonDocument? Find(string collection, string id)
    {
        using var command = Connection.Command($"select doc from {Sql.Name(collection)} where id = $1", Sql.Text(id));
        return command.ExecuteScalar() is byte[] bytes ? PostgresReader.Read(bytes) : null;
    }

    public IEnumerable<BsonDocument> Scan(string collection) =>
        PostgresReader.Documents(Connection, _tables, collection).Select(PostgresReader.Read);

    public void CommitSteps(IEnumerable<Func<IEnumerable<RowWrite>>> steps)
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

    public void Sync() { }

    // A transaction undoes a migration that fails, and a host of PostgreSQL has backups of their own.
    public Action KeepCopy(int from, int to, ILogger log)
    {
        Storage.Log.MigratingWithoutCopy(log, from, to);
        return () => { };
    }

    public void Dispose() => Connection.Dispose();

    private void SetUp()
    {
        using (var version = Connection.Command("select current_setting('server_version_num')::int"))
        {
            if ((int)version.ExecuteScalar()! is < OldestVersion and var found)
                throw new DataDirectoryException(
                    $"{Place} is PostgreSQL {found / 10_000}, and the server needs {OldestVersion / 10_000} or newer. Upgrade it."
                );
        }
        // A commit that is answered must be durable. The lock of a server that is stopped, or cut off, must end soon: such a session is idle
        // or its packets get no answer.
        Run(
            """
            select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
            set idle_session_timeout = '6s';
            set idle_in_transaction_session_timeout = '60s';
            set tcp_keepalives_idle = 2;
            set tcp_keepalives_interval = 2;
            set tcp_keepalives_count = 2;
            set tcp_user_timeout = '6s';
            set client_min_messages = warning;
            """
        );
        using var command = Connection.Command("select tablename from pg_tables where schemaname = current_schema()");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            if (!Sql.OwnTables.Contains(reader.GetString(0)))
                _tables.Add(reader.GetString(0));
    }

    private static NpgsqlBatchCommand CommitRow(IReadOnlyList<RowWrite> writes, long epoch, long seq)
    {
        // Without a value for the epoch, which a writer that lost its lock does not find, the whole transaction fails.
        var command = new NpgsqlBatchCommand(
            "insert into commits (seq, epoch, rows) values ($1, (select epoch from writer where epoch = $2), $3)"
        );
        command.Parameters.Add(Sql.Number(seq));
        command.Parameters.Add(Sql.Number(epoch));
        command.Parameters.Add(Sql.Binary(CommitRecord.Write(writes)));
        return command;
    }

    private void Run(string text)
    {
        using var command = Connection.Command(text);
        command.ExecuteNonQuery();
    }
}
