using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>A list is copied from stories that were rendered before, and is what the serializer would write.</summary>
public sealed class StoryPageTests
{
    [Fact]
    public async Task A_copied_page_is_byte_for_byte_what_the_serializer_writes()
    {
        await using var host = await ServerHost.StartAsync();
        var (ana, bob) = (host.Wire(await host.JoinAsync("ana")), host.Wire(await host.JoinAsync("bob")));
        await host.JoinAsync("cy");
        await VerifyAsync(host, ana, bob);
        await PostAllKindsAsync(ana);
        await VerifyAsync(host, ana, bob);
        // Once more, from the copies.
        await VerifyAsync(host, ana, bob);

        var ids = Ids(await ana.GetAsync("/v1/stories?limit=200"));
        foreach (var id in ids)
        {
            await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/view", null);
            await bob.PostJsonAsync($"/v1/stories/{id}/replies", """{ "text": "yes \"<é🎉" }""");
            await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/reaction", Json("""{ "emoji": "🎉" }"""));
            await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/ack", null);
            await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/vote", Json("""{ "option": 1 }"""));
        }
        await VerifyAsync(host, ana, bob);
        await bob.SendAsync(HttpMethod.Put, "/v1/tags/sea/mute", Json("{}"));
        await ana.SendAsync(HttpMethod.Patch, $"/v1/stories/{ids[0]}", Json("""{ "caption": "another" }"""));
        await ana.SendAsync(HttpMethod.Patch, "/v1/me", Json("""{ "displayName": "Ana <Ö>" }"""));
        await VerifyAsync(host, ana, bob);
        (await bob.GetAsync("/v1/stories"))
            .Text.Should()
            .Contain("Ana \\u003C\\u00D6\\u003E", "a new name shows at once")
            .And.Contain("another");
    }

    [Fact]
    public async Task A_page_tells_of_nobody_who_has_left()
    {
        await using var host = await ServerHost.StartAsync();
        var (ana, bob) = (host.Wire(await host.JoinAsync("ana")), host.Wire(await host.JoinAsync("bob")));
        await ana.PostJsonAsync("/v1/stories", """{ "text": "hi @bob" }""");
        (await ana.GetAsync("/v1/stories")).Text.Should().Contain("\"mentions\":[\"bob\"]");

        await bob.SendAsync(HttpMethod.Delete, "/v1/me", null);

        (await ana.GetAsync("/v1/stories")).Text.Should().Contain("\"mentions\":[]");
        await VerifyAsync(host, ana);
    }

    private static async Task PostAllKindsAsync(Wire ana)
    {
        await ana.PutAsync("/v1/stories?caption=Photo&tag=sea&slot=door&link=https://example.org/", await TestMedia.JpegAsync());
        foreach (
            var body in new[]
            {
                """{ "text": "plain" }""",
                """{ "text": "<é🎉> \"quoted\" \\ @bob", "caption": "c", "tags": ["sea", "ci"], "ttl": "5m", "repliesOn": false }""",
                """{ "text": "few", "audience": ["bob"] }""",
                """{ "text": "which?", "poll": { "question": "Which?", "options": ["yes", "<no>"] } }""",
                """{ "text": "help", "asks": "help", "source": { "repository": "r", "status": "failed", "exitCode": 3 } }""",
            }
        )
        {
            ((int)(await ana.PostJsonAsync("/v1/stories", body)).Status).Should().Be(201);
        }
        var kept = Ids(await ana.GetAsync("/v1/stories?limit=1"))[0];
        await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{kept}/keep", Json("""{ "highlight": "best" }"""));
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private static string[] Ids(WireAnswer page) =>
        [.. page.Json.GetProperty("items").EnumerateArray().Select(story => story.GetProperty("id").GetString()!)];

    /// <summary>Compares pages of two sizes with the same stories as the serializer writes them.</summary>
    private static async Task VerifyAsync(ServerHost host, params Wire[] wires)
    {
        var view = host.Services.GetRequiredService<StoryView>();
        foreach (var wire in wires)
        {
            var handle = (await wire.GetAsync("/v1/me")).Json.GetProperty("handle").GetString()!;
            var viewer = host
                .Services.GetRequiredService<Viewers>()
                .Of(host.Services.GetRequiredService<AccountStore>().Find(handle)!.Number);
            foreach (var limit in new[] { 1, 200 })
            {
                var answer = await wire.GetAsync($"/v1/stories?limit={limit}");
                var page = JsonSerializer.Deserialize(answer.Text, ContractsJson.Default.PageStory)!;
                var expected = page with { Items = [.. page.Items.Select(story => view.Of(viewer.Find(story.Id)!, viewer))] };
                answer.Text.Should().Be(JsonSerializer.Serialize(expected, ContractsJson.Default.PageStory));
            }
        }
    }
}
