using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>An access link that nobody has used: it lets its account back in, once. Kept apart from invites, so that no older binary takes it for one.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Hash">SHA-256 of the code.</param>
/// <param name="Account">Number of the account it is for.</param>
/// <param name="CreatedBy">Number of the admin who made it; null for the host, at the machine itself.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Token">Id of the token that it was made with, and ends with; null for the host's, and for one that was made before that was noted.</param>
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
