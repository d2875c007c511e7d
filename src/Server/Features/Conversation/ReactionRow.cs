using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>One viewer's reaction to a story as stored.</summary>
internal sealed record ReactionRow(string Story, int Viewer, string Emoji)
{
    public static readonly Collection<ReactionRow> Collection = new("reactions", ToDocument, FromDocument);

    public static string IdOf(string story, int viewer) => $"{story}:{viewer}";

    private static RowDocument ToDocument(ReactionRow row) =>
        new()
        {
            ["_id"] = IdOf(row.Story, row.Viewer),
            ["story"] = row.Story,
            ["viewer"] = row.Viewer,
            ["emoji"] = row.Emoji,
        };

    private static ReactionRow FromDocument(RowDocument document) =>
        new(document["story"].Text, document["viewer"].Int, string.Intern(document["emoji"].Text));
}
