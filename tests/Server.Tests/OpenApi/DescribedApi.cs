using System.Text;
using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.OpenApi;

/// <summary>One operation of the document.</summary>
internal sealed record DescribedOperation(string Id, HttpMethod Method, string Path, JsonElement Body)
{
    /// <summary>Each way to sign in, as the scopes that it needs; none for an open one.</summary>
    public string[][] Tokens =>
        [
            .. Body.GetProperty("security")
                .EnumerateArray()
                .Where(way => way.TryGetProperty("token", out _))
                .Select(way => way.GetProperty("token").EnumerateArray().Select(scope => scope.GetString()!).ToArray()),
        ];
}

/// <summary>The API as the server's own document describes it: each answer is held against that, and remembered.</summary>
internal sealed class DescribedApi
{
    private readonly SchemaCheck _schemas;

    private DescribedApi(JsonElement document)
    {
        _schemas = new(document);
        Operations = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(m => new DescribedOperation(
                        m.Value.GetProperty("operationId").GetString()!,
                        new(m.Name.ToUpperInvariant()),
                        path.Name,
                        m.Value
                    ))
            )
            .ToDictionary(operation => operation.Id);
    }

    public IReadOnlyDictionary<string, DescribedOperation> Operations { get; }

    /// <summary>What was answered: operation and status.</summary>
    public HashSet<(string Operation, int Status)> Seen { get; } = [];

    public static async Task<DescribedApi> ReadAsync(Wire anyone) => new((await anyone.GetAsync("/openapi/v1.json")).Json);

    /// <summary>Asks, and holds the answer against the document.</summary>
    /// <param name="who">Whose token it comes with.</param>
    /// <param name="id">The operation.</param>
    /// <param name="status">What must be answered.</param>
    /// <param name="path">What stands in the path, from left to right; what is missing becomes a word that fits nothing.</param>
    /// <param name="query">With its question mark.</param>
    /// <param name="json">The body, unless <paramref name="content"/> is it.</param>
    /// <param name="content">The body.</param>
    /// <param name="headers">Of the request.</param>
    public async Task<WireAnswer> AskAsync(
        Wire who,
        string id,
        int status,
        string[]? path = null,
        string query = "",
        string? json = null,
        HttpContent? content = null,
        params (string Name, string Value)[] headers
    )
    {
        var operation = Operations[id];
        var values = new Queue<string>(path ?? []);
        var url =
            string.Join(
                '/',
                operation
                    .Path.Split('/')
                    .Select(part =>
                        part.StartsWith('{')
                            ? values.Count > 0
                                ? values.Dequeue()
                                : "nothing"
                            : part
                    )
            ) + query;
        var answer = await who.SendAsync(
            operation.Method,
            url,
            content ?? (json is null ? null : new StringContent(json, Encoding.UTF8, "application/json")),
            headers
        );

        ((int)answer.Status)
            .Should()
            .Be(status, "{0} {1} answered {2}", operation.Method, url, answer.Body.Length < 2000 ? answer.Text : "much");
        Check(id, answer);
        return answer;
    }

    /// <summary>Holds an answer against the document.</summary>
    public void Check(string id, WireAnswer answer)
    {
        var status = (int)answer.Status;
        var operation = Operations[id];
        operation
            .Body.GetProperty("responses")
            .TryGetProperty($"{status}", out var found)
            .Should()
            .BeTrue("{0} answered {1}, which its description lacks: {2}", id, status, answer.Body.Length < 2000 ? answer.Text : "much");
        var described = _schemas.Resolve(found);
        if (status < 400 && described.TryGetProperty("headers", out var headers))
        {
            headers
                .EnumerateObject()
                .Where(header => answer.Header(header.Name) is null)
                .Select(header => header.Name)
                .Should()
                .BeEmpty("{0} names them", id);
        }
        if (described.TryGetProperty("content", out var content))
        {
            CheckBody(id, content, answer);
        }
        else
        {
            answer.Body.Should().BeEmpty("{0} names no body for {1}", id, status);
        }
        Seen.Add((id, status));
    }

    private void CheckBody(string id, JsonElement content, WireAnswer answer)
    {
        var type = answer.Header("Content-Type")?.Split(';')[0];
        content
            .TryGetProperty(type ?? "", out var body)
            .Should()
            .BeTrue("{0} answered {1} with the type {2}, which its description lacks", id, (int)answer.Status, type);
        var schema = body.GetProperty("schema");
        var values =
            type!.EndsWith("json", StringComparison.Ordinal) ? [answer.Json]
            : type == "text/event-stream"
                ?
                [
                    .. answer
                        .Text.Split('\n')
                        .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
                        .Select(line => JsonDocument.Parse(line[6..]).RootElement),
                ]
            : Array.Empty<JsonElement>();
        var expected = schema.TryGetProperty("contentSchema", out var pieces) ? pieces : schema;
        values
            .SelectMany(value => _schemas.Faults(expected, value))
            .Should()
            .BeEmpty("{0} answered {1} with {2}", id, (int)answer.Status, type);
    }
}
