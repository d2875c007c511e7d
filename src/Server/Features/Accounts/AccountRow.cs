using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>An account, as other features see it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Handle">The handle. It never changes.</param>
/// <param name="DisplayName">The display name.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="CreatedAt">When it joined.</param>
/// <param name="Disabled">Whether the server refuses its tokens and links for now.</param>
internal abstract record TeamAccount(int Number, string Handle, string DisplayName, string Role, DateTimeOffset CreatedAt, bool Disabled)
{
    /// <summary>Stands for the number of a deleted account.</summary>
    public const int NobodysNumber = 0;

    public Person ToPerson() => new() { Handle = Handle, DisplayName = DisplayName };
}

/// <summary>A stored account. Other rows refer to it by number. Neither its number nor the handle of a deleted account is ever reused.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Handle">The handle. It never changes.</param>
/// <param name="DisplayName">The display name.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="CreatedAt">When it joined.</param>
/// <param name="Disabled">Whether the server refuses its tokens and links for now.</param>
/// <param name="Deleted">Whether it was deleted. The row stays, so that its handle stays taken.</param>
/// <param name="Erased">Whether all features have erased their data of it.</param>
/// <param name="ArchiveSince">Stories that expire after this time are archived; null for none.</param>
/// <param name="PrivateViewing">Whether it views privately: authors learn that somebody saw their story, but not who.</param>
/// <param name="AccessBy">Number of the admin who made the last access link for it; null for the host.</param>
/// <param name="AccessAt">When that link was made; null when there was none.</param>
/// <param name="AccessUsedAt">When that link was used; null when it was not.</param>
internal sealed record AccountRow(
    int Number,
    string Handle,
    string DisplayName,
    string Role,
    DateTimeOffset CreatedAt,
    bool Disabled,
    bool Deleted = false,
    bool Erased = false,
    DateTimeOffset? ArchiveSince = null,
    bool PrivateViewing = false,
    int? AccessBy = null,
    DateTimeOffset? AccessAt = null,
    DateTimeOffset? AccessUsedAt = null
) : TeamAccount(Number, Handle, DisplayName, Role, CreatedAt, Disabled)
{
    public static readonly Collection<AccountRow> Collection = new("accounts", ToDocument, FromDocument);

    private static RowDocument ToDocument(AccountRow row) =>
        new()
        {
            ["_id"] = row.Handle,
            ["number"] = row.Number,
            ["displayName"] = row.DisplayName,
            ["role"] = row.Role,
            ["createdAt"] = row.CreatedAt,
            ["disabled"] = row.Disabled,
            ["left"] = row.Deleted,
            ["cleared"] = row.Erased,
            ["archiveSince"] = row.ArchiveSince,
            ["privateViewing"] = row.PrivateViewing,
            ["accessBy"] = row.AccessBy,
            ["accessAt"] = row.AccessAt,
            ["accessUsedAt"] = row.AccessUsedAt,
        };

    private static AccountRow FromDocument(RowDocument document) =>
        new(
            document["number"].Int,
            document["_id"].Text,
            document["displayName"].Text,
            document["role"].Text,
            document["createdAt"].Time,
            document["disabled"].Flag,
            document["left"].Flag,
            document["cleared"].Flag,
            document["archiveSince"].TimeOrNull,
            document["privateViewing"].Flag,
            document["accessBy"].IntOrNull,
            document["accessAt"].TimeOrNull,
            document["accessUsedAt"].TimeOrNull
        );
}

/// <summary>A stored token: only the SHA-256 of its secret, never the secret.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Account">Number of the account.</param>
/// <param name="Name">Name that was given when the token was made.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Scopes">Scopes of the token. A full-access token keeps the scopes its role had when it was created.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it expires, unless use renews it or the host limits it: call <see cref="TokenExpiry.ExpiryOf"/>.</param>
/// <param name="LastUsedAt">When it was last used, to the minute.</param>
/// <param name="WholeRole">Whether it has all scopes of the account's role, even after the role changes. Tokens from joining have. Use renews them for people.</param>
/// <param name="Renews">Whether use renews it although it is not full-access: it was made with a token that renews, and without a lifetime.</param>
/// <param name="WarnedFor">The expiry that its account was warned of; null for none.</param>
internal sealed record TokenRow(
    string Id,
    int Account,
    string Name,
    string Hash,
    string[] Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt,
    bool WholeRole = false,
    bool Renews = false,
    DateTimeOffset? WarnedFor = null
)
{
    public static readonly Collection<TokenRow> Collection = new("tokens", ToDocument, FromDocument);

    private static RowDocument ToDocument(TokenRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["account"] = row.Account,
            ["name"] = row.Name,
            ["hash"] = row.Hash,
            ["scopes"] = row.Scopes,
            ["createdAt"] = row.CreatedAt,
            ["expiresAt"] = row.ExpiresAt,
            ["lastUsedAt"] = row.LastUsedAt,
            ["wholeRole"] = row.WholeRole,
            ["renews"] = row.Renews,
            ["warnedFor"] = row.WarnedFor,
        };

    private static TokenRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["account"].Int,
            document["name"].Text,
            document["hash"].Text,
            document["scopes"].Texts,
            document["createdAt"].Time,
            document["expiresAt"].Time,
            document["lastUsedAt"].TimeOrNull,
            document["wholeRole"].Flag,
            document["renews"].Flag,
            document["warnedFor"].TimeOrNull
        );
}

/// <summary>An unused invite. The server's own has no maker and does not expire.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Hash">SHA-256 of the code.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="CreatedBy">Number of the account that made it; null for the server.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it expires; null for the server's own.</param>
/// <param name="Token">Id of the token that made it. It ends with that token. Null for the server's own, and for one from a server that did not store this.</param>
internal sealed record InviteRow(
    string Id,
    string Hash,
    string Role,
    int? CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    string? Token
)
{
    public static readonly Collection<InviteRow> Collection = new("invites", ToDocument, FromDocument);

    private static RowDocument ToDocument(InviteRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["hash"] = row.Hash,
            ["role"] = row.Role,
            ["createdBy"] = row.CreatedBy,
            ["createdAt"] = row.CreatedAt,
            ["expiresAt"] = row.ExpiresAt,
            ["token"] = row.Token,
        };

    private static InviteRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["hash"].Text,
            document["role"].Text,
            document["createdBy"].IntOrNull,
            document["createdAt"].Time,
            document["expiresAt"].TimeOrNull,
            document["token"].Text
        );
}

/// <summary>A token, as other features see it.</summary>
/// <param name="Id">Id of the token, which is not secret.</param>
/// <param name="Name">Name that was given when the token was made.</param>
/// <param name="Account">Number of its account.</param>
/// <param name="EndsAt">When it expires, unless it is renewed.</param>
internal sealed record TokenSummary(string Id, string Name, int Account, DateTimeOffset EndsAt);
