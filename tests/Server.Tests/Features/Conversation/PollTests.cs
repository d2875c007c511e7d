using System.Net;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Conversation;

public sealed class PollTests
{
    private static readonly NewPoll Release = new() { Question = "Release?", Options = ["yes", "no", "later"] };

    [Fact]
    public async Task Each_viewer_has_one_vote_that_may_change_until_the_poll_is_closed_also_across_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var id = await PostAsync(ana, """{ "text": "x", "poll": { "question": "Release?", "options": ["yes", "no"] } }""");

        await VoteAsync(bob, id, 0);
        await VoteAsync(ana, id, 0);
        var changed = (await VoteAsync(bob, id, 1)).Json.GetProperty("poll");
        await host.RestartAsync();

        changed.GetProperty("myVote").GetInt32().Should().Be(1);
        var poll = (await ana.GetAsync($"/v1/stories/{id}")).Json.GetProperty("poll");
        poll.GetProperty("question").GetString().Should().Be("Release?");
        poll.GetProperty("options")
            .EnumerateArray()
            .Select(o => (o.GetProperty("text").GetString(), o.GetProperty("votes").GetInt32()))
            .Should()
            .Equal(("yes", 1), ("no", 1));
        (await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/poll/closed", null)).Code.Should().Be("not_author");
        var closed = (await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/poll/closed", null))
            .Json.GetProperty("poll")
            .GetProperty("closedAt")
            .GetDateTimeOffset();
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/poll/closed", null))
            .Json.GetProperty("poll")
            .GetProperty("closedAt")
            .GetDateTimeOffset()
            .Should()
            .Be(closed, "what is closed stays closed");
        (await VoteAsync(bob, id, 0)).Code.Should().Be("poll_closed");
        (await bob.GetAsync($"/v1/stories/{id}")).Json.GetProperty("poll").GetProperty("myVote").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task Votes_at_the_same_time_count_once_a_viewer()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Poll = Release }, "k");

        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => bob.Conversation.VoteAsync(story.Id, i % 3)));

        (await ana.Stories.GetAsync(story.Id)).Poll!.Options.Sum(o => o.Votes).Should().Be(1);
    }

    [Theory]
    [InlineData("""{ "question": "", "options": ["a", "b"] }""", "poll.question")]
    [InlineData("""{ "question": "q", "options": ["a"] }""", "poll.option")]
    [InlineData("""{ "question": "q", "options": ["a", "b", "c", "d", "e"] }""", "poll.option")]
    [InlineData("""{ "question": "q", "options": ["a", "a"] }""", "poll.option")]
    [InlineData("""{ "question": "q", "options": ["a", ""] }""", "poll.options[1]")]
    [InlineData("""{ "question": "q" }""", "poll.option")]
    [InlineData("""{ "question": "q", "options": ["a", "b"], "answer": 1 }""", "poll.answer")]
    public async Task A_poll_that_is_none_is_refused_by_its_field(string poll, string field)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var refused = await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "x", "poll": {{poll}} }""");

        refused.Status.Should().Be(HttpStatusCode.BadRequest);
        refused.Json.GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue(refused.Text);
    }

    [Fact]
    public async Task Question_and_answers_have_their_lengths_on_one_line_and_come_by_query_too()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (question, answer) = (new string('q', Limits.PollQuestionCharacters), new string('a', Limits.PollOptionCharacters));

        var posted = await ana.PutAsync(
            $"/v1/stories?poll.question={question}&poll.option={answer}&poll.option=b%0Ac%1B%5B31m",
            await TestMedia.JpegAsync()
        );
        var refused = await ana.PutAsync(
            $"/v1/stories?poll.question={question}q&poll.option={answer}a&poll.option=b",
            await TestMedia.JpegAsync()
        );

        posted
            .Json.GetProperty("poll")
            .GetProperty("options")
            .EnumerateArray()
            .Select(o => o.GetProperty("text").GetString())
            .Should()
            .Equal(answer, "b c");
        refused.Json.GetProperty("errors").GetProperty("poll.question")[0].GetString().Should().Contain("140").And.Contain("141");
        refused.Json.GetProperty("errors").GetProperty("poll.option")[0].GetString().Should().Contain("80").And.Contain("81");
    }

    [Fact]
    public async Task What_cannot_be_voted_on_says_so_and_a_repeated_key_brings_no_old_vote_back()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var plain = await PostAsync(ana, """{ "text": "x" }""");
        var id = await PostAsync(ana, """{ "text": "x", "poll": { "question": "Release?", "options": ["yes", "no"] } }""");

        (await VoteAsync(ana, plain, 0)).Code.Should().Be("poll_not_found");
        (await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{plain}/poll/closed", null)).Code.Should().Be("poll_not_found");
        (await VoteAsync(ana, id, 2)).Detail.Should().Contain("0 to 1").And.Contain("2");
        (await VoteAsync(ana, id, -1)).Code.Should().Be("invalid_request");
        (await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/vote", new StringContent("{}", null, "application/json")))
            .Detail.Should()
            .Contain("missing");
        await VoteAsync(ana, id, 0, ("Idempotency-Key", "k"));
        await VoteAsync(ana, id, 1);
        (await VoteAsync(ana, id, 0, ("Idempotency-Key", "k"))).Json.GetProperty("poll").GetProperty("myVote").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task A_stranger_learns_nothing_and_those_who_see_it_hear_counts_without_names()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var ana = host.Client(anasToken);
        var bobsToken = await host.JoinAsync("bob");
        using var bob = host.Wire(bobsToken);
        var evesToken = await host.JoinAsync("eve");
        using var eve = host.Wire(evesToken);
        var story = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "x",
                Audience = ["bob"],
                Poll = Release,
            },
            "k"
        );
        await using var anasTap = await EventTap.OpenAsync(host, anasToken);
        await using var evesTap = await EventTap.OpenAsync(host, evesToken);

        (await VoteAsync(eve, story.Id, 7)).Code.Should().Be("story_not_found");
        (await eve.SendAsync(HttpMethod.Put, $"/v1/stories/{story.Id}/poll/closed", new StringContent("{ wrong")))
            .Code.Should()
            .Be("story_not_found");
        await VoteAsync(bob, story.Id, 2);
        await VoteAsync(bob, story.Id, 2);
        await ana.Conversation.ClosePollAsync(story.Id);
        var open = await ana.Stories.PostTextAsync(new NewStory { Text = "for all" }, "2");

        var heard = await anasTap.NextAsync();
        heard.Type.Should().Be("vote");
        heard.Data!.Value.TryGetProperty("person", out _).Should().BeFalse();
        heard.Data!.Value.GetProperty("story").GetProperty("poll").GetProperty("options")[2].GetProperty("votes").GetInt32().Should().Be(1);
        (await anasTap.NextAsync()).Type.Should().Be("story.updated", "the same vote once more is no event, closing is");
        (await evesTap.NextAsync()).StoryId.Should().Be(open.Id);
    }

    [Fact]
    public async Task Leaving_takes_votes_back_and_expiry_ends_them()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var story = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "x",
                Poll = Release,
                Ttl = "5m",
            },
            "k"
        );
        await VoteAsync(bob, story.Id, 0);
        await ana.Conversation.VoteAsync(story.Id, 1);

        await bob.SendAsync(HttpMethod.Delete, "/v1/me", null);

        (await ana.Stories.GetAsync(story.Id)).Poll!.Options.Select(o => o.Votes).Should().Equal(0, 1, 0);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await ana.Invoking(a => a.Conversation.VoteAsync(story.Id, 0)).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be("story_expired");
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            return host.Threads().Of(story.Id).IsEmpty;
        });
    }

    private static async Task<string> PostAsync(Wire wire, string json) =>
        (await wire.PostJsonAsync("/v1/stories", json)).Json.GetProperty("id").GetString()!;

    private static Task<WireAnswer> VoteAsync(Wire wire, string id, int option, params (string, string)[] headers) =>
        wire.SendAsync(
            HttpMethod.Put,
            $"/v1/stories/{id}/vote",
            new StringContent($$"""{ "option": {{option}} }""", System.Text.Encoding.UTF8, "application/json"),
            headers
        );
}
