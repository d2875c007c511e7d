using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Reports a story to the admins, the JSON body of <c>POST /v1/stories/{id}/report</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewReport
{
    /// <summary>1 to <see cref="Limits.ReasonCharacters"/> characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>A report of a story, for admins.</summary>
public sealed record Report
{
    /// <summary>The story, which is still active or kept.</summary>
    public required Story Story { get; init; }

    /// <summary>Who reported it.</summary>
    public required Person Reporter { get; init; }

    /// <summary>At most <see cref="Limits.ReasonCharacters"/> characters. May hold newlines and tabs.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was reported.</summary>
    public required DateTimeOffset At { get; init; }
}
