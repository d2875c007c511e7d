using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Shares a story of one's own out of the house, the JSON body of <c>POST /v1/stories/{id}/share</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewShare
{
    /// <summary>Such as <c>7d</c>, which is the most; <see cref="Limits.ShareTtl"/> unless told, and never past the story.</summary>
    public string? Ttl { get; init; }
}

/// <summary>A share that was just made. Its address is answered this once.</summary>
public sealed record MadeShare
{
    /// <summary>ULID in lower case; what revokes it.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute http(s) address of a page for a browser, which needs no token: whoever has it sees the story.</summary>
    public required string Url { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A share that holds, without its address, which is not stored.</summary>
public sealed record Share
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The story that it shows.</summary>
    public required string StoryId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends; with the story, if that ends first.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How often its page was opened. By whom is not kept.</summary>
    public required long OpenCount { get; init; }
}
