using System.Net;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Conversation;

public sealed class ReactionTests
{
    [Fact]
    public async Task Everybody_has_one_reaction_that_may_change_and_go()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");
        var tray = (await bob.Stories.GetTrayAsync()).Single();

        await bob.Conversation.ReactAsync(story.Id, "✅");
        await bob.Conversation.ReactAsync(story.Id, "🔥");
        var seen = await ana.Conversation.ReactAsync(story.Id, "🎉");

        seen.Reactions.Should().Equal(new Dictionary<string, int> { ["🔥"] = 1, ["🎉"] = 1 });
        seen.MyReaction.Should().Be("🎉");
        (await bob.Stories.GetAsync(story.Id)).MyReaction.Should().Be("🔥");
        (await bob.Stories.GetTrayAsync()).Single().Should().Be(tray, "reacting is not seeing");
        await bob.Conversation.UnreactAsync(story.Id);
        await bob.Conversation.UnreactAsync(story.Id);
        var left = await bob.Stories.GetAsync(story.Id);
        (left.MyReaction, left.Reactions.Keys.Single()).Should().Be((null, "🎉"));
    }

    [Fact]
    public async Task Reactions_last_across_a_restart_and_end_with_the_story()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "ttl": "5m" }""")).Json.GetProperty("id").GetString()!;
        await PutAsync(ana, id, """{ "emoji": "👀" }""");

        await host.RestartAsync();

        (await ana.GetAsync($"/v1/stories/{id}")).Json.GetProperty("reactions").GetProperty("👀").GetInt32().Should().Be(1);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await PutAsync(ana, id, """{ "emoji": "🔥" }""")).Code.Should().Be("story_expired");
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}/reaction", null)).Code.Should().Be("story_expired");
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            return host.Threads().Of(id).IsEmpty;
        });
    }

    [Theory]
    [InlineData("""{ "emoji": "👎" }""")]
    [InlineData("""{ "emoji": "🔥🔥" }""")]
    [InlineData("""{}""")]
    public async Task Anything_but_the_ten_is_refused_with_their_names(string json)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString()!;

        var refused = await PutAsync(ana, id, json);

        refused.Status.Should().Be(HttpStatusCode.BadRequest);
        refused.Json.GetProperty("errors").GetProperty("emoji")[0].GetString().Should().Contain("🔥 😂 😍 😮 😢 👏 🎉 💯 👀 ✅");
        (await ana.GetAsync($"/v1/stories/{id}")).Json.GetProperty("reactions").EnumerateObject().Should().BeEmpty();
    }

    [Fact]
    public async Task A_repeated_key_does_not_bring_an_old_reaction_back()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString()!;
        await PutAsync(ana, id, """{ "emoji": "👀" }""", ("Idempotency-Key", "k"));
        await PutAsync(ana, id, """{ "emoji": "🔥" }""");

        var again = await PutAsync(ana, id, """{ "emoji": "👀" }""", ("Idempotency-Key", "k"));

        (again.Status, again.Json.GetProperty("myReaction").GetString()).Should().Be((HttpStatusCode.OK, "🔥"));
        (await PutAsync(ana, id, """{ "emoji": "💯" }""", ("Idempotency-Key", "k"))).Code.Should().Be("idempotency_conflict");
    }

    [Fact]
    public async Task Who_may_not_see_a_story_cannot_react_to_it_and_an_author_may()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        await host.SignInAsync("bob");
        using var eve = host.Wire(await host.JoinAsync("eve"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Audience = ["bob"] }, "k");

        (await PutAsync(eve, story.Id, """{ "emoji": "🔥" }""")).Code.Should().Be("story_not_found");

        (await ana.Conversation.ReactAsync(story.Id, "💯")).Reactions.Should().ContainKey("💯").And.HaveCount(1);
        await ana.Stories.DeleteAsync(story.Id);
        (await ana.Invoking(a => a.Conversation.ReactAsync(story.Id, "💯")).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be("story_deleted");
    }

    private static Task<WireAnswer> PutAsync(Wire wire, string id, string json, params (string, string)[] headers) =>
        wire.SendAsync(
            HttpMethod.Put,
            $"/v1/stories/{id}/reaction",
            new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            headers
        );
}
