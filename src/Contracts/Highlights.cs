using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Keeps a story beyond its lifetime, the JSON body of <c>PUT /v1/stories/{id}/keep</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewKeep
{
    /// <summary>The author's highlight that keeps it, <c>[a-z0-9._-]{1,64}</c>; <see cref="DefaultHighlight"/> unless told.</summary>
    public string? Highlight { get; init; }

    /// <summary>The highlight of who names none.</summary>
    public const string DefaultHighlight = "kept";
}

/// <summary>Kept stories of one author's under a name, as the caller may see them.</summary>
public sealed record Highlight
{
    /// <summary><c>[a-z0-9._-]{1,64}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Stories that the caller may see, 1–<see cref="Limits.HighlightStories"/>.</summary>
    public required int Count { get; init; }

    /// <summary>The first of them.</summary>
    public required string FirstId { get; init; }

    /// <summary>When the newest of them was posted.</summary>
    public required DateTimeOffset LatestAt { get; init; }
}

/// <summary>The order that the stories of a highlight shall have, the JSON body of <c>PUT /v1/people/{handle}/highlights/{name}</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HighlightOrder
{
    /// <summary>The ids of all its stories, each once.</summary>
    public string[]? Order { get; init; }
}
