using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>After a year the server is no larger.</summary>
public sealed class YearTests
{
    [Fact]
    public async Task A_year_passes_and_everybody_is_still_in_and_nothing_has_grown()
    {
        // Archives and tombstones last for 90 days, so growth shows only in the long run.
        var days = Environment.GetEnvironmentVariable("STORIES_LONG") == "1" ? 400 : 20;
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        (await bob.SendAsync(HttpMethod.Patch, "/v1/me", Json("""{ "archive": true }"""))).Status.Should().Be(HttpStatusCode.OK);
        var kept = await PostedAsync(bob, """{ "text": "for ever" }""");
        (await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{kept}/keep", Json("""{ "highlight": "best" }""")))
            .Status.Should()
            .Be(HttpStatusCode.OK);
        var stories = host.Services.GetRequiredService<StoryInventory>();
        var sizes = new List<(int Day, int Stories, int Tombstones, int Files)>();

        for (var day = 1; day <= days; day++)
        {
            var story = await PostedAsync(
                day % 2 == 0 ? ana : bob,
                $$"""{ "text": "day {{day}} {{TestMedia.LongText}}", "slot": "daily", "tags": ["t{{day}}"] }"""
            );
            (await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{story}/view", null)).Status.Should().Be(HttpStatusCode.NoContent);
            (await ana.PostJsonAsync($"/v1/stories/{story}/replies", """{ "text": "seen" }""", ("Idempotency-Key", $"{day}")))
                .Status.Should()
                .Be(HttpStatusCode.Created);
            (
                await ana.SendAsync(
                    HttpMethod.Put,
                    $"/v1/tags/t{day}/mute",
                    Json($$"""{ "until": "{{host.Clock.GetUtcNow().AddHours(12):yyyy-MM-ddTHH:mm:ssZ}}" }""")
                )
            )
                .Status.Should()
                .Be(HttpStatusCode.NoContent);
            (await (day % 2 == 0 ? ana : bob).PostJsonAsync($"/v1/stories/{story}/share", "{}")).Status.Should().Be(HttpStatusCode.Created);
            host.Clock.Advance(TimeSpan.FromDays(1));
            (await bob.GetAsync($"/v1/stories/{story}/media")).Status.Should().Be(HttpStatusCode.Gone, "it has expired on day {0}", day);
            await Eventually.TrueAsync(() => stories.OldestExpired == TimeSpan.Zero);
            if (day == days / 2 || day == days)
            {
                host.Clock.Advance(Sweeper.Interval);
                sizes.Add(
                    (
                        day,
                        stories.Count,
                        host.Services.GetRequiredService<StoryStore>().Current.Tombstones.Count,
                        Directory.GetFiles(Path.Combine(host.DataPath, "media"), "*", SearchOption.AllDirectories).Length
                    )
                );
            }
        }

        if (days > 300)
        {
            // One sweep more or less may have run before the measurement.
            sizes[1].Stories.Should().BeCloseTo(sizes[0].Stories, 2);
            sizes[1].Tombstones.Should().BeCloseTo(sizes[0].Tombstones, 2);
            sizes[1].Files.Should().BeCloseTo(sizes[0].Files, 2);
        }
        (await bob.GetAsync($"/v1/stories/{kept}/media")).Text.Should().Be("for ever");
        var me = (await ana.GetAsync("/v1/me")).Json;
        me.GetProperty("tokenExpiresAt").GetDateTimeOffset().Should().BeAfter(host.Clock.GetUtcNow() + TimeSpan.FromDays(300));
        await host.RestartAsync();
        (await bob.GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.OK);
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private static async Task<string> PostedAsync(Wire who, string body)
    {
        var posted = await who.PostJsonAsync("/v1/stories", body);
        posted.Status.Should().Be(HttpStatusCode.Created, posted.Text);
        return posted.Json.GetProperty("id").GetString()!;
    }
}
