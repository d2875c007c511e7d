using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>SQL that only a move of rows uses.</summary>
internal static class MoveStatements
{
    private const int PatienceSeconds = 60;

    /// <summary>A key that is there; null when there is none.</summary>
    public static byte[]? FindKey(this PostgresSession session, string name)
    {
        using var exists = session.Connection.Command("select to_regclass('keys') is not null");
        if (!(bool)exists.ExecuteScalar()!)
            return null;
        using var read = session.Connection.Command("select value from keys where name = $1", Sql.Text(name));
        return read.ExecuteScalar() as byte[];
    }

    public static void PutKey(this PostgresSession session, string name, byte[] key)
    {
        Run(session, Sql.MakeKeys);
        Run(
            session,
            "insert into keys (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
            Sql.Text(name),
            Sql.Binary(key)
        );
    }

    /// <summary>Inserts rows that are not there.</summary>
    public static void PutRows(this PostgresSession session, string collection, IReadOnlyCollection<(string Id, byte[] Document)> rows) =>
        Run(
            session,
            $"insert into {Sql.Name(collection)} (id, doc) select * from unnest($1, $2)",
            Sql.Texts(rows.Select(row => row.Id)),
            Sql.Binaries(rows.Select(row => row.Document))
        );

    /// <summary>Has every server refuse to start on the database.</summary>
    /// <param name="session">The session.</param>
    /// <param name="command">The command to run again, if this one is killed.</param>
    public static void MarkMove(this PostgresSession session, string command)
    {
        Run(
            session,
            $"create table if not exists {Sql.MoveMark} (command text not null, at timestamptz not null default clock_timestamp())"
        );
        Run(session, $"delete from {Sql.MoveMark}");
        Run(session, $"insert into {Sql.MoveMark} (command) values ($1)", Sql.Text(command));
    }

    public static void RemoveMoveMark(this PostgresSession session) => Run(session, $"drop table if exists {Sql.MoveMark}");

    /// <summary>Runs an action. If it fails, the error names the database.</summary>
    /// <exception cref="DataDirectoryException">The database cannot be reached, or refuses it.</exception>
    public static T Named<T>(this PostgresSession session, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NpgsqlException e)
        {
            throw new DataDirectoryException($"{session.Place} failed: {PostgresSession.Reason(e)}. Run the command again.", e);
        }
    }

    private static void Run(PostgresSession session, string text, params NpgsqlParameter[] parameters)
    {
        using var command = session.Connection.Command(text, parameters);
        command.CommandTimeout = PatienceSeconds;
        command.ExecuteNonQuery();
    }
}
