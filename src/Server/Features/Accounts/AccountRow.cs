using LiteDB;
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

    private static BsonDocument ToDocument(AccountRow row) =>
        new()
        {
            ["_id"] = row.Handle,
            ["number"] = row.Number,
            ["displayName"] = row.DisplayName,
            ["role"] = row.Role,
            ["createdAt"] = row.CreatedAt.ToUnixTimeMilliseconds(),
            ["disabled"] = row.Disabled,
            ["left"] = row.Deleted,
            ["cleared"] = row.Erased,
            ["archiveSince"] = row.ArchiveSince is { } since ? since.ToUnixTimeMilliseconds() : BsonValue.Null,
            ["privateViewing"] = row.PrivateViewing,
            ["accessBy"] = row.AccessBy is { } by ? by : BsonValue.Null,
            ["accessAt"] = row.AccessAt is { } at ? at.ToUnixTimeMilliseconds() : BsonValue.Null,
            ["accessUsedAt"] = row.AccessUsedAt is { } used ? used.ToUnixTimeMilliseconds() : BsonValue.Null,
        };

    private static AccountRow FromDocument(BsonDocument document) =>
        new(
            document["number"].AsInt32,
            document["_id"].AsString,
            document["displayName"].AsString,
            document["role"].AsString,
            DateTimeOffset.FromUnixTimeMilliseconds(document["createdAt"].AsInt64),
            document["disabled"].AsBoolean,
            document["left"] is { IsBoolean: true, AsBoolean: true },
            document["cleared"] is { IsBoolean: true, AsBoolean: true },
            document["archiveSince"] is { IsNull: false } since ? DateTimeOffset.FromUnixTimeMilliseconds(since.AsInt64) : null,
            document["privateViewing"] is { IsBoolean: true, AsBoolean: true },
            document["accessBy"] is { IsNull: false } by ? by.AsInt32 : null,
            document["accessAt"] is { IsNull: false } at ? DateTimeOffset.FromUnixTimeMilliseconds(at.AsInt64) : null,
            document["accessUsedAt"] is { IsNull: false } used ? DateTimeOffset.FromUnixTimeMilliseconds(used.AsInt64) : null
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

    private static BsonDocument ToDocument(TokenRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["account"] = row.Account,
            ["name"] = row.Name,
            ["hash"] = row.Hash,
            ["scopes"] = new BsonArray(row.Scopes.Select(scope => new BsonValue(scope))),
            ["createdAt"] = row.CreatedAt.ToUnixTimeMilliseconds(),
            ["expiresAt"] = row.ExpiresAt.ToUnixTimeMilliseconds(),
            ["lastUsedAt"] = row.LastUsedAt is { } used ? used.ToUnixTimeMilliseconds() : BsonValue.Null,
            ["wholeRole"] = row.WholeRole,
            ["renews"] = row.Renews,
            ["warnedFor"] = row.WarnedFor is { } warned ? warned.ToUnixTimeMilliseconds() : BsonValue.Null,
        };

    private static TokenRow FromDocument(BsonDocument document) =>
        new(
            document["_id"].AsString,
            document["account"].AsInt32,
            document["name"].AsString,
            document["hash"].AsString,
            [.. document["scopes"].AsArray.Select(scope => scope.AsString)],
            DateTimeOffset.FromUnixTimeMilliseconds(document["createdAt"].AsInt64),
            DateTimeOffset.FromUnixTimeMilliseconds(document["expiresAt"].AsInt64),
            document["lastUsedAt"] is { IsNull: false } used ? DateTimeOffset.FromUnixTimeMilliseconds(used.AsInt64) : null,
            document["wholeRole"] is { IsBoolean: true, AsBoolean: true },
            document["renews"] is { IsBoolean: true, AsBoolean: true },
            document["warnedFor"] is { IsNull: false } warned ? DateTimeOffset.FromUnixTimeMilliseconds(warned.AsInt64) : null
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

    private static BsonDocument ToDocument(InviteRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["hash"] = row.Hash,
            ["role"] = row.Role,
            ["createdBy"] = row.CreatedBy is { } by ? by : BsonValue.Null,
            ["createdAt"] = row.CreatedAt.ToUnixTimeMilliseconds(),
            ["expiresAt"] = row.ExpiresAt is { } end ? end.ToUnixTimeMilliseconds() : BsonValue.Null,
            ["token"] = row.Token,
        };

    private static InviteRow FromDocument(BsonDocument document) =>
        new(
            document["_id"].AsString,
            document["hash"].AsString,
            document["role"].AsString,
            document["createdBy"] is { IsNull: false } by ? by.AsInt32 : null,
            DateTimeOffset.FromUnixTimeMilliseconds(document["createdAt"].AsInt64),
            document["expiresAt"] is { IsNull: false } end ? DateTimeOffset.FromUnixTimeMilliseconds(end.AsInt64) : null,
            document["token"].AsString
        );
}

/// <summary>A token as other features know it.</summary>
/// <param name="Id">Its id, which is no secret.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Account">Number of its account.</param>
/// <param name="EndsAt">When it ends as things are: it may be renewed.</param>
internal sealed record TokenSummary(string Id, string Name, int Account, DateTimeOffset EndsAt);
