using System.Net;
using System.Text;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Http;

public sealed class StrictnessTests
{
    [Theory]
    [InlineData("""{ "text": 5 }""", "text", "a text, was 5")]
    [InlineData("""{ "text": "x", "tags": "a" }""", "tags", "a list of texts, was the text \"a\"")]
    [InlineData("""{ "text": "x", "tags": ["a", {}] }""", "tags[1]", "a text, was an object")]
    [InlineData("""{ "text": "x", "repliesOn": "on" }""", "repliesOn", "true or false, was the text \"on\"")]
    [InlineData("""{ "text": "x", "source": [] }""", "source", "an object, was a list")]
    [InlineData("""{ "text": "x", "source": { "exitCode": 1.5 } }""", "source.exitCode", "a whole number of at most 32 bits, was 1.5")]
    [InlineData("""{ "text": "x", "source": { "branch": "main" } }""", "source.branch", "unknown: source takes repository")]
    [InlineData("""{ "text": "x", "text": "y" }""", "text", "was given 2 times")]
    [InlineData("""{ "text": "x", "captoin": "y" }""", "captoin", "unknown: this route takes text, caption")]
    [InlineData("[]", "body", "an object, was a list")]
    public async Task A_field_of_the_wrong_shape_is_named_with_what_was_expected_and_seen(string json, string field, string told)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ana.PostJsonAsync("/v1/stories", json);

        (answer.Status, answer.Code).Should().Be((HttpStatusCode.BadRequest, "invalid_request"));
        answer.Json.GetProperty("errors").GetProperty(field)[0].GetString().Should().Contain(told);
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData("""{ "\ud800": 1 }""")]
    [InlineData("""{ "text": "\ud800" }""")]
    [InlineData("""{ "text": "x", "tags": [null] }""")]
    public async Task Half_characters_and_nulls_in_lists_are_refused(string json)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.PostJsonAsync("/v1/stories", json)).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_view_takes_no_fields()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();
        Task<WireAnswer> ViewAsync(HttpContent? body) => ana.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/view", body);

        (await ViewAsync(null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await ViewAsync(new StringContent("{}", Encoding.UTF8, "application/json"))).Status.Should().Be(HttpStatusCode.NoContent);
        var refused = await ViewAsync(new StringContent("""{ "privately": true }""", Encoding.UTF8, "application/json"));
        refused.Json.GetProperty("errors").GetProperty("privately")[0].GetString().Should().Contain("no fields");
        (await ViewAsync(new StringContent("x"))).Code.Should().Be("media_type_refused");
    }

    [Fact]
    public async Task Two_keys_are_one_too_many()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var request = new StringContent("""{ "text": "x" }""", Encoding.UTF8, "application/json");

        var refused = await ana.SendAsync(HttpMethod.Post, "/v1/stories", request, ("Idempotency-Key", "a"), ("Idempotency-Key", "b"));

        refused.Code.Should().Be("invalid_request");
        refused.Detail.Should().Contain("Idempotency-Key");
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task The_tray_comes_in_pages()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        foreach (var slot in (string[])["a", "b", "c"])
        {
            await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "x", "slot": "{{slot}}" }""");
            host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = (await ana.GetAsync("/v1/tray?limit=2")).Json;
        var last = (await ana.GetAsync($"/v1/tray?limit=2&cursor={first.GetProperty("nextCursor").GetString()}")).Json;

        first
            .GetProperty("items")
            .EnumerateArray()
            .Concat(last.GetProperty("items").EnumerateArray())
            .Select(i => i.GetProperty("slot").GetString())
            .Should()
            .Equal("c", "b", "a");
        last.GetProperty("nextCursor").GetString().Should().BeNull();
        (await ana.GetAsync("/v1/tray?limit=0")).Code.Should().Be("invalid_request");
    }

    [Theory]
    [InlineData("items=0-1")]
    [InlineData("bytes")]
    [InlineData("bytes=x-y")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=0-1", "garbage")]
    [InlineData("bytes=0-1", "\"another version\"")]
    public async Task A_range_that_means_nothing_is_answered_with_the_whole(string range, string? ifRange = null)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "whole" }""")).Json.GetProperty("id").GetString();
        (string, string)[] headers = ifRange is null ? [("Range", range)] : [("Range", range), ("If-Range", ifRange)];

        var answer = await ana.GetAsync($"/v1/stories/{id}/media", headers);

        (answer.Status, answer.Text).Should().Be((HttpStatusCode.OK, "whole"));
        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=1-2"))).Text.Should().Be("ho");
        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=1-2"), ("If-Range", answer.Header("ETag")!)))
            .Text.Should()
            .Be("ho");
    }

    [Fact]
    public async Task A_condition_that_fails_is_told_apart()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "whole" }""")).Json.GetProperty("id").GetString();

        var refused = await ana.GetAsync($"/v1/stories/{id}/media", ("If-Match", "\"other\""));

        (refused.Status, refused.Code).Should().Be((HttpStatusCode.PreconditionFailed, "precondition_failed"));
        refused.Detail.Should().Contain("\"other\"");
        (await ana.GetAsync($"/v1/stories/{id}/media", ("If-Match", "*"))).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_link_and_no_link_lies_on_the_disk()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var nobody = host.Wire(token: null);
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "ttl": "5m" }""")).Json.GetProperty("id").GetString();
        Task<WireAnswer> LinkAsync(string ttl) =>
            ana.PostJsonAsync($"/v1/stories/{id}/links", $$"""{ "ttl": "{{ttl}}" }""", ("Idempotency-Key", "k"));
        static string Link(WireAnswer answer) => new Uri(answer.Json.GetProperty("url").GetString()!).PathAndQuery;

        var first = await LinkAsync("1m");
        await host.RestartAsync(away: TimeSpan.FromSeconds(30));
        var again = await LinkAsync("1m");

        (again.Status, Link(again), again.Json.GetProperty("expiresAt").GetString())
            .Should()
            .Be((HttpStatusCode.Created, Link(first), first.Json.GetProperty("expiresAt").GetString()));
        (await nobody.GetAsync(Link(again))).Text.Should().Be("x");
        (await LinkAsync("2m")).Code.Should().Be("idempotency_conflict");
        await host.StopAsync();
        var secret = Link(first).Split("link=")[1];
        foreach (var file in Directory.EnumerateFiles(host.DataPath, "stories.*"))
        {
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).Should().NotContain(secret);
        }
        await host.StartAgainAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await LinkAsync("1m")).Text.Should().Be($$"""{"id":"{{id}}"}""");
    }
}
