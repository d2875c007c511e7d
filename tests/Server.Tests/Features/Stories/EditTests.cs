using System.Net;
using System.Text;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class EditTests
{
    [Fact]
    public async Task What_is_named_changes_and_the_rest_stays_also_after_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var story = await host.Client(token)
            .Stories.PostTextAsync(
                new NewStory
                {
                    Text = "x",
                    Caption = "old",
                    Tags = ["a"],
                    Ttl = "1h",
                },
                "k"
            );
        host.Clock.Advance(TimeSpan.FromMinutes(10));

        var edited = await host.Client(token).Stories.EditAsync(story.Id, new StoryEdit { Caption = "new", RepliesOn = false });
        await host.RestartAsync();
        var seen = await host.Client(token).Stories.GetAsync(story.Id);

        (edited.Caption, edited.RepliesOn, edited.EditedAt).Should().Be(("new", false, host.Clock.GetUtcNow()));
        seen.Should().BeEquivalentTo(edited);
        seen.Should().BeEquivalentTo(story, same => same.Excluding(s => s.Caption).Excluding(s => s.RepliesOn).Excluding(s => s.EditedAt));
        (await host.Client(token).Stories.EditAsync(story.Id, new StoryEdit { Caption = "", Tags = [] }))
            .Should()
            .Match<Story>(s => s.Caption == null && s.Tags.Length == 0);
    }

    [Theory]
    [InlineData("10m")]
    [InlineData("3h")]
    public async Task A_new_lifetime_counts_from_now_and_ends_the_story_at_its_instant(string ttl)
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var wire = host.Wire(token);
        var story = await host.Client(token).Stories.PostTextAsync(new NewStory { Text = TestMedia.LongText, Ttl = "1h" }, "k");
        host.Clock.Advance(TimeSpan.FromMinutes(30));

        var edited = await host.Client(token).Stories.EditAsync(story.Id, new StoryEdit { Ttl = ttl });

        edited.ExpiresAt.Should().Be(host.Clock.GetUtcNow() + (Durations.TryParse(ttl, out var life) ? life : default));
        host.Clock.SetUtcNow(edited.ExpiresAt!.Value - TimeSpan.FromMilliseconds(1));
        (await wire.GetAsync($"/v1/stories/{story.Id}")).Status.Should().Be(HttpStatusCode.OK);
        Directory.EnumerateFiles(host.DataPath, story.Id, SearchOption.AllDirectories).Should().ContainSingle();
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await wire.GetAsync($"/v1/stories/{story.Id}")).Code.Should().Be("story_expired");
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(() => !Directory.EnumerateFiles(host.DataPath, story.Id, SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task An_audience_only_becomes_narrower_and_who_drops_out_is_told_that_the_story_is_gone()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        var (bobsToken, evesToken) = (await host.JoinAsync("bob"), await host.JoinAsync("eve"));
        using var eve = host.Wire(evesToken);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");
        await using var bobHears = await EventTap.OpenAsync(host, bobsToken);
        await using var eveHears = await EventTap.OpenAsync(host, evesToken);

        var edited = await ana.Stories.EditAsync(story.Id, new StoryEdit { Audience = ["bob"] });
        await ana.Stories.EditAsync(story.Id, new StoryEdit { Caption = "for bob" });

        edited.Audience.Names.Should().Equal("bob");
        var (first, second) = (await bobHears.NextAsync(), await bobHears.NextAsync());
        (first.Type, second.Type).Should().Be(("story.updated", "story.updated"));
        second.Data!.Value.GetProperty("story").GetProperty("caption").GetString().Should().Be("for bob");
        (await eveHears.NextAsync()).Type.Should().Be("story.removed");
        (await eve.GetAsync($"/v1/stories/{story.Id}")).Code.Should().Be("story_not_found");
        foreach (
            var wider in (string[][])
                [
                    ["team"],
                    ["bob", "eve"],
                    [],
                ]
        )
        {
            var refused = async () => await ana.Stories.EditAsync(story.Id, new StoryEdit { Audience = wider });
            (await refused.Should().ThrowAsync<ApiException>()).Which.Errors.Should().ContainKey("audience");
        }
        (await ana.Stories.GetAsync(story.Id)).Audience.Names.Should().Equal("bob");
        await ana.Stories.DeleteAsync(story.Id);
        var last = await ana.Stories.PostTextAsync(new NewStory { Text = "y" }, "l");
        (await eveHears.NextAsync()).StoryId.Should().Be(last.Id, "she hears no more of the story");
    }

    [Theory]
    [InlineData("""{ "captoin": "x" }""", "captoin")]
    [InlineData("""{ "slot": "x" }""", "slot")]
    [InlineData("""{ "ttl": "4m" }""", "ttl")]
    [InlineData("""{ "tags": ["Perf"] }""", "tags")]
    [InlineData("""{ "audience": ["nobody"] }""", "audience")]
    public async Task A_bad_edit_is_named_and_changes_nothing(string json, string field)
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var wire = host.Wire(token);
        var story = await host.Client(token).Stories.PostTextAsync(new NewStory { Text = "x" }, "k");

        var answer = await PatchAsync(wire, story.Id, json);

        answer.Code.Should().Be("invalid_request");
        answer.Json.GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue(answer.Text);
        (await host.Client(token).Stories.GetAsync(story.Id)).Should().BeEquivalentTo(story);
    }

    [Fact]
    public async Task Only_its_author_with_a_token_that_may_post_edits_a_story()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        using var reader = host.Wire((await ana.Tokens.CreateAsync(new NewToken { Name = "r", Scopes = [Scopes.Read] })).Token);
        using var poster = host.Wire((await ana.Tokens.CreateAsync(new NewToken { Name = "p", Scopes = [Scopes.Post] })).Token);
        var open = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "1");
        await host.JoinAsync("eve");
        var secret = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Audience = ["eve"] }, "2");

        (await PatchAsync(bob, open.Id, """{ "caption": "x" }""")).Code.Should().Be("not_author");
        (await PatchAsync(bob, secret.Id, "no json")).Code.Should().Be("story_not_found");
        (await PatchAsync(reader, open.Id, """{ "caption": "x" }""")).Code.Should().Be("scope_missing");
        (await PatchAsync(poster, open.Id, """{ "caption": "x" }""")).Code.Should().Be("scope_missing");
        (await reader.SendAsync(HttpMethod.Delete, $"/v1/stories/{open.Id}", null)).Code.Should().Be("scope_missing");
    }

    private static Task<WireAnswer> PatchAsync(Wire wire, string id, string json) =>
        wire.SendAsync(HttpMethod.Patch, $"/v1/stories/{id}", new StringContent(json, Encoding.UTF8, "application/json"));
}
