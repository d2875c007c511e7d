using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Feeds;

/// <summary>A key that reads an account's feed and nothing else, as stored: only the SHA-256 of it.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Account">Number of the account whose eyes it has.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Hash">SHA-256 of the key.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Token">Id of the token that it was made with, and ends with; null for one that was made before that was noted.</param>
internal sealed record FeedRow(string Id, int Account, string Name, string Hash, DateTimeOffset CreatedAt, string? Token)
{
    public static readonly Collection<FeedRow> Collection = new("feeds", ToDocument, FromDocument);

    private static RowDocument ToDocument(FeedRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["account"] = row.Account,
            ["name"] = row.Name,
            ["hash"] = row.Hash,
            ["createdAt"] = row.CreatedAt,
            ["token"] = row.Token,
        };

    private static FeedRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["account"].Int,
            document["name"].Text,
            document["hash"].Text,
            document["createdAt"].Time,
            document["token"].Text
        );
}
