using LiteDB;
using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>Reads whole collections in the order of their ids, all of one moment.</summary>
/// <param name="session">The session, which may be silent until this is disposed.</param>
/// <param name="moment">Transaction that sees nothing later; null for the writer, who alone changes rows.</param>
internal sealed class PostgresReader(PostgresSession session, NpgsqlTransaction? moment) : RowReader
{
    private const int PatienceSeconds = 60;

    protected override IEnumerable<object> All(string collection, Func<RowDocument, object> read) =>
        Documents(session.Connection, session.Tables, collection).Select(bytes => read(new RowDocument(bytes)));

    public override void Dispose()
    {
        moment?.Dispose();
        session.LetBeSilent(PostgresSession.SilenceAtMost);
        base.Dispose();
    }

    /// <summary>All rows of a collection as BSON; none when it has no table yet.</summary>
    public static List<byte[]> Documents(NpgsqlConnection connection, IReadOnlySet<string> tables, string collection)
    {
        var documents = new List<byte[]>();
        if (!tables.Contains(collection))
            return documents;
        using var command = connection.Command($"select doc from {Sql.Name(collection)} order by id");
        command.CommandTimeout = PatienceSeconds;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            documents.Add(reader.GetFieldValue<byte[]>(0));
        return documents;
    }

    /// <summary>Id and BSON of all rows of a table.</summary>
    public static List<(string Id, byte[] Document)> Rows(NpgsqlConnection connection, string collection)
    {
        using var command = connection.Command($"select id, doc from {Sql.Name(collection)} order by id");
        command.CommandTimeout = PatienceSeconds;
        using var reader = command.ExecuteReader();
        var rows = new List<(string Id, byte[] Document)>();
        while (reader.Read())
            rows.Add((reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        return rows;
    }

    public static BsonDocument Read(byte[] bytes) => BsonSerializer.Deserialize(bytes);
}
