using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Makes a feed key, the JSON body of <c>POST /v1/feeds</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewFeed
{
    /// <summary>Name of the feed key, at most <see cref="Limits.FeedNameCharacters"/> characters (default: <c>feed</c>).</summary>
    public string? Name { get; init; }
}

/// <summary>A new feed key. The server shows the key only once.</summary>
public sealed record MadeFeed
{
    /// <summary>ULID in lower case, for revoking the key.</summary>
    public required string Id { get; init; }

    /// <summary><c>stf_…</c>, the <c>key</c> of <c>GET /v1/feed.atom</c> and <c>GET /v1/playlist.m3u8</c>.</summary>
    public required string Key { get; init; }

    /// <summary>When it expires: with the token that made it, or earlier if that token is revoked.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A feed key, without the key itself.</summary>
public sealed record Feed
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Name that was given when the key was made.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires, with the token that made it; null for a key from an older server, which works until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
