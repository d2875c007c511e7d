using System.Net;
using System.Text;
using System.Text.Json;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class HighlightTests
{
    [Fact]
    public async Task A_kept_story_leaves_tray_and_lists_when_its_lifetime_ends_and_stays_by_id_with_its_media()
    {
        await using var host = await ServerHost.StartAsync();
        var (anasToken, bobsToken) = (await host.JoinAsync("ana"), await host.JoinAsync("bob"));
        var story = await host.Client(anasToken)
            .Stories.PostAsync(new NewStory { Ttl = "1h" }, MediaUpload.FromBytes(await TestMedia.JpegAsync()), "k", progress: null);
        using var bob = host.Wire(bobsToken);

        var kept = await host.Client(anasToken).Highlights.KeepAsync(story.Id, "best");
        var soon = (await bob.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength();
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.RestartAsync(away: TimeSpan.FromDays(100));

        (kept.KeptIn, kept.ExpiresAt, soon).Should().Be(("best", null, 1));
        (await bob.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await bob.GetAsync("/v1/tray")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        var seen = (await bob.GetAsync($"/v1/stories/{story.Id}")).Json;
        (seen.GetProperty("keptIn").GetString(), seen.GetProperty("expiresAt").ValueKind).Should().Be(("best", JsonValueKind.Null));
        var media = await bob.GetAsync($"/v1/stories/{story.Id}/media");
        media.Status.Should().Be(HttpStatusCode.OK);
        media.Header("Cache-Control").Should().Contain("private").And.Contain("max-age=0");
        (await bob.GetAsync($"/v1/stories/{story.Id}/poster")).Status.Should().Be(HttpStatusCode.OK);
        (await host.Client(bobsToken).Highlights.GetAsync("ana", "best")).Select(s => s.Id).Should().Equal(story.Id);
        (await host.Client(bobsToken).Media.CreateLinkAsync(story.Id, TimeSpan.FromHours(1)))
            .ExpiresAt.Should()
            .Be(host.Clock.GetUtcNow() + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Who_keeps_a_story_no_longer_gives_its_lifetime_back_or_ends_it_at_once()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var young = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Ttl = "2h" }, "1");
        var old = await ana.Stories.PostTextAsync(new NewStory { Text = TestMedia.LongText, Ttl = "1h" }, "2");
        await ana.Highlights.KeepAsync(young.Id);
        await ana.Highlights.KeepAsync(old.Id);
        host.Clock.Advance(TimeSpan.FromHours(1));

        await ana.Highlights.UnkeepAsync(young.Id);
        await ana.Highlights.UnkeepAsync(old.Id);
        await ana.Highlights.UnkeepAsync(young.Id);

        (await ana.Stories.GetAsync(young.Id)).ExpiresAt.Should().Be(young.ExpiresAt);
        (await bob.GetAsync($"/v1/stories/{old.Id}")).Code.Should().Be("story_expired");
        Directory.EnumerateFiles(host.DataPath, old.Id + "*", SearchOption.AllDirectories).Should().BeEmpty();
        (await bob.GetAsync("/v1/people/ana/highlights")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await bob.GetAsync($"/v1/stories/{young.Id}")).Code.Should().Be("story_expired");
    }

    [Fact]
    public async Task A_highlight_has_its_authors_order_and_shows_each_viewer_what_they_may_see()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        var (bob, eve) = (await host.JoinAsync("bob"), await host.JoinAsync("eve"));
        string[] ids = [await PostAsync(ana, "1", ["bob"]), await PostAsync(ana, "2"), await PostAsync(ana, "3", ["bob"])];
        await ana.Highlights.KeepAsync(ids[2], "other");
        foreach (var id in ids)
        {
            await ana.Highlights.KeepAsync(id, "best");
        }

        (await host.Client(bob).Highlights.GetAsync("ana", "best")).Select(s => s.Id).Should().Equal(ids);
        await ana.Highlights.OrderAsync("ana", "best", [ids[2], ids[0], ids[1]]);
        (await host.Client(bob).Highlights.GetAsync("ana", "best")).Select(s => s.Id).Should().Equal(ids[2], ids[0], ids[1]);
        await host.RestartAsync();

        (await host.Client(bob).Highlights.GetAsync("ana", "best")).Select(s => s.Id).Should().Equal(ids[2], ids[0], ids[1]);
        var seen = (await host.Client(bob).Highlights.ListAsync("ana")).Should().ContainSingle().Subject;
        (seen.Name, seen.Count, seen.FirstId).Should().Be(("best", 3, ids[2]));
        seen = (await host.Client(eve).Highlights.ListAsync("ana")).Should().ContainSingle().Subject;
        (seen.Count, seen.FirstId).Should().Be((1, ids[1]));
        (await host.Client(eve).Highlights.GetAsync("ana", "best")).Select(s => s.Id).Should().Equal(ids[1]);
    }

    [Fact]
    public async Task A_highlight_that_ends_gives_its_stories_back()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        var (old, young) = (await PostAsync(ana, "1", ttl: "1h"), await PostAsync(ana, "2"));
        await ana.Highlights.KeepAsync(old);
        await ana.Highlights.KeepAsync(young);
        host.Clock.Advance(TimeSpan.FromHours(2));

        await ana.Highlights.DeleteAsync("ana", "kept");

        (await ana.Stories.GetAsync(young)).KeptIn.Should().BeNull();
        (await CodeAsync(() => ana.Stories.GetAsync(old))).Should().Be("story_expired");
        (await CodeAsync(() => ana.Highlights.GetAsync("ana", "kept"))).Should().Be("highlight_not_found");
    }

    [Fact]
    public async Task Keeping_is_the_authors_and_highlights_of_others_are_not_told_apart_from_none()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var eve = await host.SignInAsync("eve");
        var secret = await PostAsync(ana, "1", ["bob"]);
        await ana.Highlights.KeepAsync(secret, "secret");

        (await CodeAsync(() => bob.Highlights.KeepAsync(secret))).Should().Be("not_author");
        (await CodeAsync(() => bob.Highlights.UnkeepAsync(secret))).Should().Be("not_author");
        (await CodeAsync(() => bob.Highlights.DeleteAsync("ana", "secret"))).Should().Be("not_author");
        (await CodeAsync(() => bob.Highlights.OrderAsync("ana", "secret", [secret]))).Should().Be("not_author");
        (await CodeAsync(() => eve.Highlights.KeepAsync(secret))).Should().Be("story_not_found");
        (await CodeAsync(() => eve.Highlights.GetAsync("ana", "secret"))).Should().Be("highlight_not_found");
        (await CodeAsync(() => eve.Highlights.DeleteAsync("ana", "secret"))).Should().Be("highlight_not_found");
        (await CodeAsync(() => eve.Highlights.ListAsync("nobody"))).Should().Be("account_not_found");
        (await eve.Highlights.ListAsync("ana")).Should().BeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_kept_or_ordered_is_said_why()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var wire = host.Wire(token);
        var ana = host.Client(token);
        var (first, second) = (await PostAsync(ana, "1"), await PostAsync(ana, "2"));
        await ana.Highlights.KeepAsync(first);
        Task<WireAnswer> Put(string path, string json) =>
            wire.SendAsync(HttpMethod.Put, path, new StringContent(json, Encoding.UTF8, "application/json"));

        (await Put($"/v1/stories/{first}/keep", """{ "highlight": "../x" }"""))
            .Json.GetProperty("errors")
            .TryGetProperty("highlight", out _)
            .Should()
            .BeTrue();
        (await Put($"/v1/stories/{first}/keep", """{ "highlite": "x" }""")).Code.Should().Be("invalid_request");
        foreach (var order in (string[])["null", "[]", "[null]", $"[\"{second}\"]", $"[\"{first}\", \"{first}\"]"])
        {
            (await Put("/v1/people/ana/highlights/kept", $$"""{ "order": {{order}} }""")).Code.Should().Be("invalid_request", order);
        }
        await ana.Highlights.KeepAsync(second);
        var twice = await Put("/v1/people/ana/highlights/kept", $$"""{ "order": ["{{first}}", "{{first}}"] }""");
        twice.Detail.Should().EndWith($"must name each of the 2 stories once, names more than once {first} and leaves out {second}");
        await ana.Highlights.UnkeepAsync(second);
        for (var i = 1; i < Limits.HighlightStories; i++)
        {
            await ana.Highlights.KeepAsync(await PostAsync(ana, $"more-{i}"));
        }
        var full = await Put($"/v1/stories/{second}/keep", "{}");
        full.Detail.Should().Contain("100");
        (await Put($"/v1/stories/{first}/keep", "{}")).Status.Should().Be(HttpStatusCode.OK, "it is there already");
    }

    [Fact]
    public async Task Who_listens_learns_that_a_story_is_kept_where_it_no_longer_stands_and_when_it_ends()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        await using var tap = await EventTap.OpenAsync(host, await host.JoinAsync("bob"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Ttl = "30m" }, "1");
        await tap.NextAsync();

        await ana.Highlights.KeepAsync(story.Id);
        var kept = await tap.NextAsync();
        host.Clock.SetUtcNow(story.ExpiresAt!.Value);
        var left = await tap.NextAsync();
        await ana.Highlights.UnkeepAsync(story.Id);
        var ended = await tap.NextAsync();

        (kept.Type, left.Type, left.At, ended.Type).Should().Be(("story.updated", "story.updated", story.ExpiresAt.Value, "story.expired"));
        kept.Data!.Value.GetProperty("story").GetProperty("keptIn").GetString().Should().Be("kept");
    }

    private static async Task<string> PostAsync(ApiClient client, string text, string[]? audience = null, string? ttl = null) =>
        (
            await client.Stories.PostTextAsync(
                new NewStory
                {
                    Text = text,
                    Audience = audience,
                    Ttl = ttl,
                },
                text
            )
        ).Id;

    private static async Task<string?> CodeAsync(Func<Task> call) => (await call.Should().ThrowAsync<ApiException>()).Which.Code;
}
