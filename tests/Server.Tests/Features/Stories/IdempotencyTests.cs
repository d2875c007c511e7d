using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging.Abstractions;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class IdempotencyTests
{
    private const string Card = """{ "text": "hello" }""";

    [Fact]
    public async Task The_same_key_gives_the_same_story_also_after_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var first = await ana.PostJsonAsync("/v1/stories", Card, ("Idempotency-Key", "k"));
        var second = await ana.PostJsonAsync("/v1/stories", Card, ("Idempotency-Key", "k"));
        await host.RestartAsync();
        var third = await ana.PostJsonAsync("/v1/stories", Card, ("Idempotency-Key", "k"));

        first.Status.Should().Be(HttpStatusCode.Created);
        second.Text.Should().Be(first.Text);
        third.Text.Should().Be(first.Text);
        third.Header("Location").Should().Be(first.Header("Location"));
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task The_same_key_for_something_else_is_a_conflict_and_changes_nothing()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await ana.PostJsonAsync("/v1/stories", Card, ("Idempotency-Key", "k"));

        var answer = await ana.PostJsonAsync("/v1/stories", """{ "text": "other" }""", ("Idempotency-Key", "k"));

        answer.Status.Should().Be(HttpStatusCode.Conflict);
        answer.Code.Should().Be("idempotency_conflict");
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Another_form_boundary_is_still_the_same_request()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var photo = await TestMedia.JpegAsync();
        MultipartFormDataContent Form(string boundary)
        {
            var file = new ByteArrayContent(photo);
            file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            return new(boundary) { { file, "file", "a.jpg" }, { new StringContent("hi"), "caption" } };
        }

        var first = await ana.SendAsync(HttpMethod.Post, "/v1/stories", Form("one"), ("Idempotency-Key", "k"));
        var second = await ana.SendAsync(HttpMethod.Post, "/v1/stories", Form("two"), ("Idempotency-Key", "k"));

        first.Status.Should().Be(HttpStatusCode.Created);
        second.Text.Should().Be(first.Text);
    }

    [Fact]
    public async Task Many_at_once_with_one_key_make_one_story()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => ana.PostJsonAsync("/v1/stories", Card, ("Idempotency-Key", "k")))
        );

        answers.Select(a => a.Json.GetProperty("id").GetString()).Distinct().Should().ContainSingle();
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Only_successes_are_remembered_and_only_for_24_hours()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.PostJsonAsync("/v1/stories", """{ "text": "" }""", ("Idempotency-Key", "k")))
            .Status.Should()
            .Be(HttpStatusCode.BadRequest);
        var first = await ana.PostJsonAsync("/v1/stories", Card, ("Idempotency-Key", "k"));
        host.Clock.Advance(Limits.IdempotencyLife);
        var later = await ana.PostJsonAsync("/v1/stories", """{ "text": "other" }""", ("Idempotency-Key", "k"));

        first.Status.Should().Be(HttpStatusCode.Created);
        later.Status.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_answer_for_a_story_that_is_gone_is_its_id()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var first = await ana.PostJsonAsync("/v1/stories", """{ "text": "hello", "ttl": "5m" }""", ("Idempotency-Key", "k"));
        host.Clock.Advance(TimeSpan.FromHours(1));

        var again = await ana.PostJsonAsync("/v1/stories", """{ "text": "hello", "ttl": "5m" }""", ("Idempotency-Key", "k"));

        again.Status.Should().Be(HttpStatusCode.Created);
        again.Text.Should().Be($$"""{"id":"{{first.Json.GetProperty("id").GetString()}}"}""");
    }

    [Fact]
    public async Task What_was_saved_after_a_request_looked_for_its_key_keeps_the_key()
    {
        using var directory = DataDirectory.Open(Directory.CreateTempSubdirectory("stories-test-").FullName);
        await using var database = new Database(directory, NullLogger<Database>.Instance);
        var store = new IdempotencyStore(database, TimeProvider.System);
        await database.OpenAsync();
        Task RememberAsync(string story) => store.RememberAsync(new(new(1, "k"), "f"), 201, story, CancellationToken.None);
        await RememberAsync("first");

        var second = () => RememberAsync("second");

        (await second.Should().ThrowAsync<ApiProblem>())
            .Which.Should()
            .Match<ApiProblem>(it => it.Error == Errors.ServerUnavailable && it.RetryAfter > TimeSpan.Zero);
        store.Find(new(1, "k"))!.Resource.Should().Be("first");
    }
}
