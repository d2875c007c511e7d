using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Mutes a person, a tag or everything, the JSON body of <c>PUT /v1/me/mute</c> and its like.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewMute
{
    /// <summary>The instant at which it ends; never unless told.</summary>
    public DateTimeOffset? Until { get; init; }
}
