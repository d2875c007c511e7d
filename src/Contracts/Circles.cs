using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>One of the caller's own groups of people, <c>+name</c> in an audience.</summary>
public sealed record Circle
{
    /// <summary><c>[a-z0-9_-]{1,32}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Handles, at most <see cref="Limits.AudienceNames"/>.</summary>
    public required string[] Members { get; init; }
}

/// <summary>Who shall be in a circle, instead of who is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CircleMembers
{
    /// <inheritdoc cref="Circle.Members"/>
    public string[]? Members { get; init; }
}
