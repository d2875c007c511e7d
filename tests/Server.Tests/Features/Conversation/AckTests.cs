using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Conversation;

public sealed class AckTests
{
    [Fact]
    public async Task Who_has_acknowledged_is_counted_for_all_and_named_for_the_author()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var cem = await host.SignInAsync("cem");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");

        var first = host.Clock.GetUtcNow();
        await bob.Conversation.AckAsync(story.Id);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await cem.Conversation.AckAsync(story.Id);
        var again = await bob.Conversation.AckAsync(story.Id);

        (again.AckCount, again.Acked).Should().Be((2, true));
        var own = await ana.Stories.GetAsync(story.Id);
        (own.AckCount, own.Acked).Should().Be((2, false));
        (await ana.Conversation.ListAcksAsync(story.Id))
            .Select(a => (a.Person.Handle, a.At))
            .Should()
            .Equal(("bob", first), ("cem", first.AddSeconds(5)));
        (await bob.Invoking(b => b.Conversation.ListAcksAsync(story.Id)).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be("not_author");
        await bob.Conversation.UnackAsync(story.Id);
        await bob.Conversation.UnackAsync(story.Id);
        (await ana.Conversation.ListAcksAsync(story.Id)).Should().ContainSingle();
    }

    [Fact]
    public async Task The_list_outlives_the_story_as_its_thread_does_and_across_restarts()
    {
        await using var host = await ServerHost.StartAsync(o => o with { ThreadRetention = TimeSpan.FromDays(3) });
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "ttl": "5m" }""")).Json.GetProperty("id").GetString()!;
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/ack", null);

        await host.RestartAsync(away: TimeSpan.FromMinutes(5));
        (await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/ack", null)).Code.Should().Be("story_expired");
        await host.RestartAsync(away: TimeSpan.FromDays(3) - TimeSpan.FromMilliseconds(1));

        (await ana.GetAsync($"/v1/stories/{id}/acks"))
            .Json.GetProperty("items")[0]
            .GetProperty("person")
            .GetProperty("handle")
            .GetString()
            .Should()
            .Be("bob");
        (await bob.GetAsync($"/v1/stories/{id}/acks")).Code.Should().Be("not_author");
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await ana.GetAsync($"/v1/stories/{id}/acks")).Code.Should().Be("story_expired");
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            return host.Threads().Of(id).IsEmpty;
        });
    }

    [Fact]
    public async Task A_stranger_can_neither_acknowledge_nor_learn_who_has_and_a_deletion_takes_all_along()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var evesToken = await host.JoinAsync("eve");
        using var eve = host.Wire(evesToken);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Audience = ["bob"] }, "k");
        await using var tap = await EventTap.OpenAsync(host, evesToken);

        await bob.Conversation.AckAsync(story.Id);

        (await eve.SendAsync(HttpMethod.Put, $"/v1/stories/{story.Id}/ack", new StringContent("{ wrong")))
            .Code.Should()
            .Be("story_not_found");
        (await eve.SendAsync(HttpMethod.Delete, $"/v1/stories/{story.Id}/ack", null)).Code.Should().Be("story_not_found");
        (await eve.GetAsync($"/v1/stories/{story.Id}/acks")).Code.Should().Be("story_not_found");
        var open = await ana.Stories.PostTextAsync(new NewStory { Text = "for all" }, "2");
        (await tap.NextAsync()).StoryId.Should().Be(open.Id, "she hears nothing of what she may not see");
        await ana.Stories.DeleteAsync(story.Id);
        host.Threads().Of(story.Id).IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task The_author_hears_who_others_hear_that_and_leaving_takes_it_back()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var ana = host.Client(anasToken);
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var evesToken = await host.JoinAsync("eve");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");
        await using var anasTap = await EventTap.OpenAsync(host, anasToken);
        await using var evesTap = await EventTap.OpenAsync(host, evesToken);

        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{story.Id}/ack", null);
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{story.Id}/ack", null);

        var (told, others) = (await anasTap.NextAsync(), await evesTap.NextAsync());
        (told.Type, told.Data!.Value.GetProperty("person").GetProperty("handle").GetString()).Should().Be(("ack", "bob"));
        (others.Type, others.Data!.Value.GetProperty("story").GetProperty("ackCount").GetInt32()).Should().Be(("ack", 1));
        others.Data!.Value.TryGetProperty("person", out _).Should().BeFalse();
        await bob.SendAsync(HttpMethod.Delete, $"/v1/stories/{story.Id}/ack", null);
        (await evesTap.NextAsync()).Type.Should().Be("story.updated", "the same once more is no event, taking it back is");
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{story.Id}/ack", null);
        await bob.SendAsync(HttpMethod.Delete, "/v1/me", null);
        (await ana.Stories.GetAsync(story.Id)).AckCount.Should().Be(0);
    }
}
