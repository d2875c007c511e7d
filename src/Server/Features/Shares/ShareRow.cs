using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Shares;

/// <summary>A stored share: only the SHA-256 of the secret in its address, never the secret.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Story">Id of the story.</param>
/// <param name="Author">Number of the story's author.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="OpenCount">How often its page was opened.</param>
internal sealed record ShareRow(
    string Id,
    string Hash,
    string Story,
    int Author,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    long OpenCount = 0
)
{
    public static readonly Collection<ShareRow> Collection = new("shares", ToDocument, FromDocument);

    private static RowDocument ToDocument(ShareRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["hash"] = row.Hash,
            ["story"] = row.Story,
            ["author"] = row.Author,
            ["createdAt"] = row.CreatedAt,
            ["expiresAt"] = row.ExpiresAt,
            ["openCount"] = row.OpenCount,
        };

    private static ShareRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["hash"].Text,
            document["story"].Text,
            document["author"].Int,
            document["createdAt"].Time,
            document["expiresAt"].Time,
            document["openCount"].Long
        );
}
