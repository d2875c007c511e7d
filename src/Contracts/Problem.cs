using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Body of every error response, <c>application/problem+json</c> by RFC 9457.</summary>
public sealed record Problem
{
    /// <summary><c>urn:stories-cli:error:CODE</c>.</summary>
    public required string Type { get; init; }

    /// <summary>One short sentence, the same for every error of this code.</summary>
    public required string Title { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong with this request: the limit and the value that the server saw.</summary>
    public string? Detail { get; init; }

    /// <summary>One of <see cref="Errors"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Id of this request in the server's log.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>Faults by field name, spelled as in the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
