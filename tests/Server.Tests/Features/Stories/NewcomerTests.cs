using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>An account that joins after a story ended could never see it, although it belongs to the team now.</summary>
public sealed class NewcomerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_joined_after_a_story_ended_learns_nothing_of_it(bool swept)
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Client(token);
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var expired = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Ttl = "1h" }, "k1");
        var deleted = await ana.Stories.PostTextAsync(new NewStory { Text = "y" }, "k2");
        await bob.PostJsonAsync($"/v1/stories/{expired.Id}/replies", """{"text":"old words"}""");
        await ana.Stories.DeleteAsync(deleted.Id);
        host.Clock.Advance(TimeSpan.FromHours(1));
        if (swept)
        {
            await host.RestartAsync(away: TimeSpan.FromMinutes(2));
        }
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        using var eve = host.Wire(await host.JoinAsync("eve"));

        foreach (var path in (string[])["/v1/stories/{0}", "/v1/stories/{0}/replies", "/v1/stories/{0}/media", "/v1/receipts/{0}"])
        {
            foreach (var id in (string[])[expired.Id, deleted.Id])
            {
                var answer = await eve.GetAsync(string.Format(null, path, id));
                (answer.Status, answer.Code).Should().Be((HttpStatusCode.NotFound, "story_not_found"));
                answer.Detail.Should().Be($"there is no story {id}");
            }
        }
        (await bob.GetAsync($"/v1/stories/{expired.Id}")).Code.Should().Be("story_expired");
        (await bob.GetAsync($"/v1/stories/{expired.Id}/replies")).Text.Should().Contain("old words");
        (await bob.GetAsync($"/v1/stories/{deleted.Id}")).Code.Should().Be("story_deleted");
    }

    [Fact]
    public async Task Who_joins_while_a_story_lives_sees_it_and_how_it_ends()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Ttl = "1h" }, "k");
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        using var eve = host.Wire(await host.JoinAsync("eve"));

        (await eve.GetAsync($"/v1/stories/{story.Id}")).Status.Should().Be(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        (await eve.GetAsync($"/v1/stories/{story.Id}")).Code.Should().Be("story_expired");
    }
}
