using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Something that the caller has muted: a person, a tag, or with neither everything.</summary>
public sealed record Mute
{
    /// <summary>Whose stories; null where it is no person.</summary>
    public Person? Person { get; init; }

    /// <summary>Stories with this tag; null where it is no tag.</summary>
    public string? Tag { get; init; }

    /// <summary>The instant at which it ends; null for never.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Mutes a person, a tag or everything, the JSON body of <c>PUT /v1/me/mute</c> and its like.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewMute
{
    /// <summary>The instant at which it ends; never unless told.</summary>
    public DateTimeOffset? Until { get; init; }
}
