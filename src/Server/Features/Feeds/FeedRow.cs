using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Feeds;

/// <summary>A stored key for reading an account's feed and nothing else: only its SHA-256.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Account">Number of the account. The feed shows what this account may see.</param>
/// <param name="Name">Name that was given when the key was made.</param>
/// <param name="Hash">SHA-256 of the key.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Token">Id of the token that made it. It ends with that token. Null for one from a server that did not store this.</param>
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
