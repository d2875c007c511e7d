using LiteDB;
using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>Reads whole collections in the order of their ids, all of one moment.</summary>
/// <param name="connection">Connection of the session.</param>
/// <param name="tables">Collections that have a table.</param>
/// <param name="moment">Transaction that sees nothing later; null for the writer, who alone changes rows.</param>
internal sealed class PostgresReader(NpgsqlConnection connection, IReadOnlySet<string> tables, NpgsqlTransaction? moment) : RowReader
{
    private const int PatienceSeconds = 60;

    public override IEnumerable<TRow> All<TRow>(Collection<TRow> collection) =>
        Documents(connection, tables, collection.Name).Select(bytes => collection.FromDocument(new RowDocument(bytes)));

    public override void Dispose()
    {
        moment?.Dispose();
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

    public static BsonDocument Read(byte[] bytes) => BsonSerializer.Deserialize(bytes);
}
