using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Keeps a story beyond its lifetime, the JSON body of <c>PUT /v1/stories/{id}/keep</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewKeep
{
    /// <summary>The author's highlight that keeps it, <c>[a-z0-9._-]{1,64}</c> (default: <see cref="DefaultHighlight"/>).</summary>
    public string? Highlight { get; init; }

    /// <summary>The default highlight.</summary>
    public const string DefaultHighlight = "kept";
}

/// <summary>Stories that one author keeps under one name, as the caller may see them.</summary>
public sealed record Highlight
{
    /// <summary><c>[a-z0-9._-]{1,64}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Number of stories that the caller may see, 1–<see cref="Limits.HighlightStories"/>.</summary>
    public required int Count { get; init; }

    /// <summary>Id of the first story.</summary>
    public required string FirstId { get; init; }

    /// <summary>When the newest story was posted.</summary>
    public required DateTimeOffset LatestAt { get; init; }
}

/// <summary>The new order of a highlight's stories, the JSON body of <c>PUT /v1/people/{handle}/highlights/{name}</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HighlightOrder
{
    /// <summary>Ids of all its stories, each once.</summary>
    public string[]? Order { get; init; }
}
