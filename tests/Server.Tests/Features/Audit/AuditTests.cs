using System.Net;
using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Audit;

public sealed class AuditTests
{
    [Fact]
    public async Task The_trail_tells_who_did_what_newest_first_and_no_secret()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        var bob = host.Wire(await host.JoinAsync("bob"));
        var made = (await bob.PostJsonAsync("/v1/tokens", """{ "name": "ci" }""")).Json;
        await ana.SendAsync(
            HttpMethod.Patch,
            "/v1/admin/accounts/bob",
            new StringContent("""{ "role": "admin", "disabled": true }""", Encoding.UTF8, "application/json")
        );
        var story = (await ana.PostJsonAsync("/v1/stories", """{ "text": "own" }""")).Json.GetProperty("id").GetString();
        await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{story}", null);
        await host.RestartAsync();

        var answer = await ana.GetAsync("/v1/admin/audit");

        Actions(answer)
            .Should()
            .Equal(
                "ana account.disabled bob",
                "ana account.role_changed bob",
                $"bob token.made {made.GetProperty("id").GetString()}",
                "bob account.joined bob",
                "ana invite.made *",
                "ana account.joined ana",
                " invite.made *"
            );
        answer.Text.Should().NotContain(token).And.NotContain(made.GetProperty("token").GetString()!).And.Contain("member to admin");
    }

    [Fact]
    public async Task An_admin_who_deletes_anothers_story_is_noted()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var story = (await bob.PostJsonAsync("/v1/stories", """{ "text": "rude" }""")).Json.GetProperty("id").GetString();

        await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{story}", null);

        Actions(await ana.GetAsync("/v1/admin/audit?limit=1")).Should().Equal($"ana story.deleted {story}");
    }

    [Fact]
    public async Task The_trail_is_paged_without_gaps_and_forgotten_after_a_year()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        for (var i = 0; i < 5; i++)
        {
            await ana.PostJsonAsync("/v1/invites", "{}");
        }

        var all = Ids(await ana.GetAsync("/v1/admin/audit"));
        var paged = new List<string>();
        string? cursor = null;
        do
        {
            var page = await ana.GetAsync($"/v1/admin/audit?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            paged.AddRange(Ids(page));
            cursor = page.Json.GetProperty("nextCursor").GetString();
        } while (cursor is not null);
        paged.Should().Equal(all).And.HaveCount(7);
        (await ana.GetAsync("/v1/admin/audit?cursor=7")).Code.Should().Be("invalid_request");
        (await ana.GetAsync("/v1/admin/audit?limit=201")).Status.Should().Be(HttpStatusCode.BadRequest);

        // AdjustTime jumps. Advance would run the sweeper for each half minute of the year.
        host.Clock.AdjustTime(host.Clock.GetUtcNow() + TimeSpan.FromDays(364));
        var bob = host.Wire(await host.JoinAsync("bob", Roles.Admin));
        Ids(await bob.GetAsync("/v1/admin/audit")).Should().HaveCount(9);
        host.Clock.AdjustTime(host.Clock.GetUtcNow() + TimeSpan.FromDays(2));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () => Ids(await bob.GetAsync("/v1/admin/audit")).Count == 2);
    }

    private static List<string> Ids(WireAnswer answer) => [.. Items(answer).Select(e => e.GetProperty("id").GetString()!)];

    private static IEnumerable<string> Actions(WireAnswer answer) =>
        Items(answer)
            .Select(e =>
                $"{e.GetProperty("actor").GetString()} {e.GetProperty("action").GetString()} {(e.GetProperty("action").GetString() == AuditActions.InviteMade ? "*" : e.GetProperty("subject").GetString())}"
            );

    private static JsonElement.ArrayEnumerator Items(WireAnswer answer) => answer.Json.GetProperty("items").EnumerateArray();
}
