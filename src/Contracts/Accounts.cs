using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Roles of an account, from most to least rights: the values of <see cref="Account.Role"/>.</summary>
public static class Roles
{
    /// <summary>Runs the server; may make owners and admins.</summary>
    public const string Owner = "owner";

    /// <summary>Invites people and disables accounts.</summary>
    public const string Admin = "admin";

    /// <summary>Posts and views stories.</summary>
    public const string Member = "member";

    /// <summary>The account of a pipeline.</summary>
    public const string Bot = "bot";
}

/// <summary>What a token may do: the values of <see cref="NewToken.Scopes"/>.</summary>
public static class Scopes
{
    /// <summary>View what the account may see, reply, react and vote.</summary>
    public const string Read = "read";

    /// <summary>Post. A token with this scope alone sees only the account's own stories.</summary>
    public const string Post = "post";

    /// <summary>Administer the server, where the account's role allows it.</summary>
    public const string Admin = "admin";
}

/// <summary>A person, by handle and display name.</summary>
public sealed record Person
{
    /// <summary><c>[a-z0-9_-]{2,32}</c>. It never changes.</summary>
    public required string Handle { get; init; }

    /// <summary>At most <see cref="Limits.DisplayNameCharacters"/> characters (default: the handle).</summary>
    public required string DisplayName { get; init; }
}

/// <summary>A member of the team.</summary>
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

    /// <summary>When the account joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Scopes of the token of this request.</summary>
    public string[] Scopes
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Id of the token of this request, as in the list of tokens.</summary>
    public string? TokenId { get; init; }

    /// <summary>When the token of this request expires. A token that renews expires later each time it is used.</summary>
    public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <inheritdoc cref="TokenInfo.Renews"/>
    public bool TokenRenews { get; init; }

    /// <summary>The last access link made for the account, for 30 days; null when there was none.</summary>
    public AccessGiven? Access { get; init; }

    /// <summary>Bytes that the account's stories use.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that the account may use.</summary>
    public long QuotaBytes { get; init; }

    /// <summary>Whether the server archives the account's stories when they expire. Only the account sees its archive.</summary>
    public bool Archive { get; init; }

    /// <summary>Whether the account views privately: authors learn that somebody saw their story, but not who.</summary>
    public bool PrivateViewing { get; init; }
}

/// <summary>An access link that somebody made for an account.</summary>
public sealed record AccessGiven
{
    /// <summary>Handle of the admin who made it; null when it was made on the server's machine.</summary>
    public string? By { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was used; null when it has not been used.</summary>
    public DateTimeOffset? UsedAt { get; init; }
}

/// <summary>Joins with an invite, or signs in again with an access link.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JoinRequest
{
    /// <summary>Code of the invite or of the access link. Surrounding white space is ignored.</summary>
    public string? Code { get; init; }

    /// <summary>The handle, <c>[a-z0-9_-]{2,32}</c>: a new one for an invite, the account's own for an access link.</summary>
    public string? Handle { get; init; }

    /// <summary>At most <see cref="Limits.DisplayNameCharacters"/> characters (default: the handle). Only with an invite.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Name of the new token, at most <see cref="Limits.TokenNameCharacters"/> characters (default: <c>first</c>; with an access link <c>access</c>).</summary>
    public string? TokenName { get; init; }

    /// <summary>Whether to revoke all earlier tokens of the account and the open invites it made. Only with an access link.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EndOtherTokens { get; init; }
}

/// <summary>The account and its new token.</summary>
public sealed record Joined
{
    /// <summary>The account.</summary>
    public required Account Account { get; init; }

    /// <summary><c>sty_…</c>. The server shows it only once.</summary>
    public required string Token { get; init; }
}

/// <summary>Asks for an invite.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewInvite
{
    /// <summary>One of <see cref="Roles"/>, no higher than the inviter's (default: <c>member</c>).</summary>
    public string? Role { get; init; }

    /// <summary>How long the invite can be used, at most 30 days (default: 24 hours).</summary>
    public string? Ttl { get; init; }
}

/// <summary>A new invite.</summary>
public sealed record MadeInvite
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The code. The server shows it only once.</summary>
    public required string Code { get; init; }

    /// <summary>Address to send to the person: a page of this server with the code behind <c>#</c>, which browsers keep to themselves. <c>stories join</c> takes it as it is. Missing when the server does not know its address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Link { get; init; }

    /// <summary>When it expires; null for the first owner's invite, which does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A new access link, which lets the person of an account sign in again, once.</summary>
public sealed record MadeAccess
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The code. The server shows it only once: a repeated request gets no code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>Address to send to the person, as in an invite: <c>stories join</c> takes it as it is. Missing without a code, and when the server does not know its address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Link { get; init; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An invite that nobody has used.</summary>
public sealed record OpenInvite
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Role of the account that joins with it.</summary>
    public required string Role { get; init; }

    /// <summary>Handle of the account that made it; null when the server made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires; null for the first owner's invite, which does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Asks for a token.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewToken
{
    /// <summary>Name of the token, at most <see cref="Limits.TokenNameCharacters"/> characters.</summary>
    public string? Name { get; init; }

    /// <summary>One or more of <see cref="Contracts.Scopes"/>, none that the caller's token lacks (default: the scopes of the caller's token).</summary>
    public string[]? Scopes { get; init; }

    /// <summary>Lifetime, at most 365 days and no longer than the caller's token has left. The new token then does not renew. By default it expires and renews as the caller's token does.</summary>
    public string? Ttl { get; init; }
}

/// <summary>A token, without its secret.</summary>
public record TokenInfo
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Name that was given when the token was made.</summary>
    public required string Name { get; init; }

    /// <summary>One or more of <see cref="Contracts.Scopes"/>.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires. A token that renews expires later each time it is used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether each use moves the expiry to 365 days later.</summary>
    public bool Renews { get; init; }

    /// <summary>When it was last used, to the minute; null when it was never used.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A new token.</summary>
public sealed record MadeToken : TokenInfo
{
    /// <summary><c>sty_…</c>. The server shows it only once.</summary>
    public required string Token { get; init; }
}
