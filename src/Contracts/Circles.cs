using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>A circle of the caller, written <c>+name</c> in an audience.</summary>
public sealed record Circle
{
    /// <summary><c>[a-z0-9_-]{1,32}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Handles, at most <see cref="Limits.AudienceNames"/>.</summary>
    public required string[] Members { get; init; }
}

/// <summary>The new members of a circle, in place of the present ones.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CircleMembers
{
    /// <inheritdoc cref="Circle.Members"/>
    public string[]? Members { get; init; }
}
