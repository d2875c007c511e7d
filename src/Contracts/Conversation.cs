using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>One reply in a story's thread.</summary>
public sealed record Reply
{
    /// <summary>ULID in lower case, 26 characters, in the order of the replies.</summary>
    public required string Id { get; init; }

    /// <summary>Who wrote it.</summary>
    public required Person Author { get; init; }

    /// <summary>At most <see cref="Limits.ReplyCharacters"/> characters. May hold SGR colour sequences, newlines and tabs.</summary>
    public required string Text { get; init; }

    /// <summary>When the server stored it, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A reply to write, the JSON body of <c>POST /v1/stories/{id}/replies</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewReply
{
    /// <summary>1 to <see cref="Limits.ReplyCharacters"/> characters.</summary>
    public string? Text { get; init; }
}

/// <summary>What the server still says of a deleted reply.</summary>
public sealed record RemovedReply
{
    /// <summary>The reply's id.</summary>
    public required string Id { get; init; }
}

/// <summary>A reaction to a story, the JSON body of <c>PUT /v1/stories/{id}/reaction</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewReaction
{
    /// <summary>One of <see cref="Reactions.Emoji"/>.</summary>
    public string? Emoji { get; init; }
}

/// <summary>A vote in a story's poll, the JSON body of <c>PUT /v1/stories/{id}/vote</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewVote
{
    /// <summary>Index of the chosen poll option, from 0.</summary>
    public int? Option { get; init; }
}

/// <summary>A person who has acknowledged a story.</summary>
public sealed record Acknowledgement
{
    /// <summary>The person.</summary>
    public required Person Person { get; init; }

    /// <summary>When they first acknowledged it.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>The emoji of reactions.</summary>
public static class Reactions
{
    /// <summary>The ten emoji, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> Emoji = ["🔥", "😂", "😍", "😮", "😢", "👏", "🎉", "💯", "👀", "✅"];
}
