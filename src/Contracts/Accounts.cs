using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>What an account may do, from most to least: the values of <see cref="Account.Role"/>.</summary>
public static class Roles
{
    /// <summary>Owns the box; may make owners and admins.</summary>
    public const string Owner = "owner";

    /// <summary>Invites people and disables accounts.</summary>
    public const string Admin = "admin";

    /// <summary>Posts and looks.</summary>
    public const string Member = "member";

    /// <summary>A pipeline's account.</summary>
    public const string Bot = "bot";
}

/// <summary>What a token may do: the values of <see cref="NewToken.Scopes"/>.</summary>
public static class Scopes
{
    /// <summary>Look at what the account may see, and answer it.</summary>
    public const string Read = "read";

    /// <summary>Post; alone it sees its own stories only.</summary>
    public const string Post = "post";

    /// <summary>Administer, where the account's role allows it.</summary>
    public const string Admin = "admin";
}

/// <summary>Somebody, by name.</summary>
public sealed record Person
{
    /// <summary><c>[a-z0-9_-]{2,32}</c>, never changed.</summary>
    public required string Handle { get; init; }

    /// <summary>At most <see cref="Limits.DisplayNameCharacters"/> characters; the handle unless told.</summary>
    public required string DisplayName { get; init; }
}

/// <summary>Somebody in the list of people.</summary>
public sealed record TeamMember
{
    /// <inheritdoc cref="Person.Handle"/>
    public required string Handle { get; init; }

    /// <inheritdoc cref="Person.DisplayName"/>
    public required string DisplayName { get; init; }

    /// <summary>One of <see cref="Roles"/>.</summary>
    public required string Role { get; init; }
}

/// <summary>The caller's own account.</summary>
public sealed record Account
{
    /// <inheritdoc cref="Person.Handle"/>
    public required string Handle { get; init; }

    /// <inheritdoc cref="Person.DisplayName"/>
    public required string DisplayName { get; init; }

    /// <summary>One of <see cref="Roles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>When it joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Scopes of the token that asks.</summary>
    public string[] Scopes
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The id of that token, as the list of tokens has it.</summary>
    public string? TokenId { get; init; }

    /// <summary>When that token ends; one that renews, unless it is used again.</summary>
    public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <inheritdoc cref="TokenInfo.Renews"/>
    public bool TokenRenews { get; init; }

    /// <summary>The last access link that was made for the account, for 30 days; null when there was none.</summary>
    public AccessGiven? Access { get; init; }

    /// <summary>Bytes of the account's stories.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that the account may use.</summary>
    public long QuotaBytes { get; init; }

    /// <summary>Whether its stories are archived when they expire, for itself alone.</summary>
    public bool Archive { get; init; }

    /// <summary>Whether authors learn that somebody saw their story, but not that it was this account.</summary>
    public bool PrivateViewing { get; init; }
}

/// <summary>That somebody made an access link for an account.</summary>
public sealed record AccessGiven
{
    /// <summary>Handle of the admin who made it; null for the host, at the machine itself.</summary>
    public string? By { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was used; null when it was not.</summary>
    public DateTimeOffset? UsedAt { get; init; }
}

/// <summary>Joins with an invite, or comes back with an access link.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JoinRequest
{
    /// <summary>The code of the invite or of the access link; surrounding white space is ignored.</summary>
    public string? Code { get; init; }

    /// <summary>The handle, <c>[a-z0-9_-]{2,32}</c>: a new one for an invite, the account's own for an access link.</summary>
    public string? Handle { get; init; }

    /// <summary>At most <see cref="Limits.DisplayNameCharacters"/> characters; the handle unless told. Only with an invite.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Name of the new token, at most <see cref="Limits.TokenNameCharacters"/> characters; <c>first</c> unless told, or <c>access</c>.</summary>
    public string? TokenName { get; init; }

    /// <summary>Whether all earlier tokens of the account end, and the open invites it made. Only with an access link.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EndOtherTokens { get; init; }
}

/// <summary>The account and its new token.</summary>
public sealed record Joined
{
    /// <summary>The account.</summary>
    public required Account Account { get; init; }

    /// <summary><c>sty_…</c>, shown this once.</summary>
    public required string Token { get; init; }
}

/// <summary>Asks for an invite.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewInvite
{
    /// <summary>One of <see cref="Roles"/>, no higher than the inviter's; <c>member</c> unless told.</summary>
    public string? Role { get; init; }

    /// <summary>How long it holds; 24 hours unless told, at most 30 days.</summary>
    public string? Ttl { get; init; }
}

/// <summary>An invite that was just made.</summary>
public sealed record MadeInvite
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The code, shown this once.</summary>
    public required string Code { get; init; }

    /// <summary>When it ends; null for the owner's first one.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A one-time access link, by which somebody gets back into their account.</summary>
public sealed record MadeAccess
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The code, shown this once; absent from a repeated answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An invite that nobody has used.</summary>
public sealed record OpenInvite
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Role of who joins with it.</summary>
    public required string Role { get; init; }

    /// <summary>Handle of who made it; null for the server's own.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends; null for the owner's first one.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Asks for a token.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewToken
{
    /// <summary>At most <see cref="Limits.TokenNameCharacters"/> characters.</summary>
    public string? Name { get; init; }

    /// <summary>Of <see cref="Contracts.Scopes"/>, no more than the caller's; the caller's unless told.</summary>
    public string[]? Scopes { get; init; }

    /// <summary>At most 365 days and no longer than the caller's remaining life, and then it does not renew; unless told it ends and renews as the caller's does.</summary>
    public string? Ttl { get; init; }
}

/// <summary>A token, without its secret.</summary>
public record TokenInfo
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Of <see cref="Contracts.Scopes"/>.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends; one that renews, unless it is used again.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether each use moves its end to 365 days later.</summary>
    public bool Renews { get; init; }

    /// <summary>When it was last used, to the minute; null when never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A token that was just made.</summary>
public sealed record MadeToken : TokenInfo
{
    /// <summary><c>sty_…</c>, shown this once.</summary>
    public required string Token { get; init; }
}
