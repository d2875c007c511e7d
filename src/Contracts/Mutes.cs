using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>A mute of the caller: a person, a tag, or everything when it names neither.</summary>
public sealed record Mute
{
    /// <summary>The muted person; null for a tag or everything.</summary>
    public Person? Person { get; init; }

    /// <summary>The muted tag; null for a person or everything.</summary>
    public string? Tag { get; init; }

    /// <summary>When it ends; null when it does not end.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Mutes a person, a tag or everything, the JSON body of <c>PUT /v1/me/mute</c> and similar routes.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewMute
{
    /// <summary>When it ends (default: never).</summary>
    public DateTimeOffset? Until { get; init; }
}
