using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>One reply in a story's thread.</summary>
public sealed record Reply
{
    /// <summary>ULID in lower case, 26 characters, in the order of replying.</summary>
    public required string Id { get; init; }

    /// <summary>Who wrote it.</summary>
    public required Person Author { get; init; }

    /// <summary>At most <see cref="Limits.ReplyCharacters"/> characters. May hold SGR colour sequences, newlines and tabs.</summary>
    public required string Text { get; init; }

    /// <summary>When it was acknowledged, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A reply to write, the JSON body of <c>POST /v1/stories/{id}/replies</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewReply
{
    /// <summary>1 to <see cref="Limits.ReplyCharacters"/> characters.</summary>
    public string? Text { get; init; }
}

/// <summary>What is left of a reply that is gone.</summary>
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
    /// <summary>Which of the poll's answers, counted from 0.</summary>
    public int? Option { get; init; }
}

/// <summary>Someone who has taken notice of a story.</summary>
public sealed record Acknowledgement
{
    /// <summary>Who.</summary>
    public required Person Person { get; init; }

    /// <summary>When they first said so.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What one may react with.</summary>
public static class Reactions
{
    /// <summary>The ten, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> Emoji = ["🔥", "😂", "😍", "😮", "😢", "👏", "🎉", "💯", "👀", "✅"];
}
