using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class ArchiveTests
{
    [Fact]
    public async Task What_expires_once_the_archive_was_asked_for_is_there_for_its_author_alone()
    {
        await using var host = await ServerHost.StartAsync();
        using var owner = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var before = await PostAsync(bob, """{ "text": "before", "ttl": "5m" }""");
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await ArchiveAsync(bob, on: true)).GetProperty("archive").GetBoolean().Should().BeTrue();
        var id = await PostAsync(bob, """{ "text": "a standup note", "ttl": "5m", "tags": ["standup"] }""");
        var other = await PostAsync(bob, """{ "text": "something else", "ttl": "5m" }""");
        (await ListAsync(bob)).Should().BeEmpty("nothing that lives is in it");
        (await bob.GetAsync($"/v1/archive/{id}/media")).Code.Should().Be("story_not_found");

        host.Clock.Advance(TimeSpan.FromMinutes(5));

        async Task ThereAsync()
        {
            (await ListAsync(bob)).Should().Equal(other, id);
            (await ListAsync(bob, "?q=STANDUP%20note")).Should().Equal(id);
            (await bob.GetAsync($"/v1/archive/{id}/media")).Text.Should().Be("a standup note");
            (await bob.GetAsync($"/v1/archive/{before}/media")).Code.Should().Be("story_not_found");
            foreach (var path in (string[])["", "/media", "/poster", "/viewers"])
            {
                (await bob.GetAsync($"/v1/stories/{id}{path}"))
                    .Code.Should()
                    .Be("story_expired", "its author is not told otherwise than others on other routes");
            }
            (await bob.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
            (await bob.GetAsync("/v1/tray")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
            (await bob.GetAsync($"/v1/receipts/{id}")).Code.Should().Be("story_expired", "its bytes are still there");
            (await owner.GetAsync($"/v1/stories/{id}")).Code.Should().Be("story_expired");
            (await owner.GetAsync($"/v1/archive/{id}/media")).Code.Should().Be("story_not_found");
            (await owner.SendAsync(HttpMethod.Delete, $"/v1/archive/{id}", null)).Code.Should().Be("story_not_found");
            (await ListAsync(owner)).Should().BeEmpty();
        }
        await ThereAsync();
        await host.RestartAsync(away: TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => host.Services.GetStories().Current.Times.Archived.Count == 2);
        await ThereAsync();
        await host.RestartAsync();
        await ThereAsync();
        (await ListAsync(bob, "?limit=1")).Should().Equal(other);
        (await ListAsync(bob, $"?limit=1&cursor={other}")).Should().Equal(id);
        (await bob.GetAsync("/v1/archive?cursor=x")).Code.Should().Be("invalid_request");
    }

    [Fact]
    public async Task It_ends_90_days_after_the_expiry_to_the_instant_and_so_do_its_bytes()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await ArchiveAsync(ana, on: true);
        var id = await PostAsync(ana, $$"""{ "text": "{{TestMedia.LongText}}", "ttl": "5m" }""");

        await host.RestartAsync(away: TimeSpan.FromMinutes(5) + TimeSpan.FromDays(90) - TimeSpan.FromMilliseconds(1));
        (await ListAsync(ana)).Should().Equal(id);
        (await ana.GetAsync($"/v1/stories/{id}")).Code.Should().Be("story_expired");
        await Eventually.TrueAsync(() => host.Services.GetStories().Current.Times.Archived.Count == 1);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await ListAsync(ana)).Should().BeEmpty();
        (await ana.GetAsync($"/v1/archive/{id}/media")).Code.Should().Be("story_not_found");
        (await ana.GetAsync($"/v1/stories/{id}")).Code.Should().Be("story_not_found", "90 days after its end nothing is known of a story");
        await GoneFromDiskAsync(host, id);

        await host.RestartAsync();
        await Eventually.TrueAsync(async () => (await ana.GetAsync($"/v1/receipts/{id}")).Status == HttpStatusCode.OK);
        (await ana.GetAsync($"/v1/receipts/{id}"))
            .Json.GetProperty("at")
            .GetDateTimeOffset()
            .Should()
            .BeCloseTo(host.Clock.GetUtcNow(), TimeSpan.FromMinutes(2), "until then its bytes were there");
        host.Clock.Advance(TimeSpan.FromDays(31));
        (await ana.GetAsync($"/v1/receipts/{id}")).Code.Should().Be("story_not_found");
    }

    [Fact]
    public async Task Its_bytes_count_against_the_quota_until_it_is_deleted()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        await ArchiveAsync(ana, on: true);
        var id = await PostAsync(ana, $$"""{ "text": "{{TestMedia.LongText}}", "ttl": "5m" }""");
        var bobs = await PostAsync(bob, $$"""{ "text": "{{TestMedia.LongText}}", "ttl": "5m" }""");

        await host.RestartAsync(away: TimeSpan.FromMinutes(6));
        await GoneFromDiskAsync(host, bobs);

        (await BytesAsync(ana), await BytesAsync(bob)).Should().Be((TestMedia.LongText.Length, 0));
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/archive/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await BytesAsync(ana)).Should().Be(0);
        Directory.EnumerateFiles(host.DataPath, id + "*", SearchOption.AllDirectories).Should().BeEmpty();
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/archive/{id}", null)).Code.Should().Be("story_not_found");
        (await ana.GetAsync($"/v1/receipts/{id}")).Json.GetProperty("reason").GetString().Should().Be("expired");
    }

    [Fact]
    public async Task Switched_off_it_is_empty_at_once_and_stays_so_when_it_is_switched_on_again()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await ArchiveAsync(ana, on: true);
        var id = await PostAsync(ana, $$"""{ "text": "{{TestMedia.LongText}}", "ttl": "5m" }""");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        (await ListAsync(ana)).Should().Equal(id);
        await ArchiveAsync(ana, on: true);
        (await ListAsync(ana)).Should().Equal([id], "said again it changes nothing");

        await ArchiveAsync(ana, on: false);
        (await ListAsync(ana)).Should().BeEmpty();
        await ArchiveAsync(ana, on: true);

        (await ListAsync(ana)).Should().BeEmpty();
        (await ana.GetAsync($"/v1/archive/{id}/media")).Code.Should().Be("story_not_found");
        await GoneFromDiskAsync(host, id);
    }

    [Fact]
    public async Task What_others_did_with_a_story_is_not_archived_with_it()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        await ArchiveAsync(ana, on: true);
        var id = await PostAsync(ana, """{ "text": "x", "ttl": "5m", "slot": "door" }""");
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/view", null);
        await bob.SendAsync(
            HttpMethod.Put,
            $"/v1/stories/{id}/reaction",
            new StringContent("""{ "emoji": "🔥" }""", null, "application/json")
        );

        await host.RestartAsync(away: TimeSpan.FromMinutes(6));
        await Eventually.TrueAsync(() => host.Services.GetStories().Current.Times.Archived.Count == 1);

        var archived = (await ana.GetAsync("/v1/archive")).Json.GetProperty("items")[0];
        (archived.GetProperty("viewCount").ValueKind, archived.GetProperty("reactions").EnumerateObject().Any())
            .Should()
            .Be((JsonValueKind.Null, false));
        await PostAsync(ana, """{ "text": "the next in its slot", "slot": "door" }""");
        (await ListAsync(ana)).Should().Equal(id);
    }

    [Fact]
    public async Task Leaving_takes_it_along()
    {
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        using var bob = host.Wire(await host.JoinAsync("bob"));
        await ArchiveAsync(bob, on: true);
        var id = await PostAsync(bob, $$"""{ "text": "{{TestMedia.LongText}}", "ttl": "5m" }""");
        await host.RestartAsync(away: TimeSpan.FromMinutes(6));
        await Eventually.TrueAsync(() => host.Services.GetStories().Current.Times.Archived.Count == 1);

        (await bob.SendAsync(HttpMethod.Delete, "/v1/me", null)).Status.Should().Be(HttpStatusCode.NoContent);

        Directory.EnumerateFiles(host.DataPath, id + "*", SearchOption.AllDirectories).Should().BeEmpty();
        host.Services.GetRequiredService<StoryInventory>().Has(id).Should().BeFalse();
    }

    private static async Task GoneFromDiskAsync(ServerHost host, string id) =>
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            return !Directory.EnumerateFiles(host.DataPath, id + "*", SearchOption.AllDirectories).Any();
        });

    private static async Task<JsonElement> ArchiveAsync(Wire who, bool on) =>
        (
            await who.SendAsync(
                HttpMethod.Patch,
                "/v1/me",
                new StringContent(on ? """{ "archive": true }""" : """{ "archive": false }""", null, "application/json")
            )
        ).Json;

    private static async Task<string[]> ListAsync(Wire who, string query = "") =>
        [
            .. (await who.GetAsync("/v1/archive" + query))
                .Json.GetProperty("items")
                .EnumerateArray()
                .Select(s => s.GetProperty("id").GetString()!),
        ];

    private static async Task<long> BytesAsync(Wire who) => (await who.GetAsync("/v1/me")).Json.GetProperty("bytes").GetInt64();

    private static async Task<string> PostAsync(Wire who, string json) =>
        (await who.PostJsonAsync("/v1/stories", json)).Json.GetProperty("id").GetString()!;
}
