using LiteDB;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>One viewer's acknowledgement of a story as stored.</summary>
internal sealed record AckRow(string Story, int Viewer, DateTimeOffset At)
{
    public static readonly Collection<AckRow> Collection = new("acks", ToDocument, FromDocument);

    public static string IdOf(string story, int viewer) => $"{story}:{viewer}";

    private static BsonDocument ToDocument(AckRow row) =>
        new()
        {
            ["_id"] = IdOf(row.Story, row.Viewer),
            ["story"] = row.Story,
            ["viewer"] = row.Viewer,
            ["at"] = row.At.ToUnixTimeMilliseconds(),
        };

    private static AckRow FromDocument(BsonDocument document) =>
        new(document["story"].AsString, document["viewer"].AsInt32, DateTimeOffset.FromUnixTimeMilliseconds(document["at"].AsInt64));
}
