using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>An account as other features know it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Handle">Its name, never changed.</param>
/// <param name="DisplayName">For people to read.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="CreatedAt">When it joined.</param>
/// <param name="Disabled">Whether its tokens and links are refused for now.</param>
internal abstract record TeamAccount(int Number, string Handle, string DisplayName, string Role, DateTimeOffset CreatedAt, bool Disabled)
{
    /// <summary>Stands for the number of an account that was deleted.</summary>
    public const int NobodysNumber = 0;

    public Person ToPerson() => new() { Handle = Handle, DisplayName = DisplayName };
}

/// <summary>An account as stored. Other rows name it by its number, which is never used again; nor is the handle of one that has left.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Handle">Its name, never changed.</param>
/// <param name="DisplayName">For people to read.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="CreatedAt">When it joined.</param>
/// <param name="Disabled">Whether its tokens and links are refused for now.</param>
/// <param name="Deleted">Whether it was deleted. The row stays, so that its handle stays taken.</param>
/// <param name="Erased">Whether everything that features had of it is erased.</param>
/// <param name="ArchiveSince">What of its stories expires after this is archived; null for nothing.</param>
/// <param name="PrivateViewing">Whether authors learn that it looked, but not that it was this one.</param>
/// <param name="AccessBy">Number of the admin who made the last access link for it; null for the host.</param>
/// <param name="AccessAt">When that was; null for never.</param>
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

/// <summary>A token as stored: never its secret, only the SHA-256 of it.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Scopes">What it may do; of one for the whole role, what that was when it was made.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends, unless it is renewed or the host bounds it: ask <see cref="AccountStore.EndOf"/>.</param>
/// <param name="LastUsedAt">When it was last used, to the minute.</param>
/// <param name="WholeRole">Whether it may do what the account's role may, whatever that role becomes: the token from joining. A person's renews by use.</param>
/// <param name="Renews">Whether it renews by use although it is not for the whole role: made with a token that does, and without an end of its own.</param>
/// <param name="WarnedFor">The end that its owner was warned of; null for none.</param>
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

/// <summary>An invite that nobody has used. The server's own has no maker and no end.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Hash">SHA-256 of the code.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="CreatedBy">Number of the account that made it; null for the server.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends; null for the server's own.</param>
/// <param name="Token">Id of the token that it was made with, and ends with; null for the server's own, and for one that was made before that was noted.</param>
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

/// <summary>A token as other features know it.</summary>
/// <param name="Id">Its id, which is no secret.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Account">Number of its account.</param>
/// <param name="EndsAt">When it ends as things are: it may be renewed.</param>
internal sealed record TokenSummary(string Id, string Name, int Account, DateTimeOffset EndsAt);
