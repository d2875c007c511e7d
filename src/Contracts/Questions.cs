using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Asks everybody a question, the JSON body of <c>PUT /v1/question</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewQuestion
{
    /// <summary>1 to <see cref="Limits.QuestionCharacters"/> characters, on one line.</summary>
    public string? Text { get; init; }
}

/// <summary>A question to everybody, which stories answer.</summary>
public sealed record Question
{
    /// <summary>ULID in lower case; what a story's <c>answers</c> names.</summary>
    public required string Id { get; init; }

    /// <summary>At most <see cref="Limits.QuestionCharacters"/> characters.</summary>
    public required string Text { get; init; }

    /// <summary>Who wrote the words that stand.</summary>
    public required Person Asker { get; init; }

    /// <summary>When it was put; other words do not change it.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>The instant from which it is asked no longer.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Active stories that answer it and that the caller may see.</summary>
    public required int AnswerCount { get; init; }
}
