using System.Net;
using System.Text;
using System.Text.Json;
using StoriesCli.Server.Http;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Http;

/// <summary>An empty value that means nothing is refused by name: as a filter it would match everything.</summary>
public sealed class EmptyValueTests : IAsyncLifetime
{
    private ServerHost _host = null!;
    private Wire _ana = null!;
    private JsonElement _document;
    private string _story = null!;

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        _ana = _host.Wire(await _host.JoinAsync("ana"));
        await _host.JoinAsync("bob");
        _document = (await _ana.GetAsync("/openapi/v1.json")).Json;
        _story = (await _ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString()!;
        await _ana.SendAsync(HttpMethod.Put, $"/v1/stories/{_story}/keep", Json("""{ "highlight": "best" }"""));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("=%20")]
    public async Task Every_parameter_of_every_query_refuses_an_empty_value_by_its_name(string empty)
    {
        var asked = 0;
        foreach (var (method, path, operation) in Operations())
        {
            foreach (var name in Parameters(operation))
            {
                var answer = await _ana.SendAsync(method, $"{path}?{name}{empty}", null);

                answer.Status.Should().Be(HttpStatusCode.BadRequest, "{0} {1}?{2}{3}", method, path, name, empty);
                if (method != HttpMethod.Head)
                {
                    ErrorsOf(answer, name)
                        .Should()
                        .Contain(fault => fault.StartsWith("is empty"), "{0} {1}?{2}{3}: {4}", method, path, name, empty, answer.Text);
                }
                asked++;
            }
        }
        asked.Should().BeGreaterThan(80);
        (await _ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(1, "nothing was posted");
    }

    [Fact]
    public async Task Every_field_of_a_form_refuses_an_empty_value_by_its_name()
    {
        var fields = _document
            .GetProperty("paths")
            .GetProperty("/v1/stories")
            .GetProperty("post")
            .GetProperty("requestBody")
            .GetProperty("content")
            .GetProperty("multipart/form-data")
            .GetProperty("schema")
            .GetProperty("properties")
            .EnumerateObject()
            .Where(field => !IsFile(field.Value))
            .Select(field => field.Name)
            .ToArray();

        var picture = await TestMedia.JpegAsync();
        fields.Should().HaveCountGreaterThan(15);
        foreach (var name in fields)
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent(""), name },
                { new ByteArrayContent(picture), "file", "x.jpg" },
            };
            var answer = await _ana.SendAsync(HttpMethod.Post, "/v1/stories", form);

            ErrorsOf(answer, name).Should().Contain(fault => fault.StartsWith("is empty"), "{0}: {1}", name, answer.Text);
        }
    }

    [Fact]
    public async Task Every_text_in_every_body_refuses_an_empty_value_by_its_name_unless_the_table_says_what_it_means()
    {
        var (refused, taken) = (0, new List<string>());
        foreach (var (method, path, operation) in Operations())
        {
            if (
                !operation.TryGetProperty("requestBody", out var body)
                || !body.GetProperty("content").TryGetProperty("application/json", out var json)
            )
            {
                continue;
            }
            foreach (var (field, text) in Texts(json.GetProperty("schema"), ""))
            {
                var answer = await _ana.SendAsync(method, path, Json(text));
                if (answer.Status == HttpStatusCode.BadRequest && ErrorsOf(answer, field).Any(fault => fault.StartsWith("is empty")))
                {
                    refused++;
                }
                else
                {
                    answer.Status.Should().Be(HttpStatusCode.OK, "{0} {1} {2}: {3}", method, path, text, answer.Text);
                    taken.Add(field);
                }
            }
        }
        refused.Should().BeGreaterThan(30);
        taken.Should().BeEquivalentTo(JsonShape.EmptyMeanings.Keys.Select(key => key.Field));
    }

    [Fact]
    public async Task A_time_without_an_offset_is_refused_in_a_query_as_in_a_body()
    {
        (await _ana.GetAsync("/v1/stories?since=2026-11-22T18:00:00")).Code.Should().Be("invalid_request");
        (await _ana.GetAsync("/v1/digest?since=2026-11-22T18:00:00")).Code.Should().Be("invalid_request");
        (await _ana.GetAsync("/v1/stories?since=2026-11-22T18:00:00%2B01:00")).Status.Should().Be(HttpStatusCode.OK);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static string[] ErrorsOf(WireAnswer answer, string field) =>
        answer.Json.TryGetProperty("errors", out var errors) && errors.TryGetProperty(field, out var faults)
            ? [.. faults.EnumerateArray().Select(fault => fault.GetString()!)]
            : [];

    private IEnumerable<(HttpMethod Method, string Path, JsonElement Operation)> Operations() =>
        _document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject().Select(it => (new HttpMethod(it.Name.ToUpperInvariant()), Fill(path.Name), it.Value))
            );

    private string Fill(string path) =>
        path.Replace("{id}", _story, StringComparison.Ordinal)
            .Replace("{name}", "best", StringComparison.Ordinal)
            .Replace("{handle}", path.Contains("highlights", StringComparison.Ordinal) ? "ana" : "bob", StringComparison.Ordinal);

    private IEnumerable<string> Parameters(JsonElement operation) =>
        !operation.TryGetProperty("parameters", out var parameters)
            ? []
            : parameters
                .EnumerateArray()
                .Select(Resolve)
                .Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()!);

    /// <summary>Each text field of a body by its name in faults, with a body in which it is empty.</summary>
    private IEnumerable<(string Field, string Body)> Texts(JsonElement schema, string prefix)
    {
        foreach (
            var choice in schema.TryGetProperty("oneOf", out var choices) || schema.TryGetProperty("anyOf", out choices)
                ? choices.EnumerateArray()
                : Enumerable.Empty<JsonElement>()
        )
        {
            foreach (var text in Texts(choice, prefix))
            {
                yield return text;
            }
        }
        if (!Resolve(schema).TryGetProperty("properties", out var properties))
        {
            yield break;
        }
        foreach (var property in properties.EnumerateObject())
        {
            var found = Resolve(property.Value);
            if (Is(found, "string") && !found.TryGetProperty("format", out _))
            {
                yield return (prefix + property.Name, $$"""{ "{{property.Name}}": "" }""");
            }
            else if (Is(found, "array") && Is(Resolve(found.GetProperty("items")), "string"))
            {
                yield return ($"{prefix}{property.Name}[0]", $$"""{ "{{property.Name}}": [" "] }""");
            }
            else
            {
                foreach (var (field, body) in Texts(property.Value, $"{prefix}{property.Name}."))
                {
                    yield return (field, $$"""{ "{{property.Name}}": {{body}} }""");
                }
            }
        }
    }

    private static bool Is(JsonElement schema, string type) =>
        schema.TryGetProperty("type", out var given)
        && (
            given.ValueKind == JsonValueKind.String ? given.GetString() == type : given.EnumerateArray().Any(one => one.GetString() == type)
        );

    private static bool IsFile(JsonElement schema) => schema.TryGetProperty("format", out var format) && format.GetString() == "binary";

    private JsonElement Resolve(JsonElement element) =>
        !element.TryGetProperty("$ref", out var at)
            ? element
            : at.GetString()!.Split('/').Skip(1).Aggregate(_document, (found, part) => found.GetProperty(part));
}
