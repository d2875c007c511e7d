using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Digests;

public sealed class DigestTests
{
    [Fact]
    public async Task It_tells_each_what_they_may_see_and_nothing_of_what_is_deleted()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var eve = await host.SignInAsync("eve");
        var old = await ana.Stories.PostTextAsync(new NewStory { Text = "old", Ttl = "7d" }, "1");
        host.Clock.Advance(TimeSpan.FromHours(30));
        var secret = await ana.Stories.PostTextAsync(new NewStory { Text = "for bob", Audience = ["bob"] }, "2");
        var brief = await ana.Stories.PostTextAsync(new NewStory { Text = "brief", Ttl = "5m" }, "3");
        var deleted = await ana.Stories.PostTextAsync(new NewStory { Text = "deleted" }, "4");
        await bob.Conversation.ReplyAsync(old.Id, "to the old one");
        await bob.Conversation.ReplyAsync(brief.Id, "to the brief one");
        await bob.Conversation.ReplyAsync(deleted.Id, "to the deleted one");
        await bob.Conversation.ReplyAsync(secret.Id, "to the secret one");
        await ana.Stories.DeleteAsync(deleted.Id);
        host.Clock.Advance(TimeSpan.FromMinutes(6));

        var forBob = await bob.Digests.GetAsync();
        forBob.Posted.Items.Select(s => s.Id).Should().Equal(secret.Id);
        forBob
            .Answered.Items.Select(r => (r.StoryId, r.Story?.Title))
            .Should()
            .BeEquivalentTo([(old.Id, (string?)"old"), (brief.Id, null), (secret.Id, "for bob")]);
        forBob.NotSeen.Items.Should().BeEmpty("who may see the stories of others is not told");
        var forEve = await eve.Digests.GetAsync();
        forEve.Posted.Items.Should().BeEmpty();
        forEve.Answered.Items.Select(r => r.StoryId).Should().BeEquivalentTo(old.Id, brief.Id);
        var forAna = await ana.Digests.GetAsync();
        forAna.NotSeen.Items.Should().ContainSingle().Which.People.Select(p => p.Handle).Should().Equal("bob");
    }

    [Fact]
    public async Task Who_looks_privately_is_counted_and_stands_among_those_not_known_to_have_looked()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var token = await host.JoinAsync("bob");
        using var wire = host.Wire(token);
        var cem = await host.SignInAsync("cem");
        await host.SignInAsync("dan");
        await wire.SendAsync(
            HttpMethod.Patch,
            "/v1/me",
            new StringContent("""{ "privateViewing": true }""", System.Text.Encoding.UTF8, "application/json")
        );
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "1");
        await host.Client(token).Stories.MarkViewedAsync(story.Id);
        await cem.Stories.MarkViewedAsync(story.Id);

        var audience = (await ana.Digests.GetAsync()).NotSeen.Items.Should().ContainSingle().Which;

        (string.Join(' ', audience.People.Select(p => p.Handle)), audience.PrivateCount).Should().Be(("bob dan", 1));
    }

    [Fact]
    public async Task Hostile_text_stays_text_in_the_minutes()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await ana.PostJsonAsync(
            "/v1/stories",
            """{ "text": "x", "caption": "</li>\n# Head\n![x](javascript:1) [a](http://evil) @bob `a` www.evil.org\u202e" }"""
        );

        var answer = await ana.GetAsync("/v1/digest", ("Accept", "text/markdown"));

        answer.Header("Content-Type").Should().Be("text/markdown; charset=utf-8");
        answer
            .Text.Should()
            .Contain(
                "**ana**, text: &lt;/li&gt; \\# Head \\!\\[x\\]\\(javascript\\:1\\) \\[a\\]\\(http\\://evil\\) &#64;bob \\`a\\` www\\.evil.org (`"
            );
        answer.Text.Split('\n').Count(line => line.StartsWith('#')).Should().Be(6);
    }

    [Theory]
    [InlineData("31d", "30 days")]
    [InlineData("2026-11-23T18:00:00Z", "not ahead")]
    [InlineData("soon", "24h")]
    public async Task Since_has_its_limits(string since, string said)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.GetAsync($"/v1/digest?since={since}")).Detail.Should().Contain(said).And.Contain(since);
    }
}
