using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>One viewer's acknowledgement of a story as stored.</summary>
internal sealed record AckRow(string Story, int Viewer, DateTimeOffset At)
{
    public static readonly Collection<AckRow> Collection = new("acks", ToDocument, FromDocument);

    public static string IdOf(string story, int viewer) => $"{story}:{viewer}";

    private static RowDocument ToDocument(AckRow row) =>
        new()
        {
            ["_id"] = IdOf(row.Story, row.Viewer),
            ["story"] = row.Story,
            ["viewer"] = row.Viewer,
            ["at"] = row.At,
        };

    private static AckRow FromDocument(RowDocument document) => new(document["story"].Text, document["viewer"].Int, document["at"].Time);
}
