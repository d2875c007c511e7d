using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>An unused access link, with which the person of an account signs in once. Not stored as an invite, so that an older server does not take it for one.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Hash">SHA-256 of the code.</param>
/// <param name="Account">Number of the account that it lets in.</param>
/// <param name="CreatedBy">Number of the admin who made it; null for the host, on the server's machine.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="Token">Id of the token that made it. It ends with that token. Null for the host's, and for one from a server that did not store this.</param>
internal sealed record AccessRow(
    string Id,
    string Hash,
    int Account,
    int? CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    string? Token
)
{
    public static readonly Collection<AccessRow> Collection = new("access", ToDocument, FromDocument);

    private static RowDocument ToDocument(AccessRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["hash"] = row.Hash,
            ["account"] = row.Account,
            ["createdBy"] = row.CreatedBy,
            ["createdAt"] = row.CreatedAt,
            ["expiresAt"] = row.ExpiresAt,
            ["token"] = row.Token,
        };

    private static AccessRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["hash"].Text,
            document["account"].Int,
            document["createdBy"].IntOrNull,
            document["createdAt"].Time,
            document["expiresAt"].Time,
            document["token"].Text
        );
}
