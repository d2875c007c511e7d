using LiteDB;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>The writes of one commit as BSON, for servers that follow.</summary>
internal static class CommitRecord
{
    private const string Writes = "writes",
        KindField = "k",
        CollectionField = "c",
        IdField = "i",
        DocumentField = "d";

    public static byte[] Write(IReadOnlyList<RowWrite> writes) =>
        BsonSerializer.Serialize(new BsonDocument { [Writes] = new BsonArray(writes.Select(Of)) });

    public static IReadOnlyList<RowWrite> Read(byte[] bytes) =>
        [
            .. BsonSerializer
                .Deserialize(bytes)[Writes]
                .AsArray.Select(it => it.AsDocument)
                .Select(it => new RowWrite(
                    (WriteKind)it[KindField].AsInt32,
                    it[CollectionField].AsString,
                    it[IdField],
                    it[DocumentField] is { IsDocument: true } document ? document.AsDocument : null
                )),
        ];

    private static BsonDocument Of(RowWrite write) =>
        new()
        {
            [KindField] = (int)write.Kind,
            [CollectionField] = write.Collection,
            [IdField] = write.Id,
            [DocumentField] = write.Document ?? BsonValue.Null,
        };
}
