using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Makes a feed key, the JSON body of <c>POST /v1/feeds</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewFeed
{
    /// <summary>What its owner calls it, at most <see cref="Limits.FeedNameCharacters"/> characters; <c>feed</c> unless told.</summary>
    public string? Name { get; init; }
}

/// <summary>A feed key that was just made. It is answered this once.</summary>
public sealed record MadeFeed
{
    /// <summary>ULID in lower case; what revokes it.</summary>
    public required string Id { get; init; }

    /// <summary><c>stf_…</c>, the <c>key</c> of <c>GET /v1/feed.atom</c> and <c>GET /v1/playlist.m3u8</c>.</summary>
    public required string Key { get; init; }

    /// <summary>When it ends, with the token that it was made with; sooner where that is revoked.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A feed key, without what it is.</summary>
public sealed record Feed
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends, with the token that it was made with; null for one that an older server made, which holds until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
