using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Conversation;

public sealed class ConversationEventTests
{
    [Fact]
    public async Task A_reply_is_told_with_its_text_to_those_who_see_the_story_alone()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        var bobsToken = await host.JoinAsync("bob");
        var bob = host.Client(bobsToken);
        var pipeline = await ana.Tokens.CreateAsync(new NewToken { Name = "ci", Scopes = [Scopes.Post] });
        var evesToken = await host.JoinAsync("eve");
        var secret = await ana.Stories.PostTextAsync(new NewStory { Text = "for bob", Audience = ["bob"] }, "1");
        await using var bobsTap = await EventTap.OpenAsync(host, bobsToken);
        await using var evesTap = await EventTap.OpenAsync(host, evesToken);
        await using var pipelinesTap = await EventTap.OpenAsync(host, pipeline.Token);

        var reply = await bob.Conversation.ReplyAsync(secret.Id, "thanks");
        await bob.Conversation.ReactAsync(secret.Id, "🎉");
        await bob.Conversation.DeleteReplyAsync(secret.Id, reply.Id);
        var open = await ana.Stories.PostTextAsync(new NewStory { Text = "for all" }, "2");

        var told = await bobsTap.NextAsync();
        (told.Type, told.StoryId, told.At).Should().Be(("reply", secret.Id, reply.CreatedAt));
        told.Data!.Value.GetProperty("reply").GetProperty("text").GetString().Should().Be("thanks");
        told.Data!.Value.GetProperty("story").GetProperty("replyCount").GetInt32().Should().Be(1);
        (await bobsTap.NextAsync()).Type.Should().Be("reaction");
        var deleted = await bobsTap.NextAsync();
        (deleted.Type, deleted.Data!.Value.GetProperty("story").GetProperty("replyCount").GetInt32()).Should().Be(("story.updated", 0));
        (await evesTap.NextAsync()).StoryId.Should().Be(open.Id, "she learns nothing of what she may not see");
        var heard = await pipelinesTap.NextAsync();
        heard.Type.Should().Be("reply");
        heard.Data!.Value.TryGetProperty("reply", out _).Should().BeFalse("a token that may only post reads no thread");
    }

    [Fact]
    public async Task Who_reacted_with_what_learns_the_author_and_others_learn_the_counts()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var bob = host.Client(await host.JoinAsync("bob"));
        var evesToken = await host.JoinAsync("eve");
        var story = await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "x" }, "1");
        await using var ana = await EventTap.OpenAsync(host, anasToken);
        await using var eve = await EventTap.OpenAsync(host, evesToken);

        await bob.Conversation.ReactAsync(story.Id, "🎉");
        await bob.Conversation.ReactAsync(story.Id, "🎉");
        var (first, others) = (await ana.NextAsync(), await eve.NextAsync());
        await bob.Conversation.UnreactAsync(story.Id);
        var (last, othersLast) = (await ana.NextAsync(), await eve.NextAsync());

        (
            first.Type,
            first.Data!.Value.GetProperty("person").GetProperty("handle").GetString(),
            first.Data!.Value.GetProperty("emoji").GetString()
        )
            .Should()
            .Be(("reaction", "bob", "🎉"));
        first.Data!.Value.GetProperty("story").GetProperty("reactions").GetProperty("🎉").GetInt32().Should().Be(1);
        others.Data!.Value.GetProperty("story").GetProperty("reactions").GetProperty("🎉").GetInt32().Should().Be(1);
        others.Data!.Value.TryGetProperty("person", out _).Should().BeFalse();
        others.Data!.Value.TryGetProperty("emoji", out _).Should().BeFalse();
        (last.Type, last.Data!.Value.TryGetProperty("emoji", out _)).Should().Be(("reaction", false));
        othersLast
            .Data!.Value.GetProperty("story")
            .GetProperty("reactions")
            .EnumerateObject()
            .Should()
            .BeEmpty("the same choice once more is no event");
    }

    [Fact]
    public async Task A_reply_that_is_gone_is_not_told_to_who_comes_back()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var ana = host.Client(anasToken);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "1");
        string? last;
        await using (var tap = await EventTap.OpenAsync(host, anasToken))
        {
            await ana.Stories.EditAsync(story.Id, new StoryEdit { Caption = "y" });
            last = (await tap.NextAsync()).Id;
        }
        var gone = await ana.Conversation.ReplyAsync(story.Id, "a slip");
        await ana.Conversation.DeleteReplyAsync(story.Id, gone.Id);

        await using var again = await EventTap.OpenAsync(host, anasToken, last);

        (await again.NextAsync()).Type.Should().Be("story.updated");
    }
}
