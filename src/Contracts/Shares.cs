using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Shares one of the caller's stories outside the team, the JSON body of <c>POST /v1/stories/{id}/share</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewShare
{
    /// <summary>Lifetime, such as <c>24h</c>, at most <see cref="Limits.ShareTtlMaximum"/> and never beyond the story's (default: <see cref="Limits.ShareTtl"/>).</summary>
    public string? Ttl { get; init; }
}

/// <summary>A new share. The server shows its address only once.</summary>
public sealed record MadeShare
{
    /// <summary>ULID in lower case, for revoking the share.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute http(s) address of a web page that needs no token: anyone with the address sees the story.</summary>
    public required string Url { get; init; }

    /// <summary>When it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A share that has not expired, without its address, which the server does not store.</summary>
public sealed record Share
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the story that it shows.</summary>
    public required string StoryId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires, at the latest with the story.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How often its page was opened. The server does not keep by whom.</summary>
    public required long OpenCount { get; init; }
}
