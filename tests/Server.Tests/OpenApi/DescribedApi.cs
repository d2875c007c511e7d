using System.Text;
using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.OpenApi;

/// <summary>One operation of the document.</summary>
internal sealed record DescribedOperation(string Id, HttpMethod Method, string Path, JsonElement Body)
{
    /// <summary>Alternative ways to sign in, each as the scopes it needs; none for an open operation.</summary>
    public string[][] Tokens =>
        [
            .. Body.GetProperty("security")
                .EnumerateArray()
                .Where(way => way.TryGetProperty("token", out _))
                .Select(way => way.GetProperty("token").EnumerateArray().Select(scope => scope.GetString()!).ToArray()),
        ];
}

/// <summary>The API as the server's own document describes it. Checks every response against the document, and records it.</summary>
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

    /// <summary>Responses so far: operation and status.</summary>
    public HashSet<(string Operation, int Status)> Seen { get; } = [];

    public static async Task<DescribedApi> ReadAsync(Wire anyone) => new((await anyone.GetAsync("/openapi/v1.json")).Json);

    /// <summary>Sends a request, and checks the response against the document.</summary>
    /// <param name="who">Client with the token to use.</param>
    /// <param name="id">Id of the operation.</param>
    /// <param name="status">Expected status.</param>
    /// <param name="path">Values for the path, from left to right. A missing one becomes a word that matches nothing.</param>
    /// <param name="query">Query with its question mark.</param>
    /// <param name="json">JSON body, unless <paramref name="content"/> is given.</param>
    /// <param name="content">Body.</param>
    /// <param name="headers">Headers of the request.</param>
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

    /// <summary>Checks a response against the document.</summary>
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
