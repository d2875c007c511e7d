using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>A refusal that the caller is told about, word for word.</summary>
/// <param name="error">Which of the table's errors.</param>
/// <param name="detail">The limit and the value that was seen; never a secret.</param>
internal sealed class ApiProblem(ErrorCode error, string detail) : Exception(detail)
{
    public ErrorCode Error => error;

    /// <summary>Faults by field, as the request spells the field.</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>When trying again makes sense, for the answer's <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>One field outside its range: 400 <c>invalid_request</c>.</summary>
    public static ApiProblem Invalid(string field, string fault) =>
        new(Errors.InvalidRequest, $"{Excerpt.Of(field)}: {fault}")
        {
            Fields = new Dictionary<string, string[]> { [Excerpt.Of(field)] = [fault] },
        };
}
