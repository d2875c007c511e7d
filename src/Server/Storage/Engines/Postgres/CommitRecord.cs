using LiteDB;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>The writes and the events of one commit as BSON, for servers that follow.</summary>
internal static class CommitRecord
{
    private const string Items = "items",
        KindField = "k",
        CollectionField = "c",
        IdField = "i",
        DocumentField = "d";

    public static byte[] OfWrites(IReadOnlyList<RowWrite> writes) => Pack(writes.Select(Of));

    public static IReadOnlyList<RowWrite> ReadWrites(byte[] bytes) =>
        [
            .. Unpack(bytes)
                .Select(it => new RowWrite(
                    (WriteKind)it[KindField].AsInt32,
                    it[CollectionField].AsString,
                    it[IdField],
                    it[DocumentField] is { IsDocument: true } document ? document.AsDocument : null
                )),
        ];

    public static byte[] OfEvents(IReadOnlyList<CarriedEvent> events) =>
        Pack(events.Select(it => new BsonDocument { [KindField] = it.Kind, [DocumentField] = it.Content.Stored }));

    public static IReadOnlyList<CarriedEvent> ReadEvents(byte[] bytes) =>
        [.. Unpack(bytes).Select(it => new CarriedEvent(it[KindField].AsString, new(it[DocumentField].AsDocument)))];

    private static byte[] Pack(IEnumerable<BsonDocument> items) => BsonSerializer.Serialize(new() { [Items] = new BsonArray(items) });

    private static IEnumerable<BsonDocument> Unpack(byte[] bytes) =>
        BsonSerializer.Deserialize(bytes)[Items].AsArray.Select(it => it.AsDocument);

    private static BsonDocument Of(RowWrite write) =>
        new()
        {
            [KindField] = (int)write.Kind,
            [CollectionField] = write.Collection,
            [IdField] = write.Id,
            [DocumentField] = write.Document ?? BsonValue.Null,
        };
}
