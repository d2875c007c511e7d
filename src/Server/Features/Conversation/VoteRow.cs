using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>One viewer's vote in a story's poll as stored. The id combines story and viewer, so there cannot be a second one.</summary>
/// <param name="Story">Id of the story.</param>
/// <param name="Viewer">Number of the account that voted.</param>
/// <param name="Option">Index of the chosen option, from 0.</param>
internal sealed record VoteRow(string Story, int Viewer, int Option)
{
    public static readonly Collection<VoteRow> Collection = new("votes", ToDocument, FromDocument);

    public static string IdOf(string story, int viewer) => $"{story}:{viewer}";

    private static RowDocument ToDocument(VoteRow row) =>
        new()
        {
            ["_id"] = IdOf(row.Story, row.Viewer),
            ["story"] = row.Story,
            ["viewer"] = row.Viewer,
            ["option"] = row.Option,
        };

    private static VoteRow FromDocument(RowDocument document) =>
        new(document["story"].Text, document["viewer"].Int, document["option"].Int);
}
