using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Events;

public sealed class EventTests
{
    [Fact]
    public async Task A_story_comes_with_its_event_and_nobody_else_learns_of_it()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        await using var bob = await EventTap.OpenAsync(host, await host.JoinAsync("bob"));
        await using var eve = await EventTap.OpenAsync(host, await host.JoinAsync("eve"));

        var secret = await ana.Stories.PostTextAsync(new NewStory { Text = "for bob", Audience = ["bob"] }, "1");
        var posted = await bob.NextAsync();
        var open = await ana.Stories.PostTextAsync(new NewStory { Text = "for all" }, "2");

        bob.Answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        bob.Answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        (posted.Type, posted.StoryId, posted.At).Should().Be(("story.posted", secret.Id, secret.CreatedAt));
        var story = posted.Data!.Value.GetProperty("story");
        story.GetProperty("text").GetString().Should().Be("for bob");
        story.GetProperty("audience").GetString().Should().Be("selected", "only its author learns the names");
        (await eve.NextAsync()).StoryId.Should().Be(open.Id);
        await ana.Stories.DeleteAsync(secret.Id);
        await ana.Stories.DeleteAsync(open.Id);
        (await eve.NextAsync()).StoryId.Should().Be(open.Id, "also of an end one learns only where one could see the story");
    }

    [Fact]
    public async Task A_view_is_told_to_the_author_alone_and_once()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var bobsToken = await host.JoinAsync("bob");
        var story = await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "x" }, "1");
        await using var ana = await EventTap.OpenAsync(host, anasToken);
        await using var bob = await EventTap.OpenAsync(host, bobsToken);

        await host.Client(bobsToken).Stories.MarkViewedAsync(story.Id);
        await host.Client(bobsToken).Stories.MarkViewedAsync(story.Id);
        var view = await ana.NextAsync();
        await host.Client(anasToken).Stories.DeleteAsync(story.Id);

        (view.Type, view.StoryId).Should().Be(("view", story.Id));
        view.Data!.Value.GetProperty("person").GetProperty("handle").GetString().Should().Be("bob");
        view.Data!.Value.GetProperty("story").GetProperty("viewCount").GetInt32().Should().Be(1);
        (await ana.NextAsync()).Type.Should().Be("story.removed");
        (await bob.NextAsync()).Type.Should().Be("story.removed");
    }

    [Fact]
    public async Task A_token_that_may_only_post_hears_of_its_own_stories()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        var bob = host.Client(await host.JoinAsync("bob"));
        var pipeline = await bob.Tokens.CreateAsync(new NewToken { Name = "ci", Scopes = [Scopes.Post] });
        await using var tap = await EventTap.OpenAsync(host, pipeline.Token);

        await ana.Stories.PostTextAsync(new NewStory { Text = "hers" }, "1");
        var own = await bob.Stories.PostTextAsync(new NewStory { Text = "his" }, "2");

        (await tap.NextAsync()).StoryId.Should().Be(own.Id);
    }

    [Fact]
    public async Task Expiry_is_told_at_its_instant_and_to_the_author_an_hour_before()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        await using var bob = await EventTap.OpenAsync(host, await host.JoinAsync("bob"));
        await using var ana = await EventTap.OpenAsync(host, anasToken);
        var story = await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "x", Ttl = "2h" }, "1");
        await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "y", Ttl = "1h" }, "2");
        _ = (await ana.NextAsync(), await ana.NextAsync(), await bob.NextAsync(), await bob.NextAsync());

        host.Clock.SetUtcNow(story.ExpiresAt!.Value - TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        var (soon, over) = (await ana.NextAsync(), await ana.NextAsync());
        host.Clock.SetUtcNow(story.ExpiresAt!.Value);
        var last = await ana.NextAsync();

        Block[] told = [soon, over, last];
        told.Select(b => b.Type).Should().BeEquivalentTo(["story.expiring", "story.expired", "story.expired"]);
        last.At.Should().Be(story.ExpiresAt!.Value);
        told.Single(b => b.Type == "story.expiring").At.Should().Be(story.ExpiresAt!.Value - TimeSpan.FromHours(1));
        (await bob.NextAsync()).Type.Should().Be("story.expired");
        (await bob.NextAsync()).StoryId.Should().Be(story.Id);
    }

    [Fact]
    public async Task Only_a_get_with_a_token_opens_a_stream()
    {
        await using var host = await ServerHost.StartAsync();
        using var nobody = host.Wire(token: null);
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await nobody.GetAsync("/v1/events")).Code.Should().Be("not_signed_in");
        (await ana.PostJsonAsync("/v1/events", "{}")).Status.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await ana.GetAsync("/v1/events?author=bob")).Code.Should().Be("invalid_request");
    }
}
