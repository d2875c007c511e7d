using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Asks the question of the day, the JSON body of <c>PUT /v1/question</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewQuestion
{
    /// <summary>1 to <see cref="Limits.QuestionCharacters"/> characters, on one line.</summary>
    public string? Text { get; init; }
}

/// <summary>The question of the day, which stories may answer.</summary>
public sealed record Question
{
    /// <summary>ULID in lower case; a story names it in <c>answers</c>.</summary>
    public required string Id { get; init; }

    /// <summary>At most <see cref="Limits.QuestionCharacters"/> characters.</summary>
    public required string Text { get; init; }

    /// <summary>Who wrote the present text.</summary>
    public required Person Asker { get; init; }

    /// <summary>When it was first asked. Rewording does not change it.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When it closes.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Number of active stories that answer it and that the caller may see.</summary>
    public required int AnswerCount { get; init; }
}
