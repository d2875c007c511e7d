using System.Net;
using System.Text.Json;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Conversation;

public sealed class ReplyTests
{
    [Fact]
    public async Task Replies_are_listed_oldest_first_in_pages_and_counted_in_the_story()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bobsToken = await host.JoinAsync("bob");
        var bob = host.Client(bobsToken);
        using var wire = host.Wire(bobsToken);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");

        var first = await bob.Conversation.ReplyAsync(story.Id, "one");
        await ana.Conversation.ReplyAsync(story.Id, "two");
        await bob.Conversation.ReplyAsync(story.Id, "three");

        (first.Author.Handle, first.Text, first.CreatedAt).Should().Be(("bob", "one", host.Clock.GetUtcNow()));
        (await bob.Conversation.ListRepliesAsync(story.Id)).Select(r => r.Text).Should().Equal("one", "two", "three");
        var page = (await wire.GetAsync($"/v1/stories/{story.Id}/replies?limit=2")).Json;
        page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("text").GetString()).Should().Equal("one", "two");
        page.GetProperty("items")[0].EnumerateObject().Select(p => p.Name).Should().Equal("id", "author", "text", "createdAt");
        var cursor = page.GetProperty("nextCursor").GetString();
        // Deleting a reply between two pages shifts nothing.
        await bob.Conversation.DeleteReplyAsync(story.Id, first.Id);
        page = (await wire.GetAsync($"/v1/stories/{story.Id}/replies?limit=2&cursor={cursor}")).Json;
        page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("text").GetString()).Should().Equal("three");
        page.GetProperty("nextCursor").ValueKind.Should().Be(JsonValueKind.Null);
        (await ana.Stories.GetAsync(story.Id)).ReplyCount.Should().Be(2);
        (await wire.GetAsync($"/v1/stories/{story.Id}/replies?cursor=1")).Code.Should().Be("invalid_request");
    }

    [Fact]
    public async Task A_thread_is_not_there_for_who_may_not_see_its_story()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        using var eve = host.Wire(await host.JoinAsync("eve"));
        var story = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "for bob",
                Audience = ["bob"],
                Ttl = "5m",
            },
            "k"
        );
        var reply = await bob.Conversation.ReplyAsync(story.Id, "thanks");
        var path = $"/v1/stories/{story.Id}";

        async Task NothingAsync()
        {
            (await eve.GetAsync($"{path}/replies")).Code.Should().Be("story_not_found");
            (await eve.PostJsonAsync($"{path}/replies", """{ "text": "hi" }""")).Code.Should().Be("story_not_found");
            (await eve.PostJsonAsync($"{path}/replies", """{ "wrong": 1 }"""))
                .Code.Should()
                .Be("story_not_found", "what is wrong with a request tells nothing either");
            (await eve.SendAsync(HttpMethod.Delete, $"{path}/replies/{reply.Id}", null)).Code.Should().Be("story_not_found");
            (await eve.SendAsync(HttpMethod.Delete, $"{path}/reaction", null)).Code.Should().Be("story_not_found");
        }
        await NothingAsync();
        await host.RestartAsync(away: TimeSpan.FromDays(1));
        await NothingAsync();
    }

    [Fact]
    public async Task After_expiry_a_thread_is_readable_for_its_time_and_takes_no_more_also_across_restarts()
    {
        await using var host = await ServerHost.StartAsync(o => o with { ThreadRetention = TimeSpan.FromDays(3) });
        var anasToken = await host.JoinAsync("ana");
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var story = await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "x", Ttl = "5m" }, "k");
        var path = $"/v1/stories/{story.Id}/replies";
        var id = (await bob.PostJsonAsync(path, """{ "text": "hello" }""", ("Idempotency-Key", "r"))).Json.GetProperty("id").GetString();

        host.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        (await bob.PostJsonAsync(path, """{ "text": "in time" }""")).Status.Should().Be(HttpStatusCode.Created);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await bob.PostJsonAsync(path, """{ "text": "late" }""")).Code.Should().Be("story_expired");
        (await bob.PostJsonAsync(path, """{ "text": "hello" }""", ("Idempotency-Key", "r")))
            .Json.GetProperty("id")
            .GetString()
            .Should()
            .Be(id, "a key is answered as it was");
        (await bob.GetAsync(path)).Json.GetProperty("items").GetArrayLength().Should().Be(2);
        await host.RestartAsync(away: TimeSpan.FromDays(3) - TimeSpan.FromMilliseconds(1));
        (await bob.GetAsync(path)).Json.GetProperty("items").GetArrayLength().Should().Be(2);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await bob.GetAsync(path)).Code.Should().Be("story_expired");
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            return host.Threads().Bytes == 0;
        });
    }

    [Fact]
    public async Task Of_a_deleted_story_no_reply_is_left_for_anybody()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");
        var path = $"/v1/stories/{story.Id}/replies";
        var id = (await bob.PostJsonAsync(path, """{ "text": "hello" }""", ("Idempotency-Key", "r"))).Json.GetProperty("id").GetString();

        await ana.Stories.DeleteAsync(story.Id);

        (await bob.GetAsync(path)).Code.Should().Be("story_deleted");
        var again = await bob.PostJsonAsync(path, """{ "text": "hello" }""", ("Idempotency-Key", "r"));
        (again.Status, again.Text).Should().Be((HttpStatusCode.Created, $$"""{"id":"{{id}}"}"""));
        host.Threads().Bytes.Should().Be(0);
    }

    [Fact]
    public async Task A_reply_is_deleted_by_its_writer_or_the_author_of_the_story()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        using var eve = host.Wire(await host.JoinAsync("eve", Roles.Admin));
        var story = await bob.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");
        var one = await ana.Conversation.ReplyAsync(story.Id, "one");
        var two = await ana.Conversation.ReplyAsync(story.Id, "two");

        (await eve.SendAsync(HttpMethod.Delete, $"/v1/stories/{story.Id}/replies/{one.Id}", null)).Code.Should().Be("not_author");
        (await eve.SendAsync(HttpMethod.Delete, $"/v1/stories/{story.Id}/replies/01aaaaaaaaaaaaaaaaaaaaaaaa", null))
            .Code.Should()
            .Be("reply_not_found");
        await ana.Conversation.DeleteReplyAsync(story.Id, one.Id);
        await bob.Conversation.DeleteReplyAsync(story.Id, two.Id);

        (await ana.Conversation.ListRepliesAsync(story.Id)).Should().BeEmpty();
        (await ana.Stories.GetAsync(story.Id)).ReplyCount.Should().Be(0);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_reply_also_at_once_and_after_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var story = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();
        var path = $"/v1/stories/{story}/replies";
        Task<WireAnswer> ReplyAsync(string text) => ana.PostJsonAsync(path, $$"""{ "text": "{{text}}" }""", ("Idempotency-Key", "r"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReplyAsync("hello")));
        await host.RestartAsync();
        var later = await ReplyAsync("hello");

        answers
            .Append(later)
            .Select(a => (a.Status, a.Text))
            .Distinct()
            .Should()
            .ContainSingle()
            .Which.Status.Should()
            .Be(HttpStatusCode.Created);
        (await ReplyAsync("other")).Code.Should().Be("idempotency_conflict");
        (await ana.GetAsync(path)).Json.GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_story_whose_author_takes_no_replies_refuses_them_and_keeps_what_is_there()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");
        await ana.Conversation.ReplyAsync(story.Id, "while they were on");
        await ana.Stories.EditAsync(story.Id, new StoryEdit { RepliesOn = false });

        var refused = await bob.PostJsonAsync($"/v1/stories/{story.Id}/replies", """{ "text": "hi" }""");

        (refused.Status, refused.Code).Should().Be((HttpStatusCode.Forbidden, "replies_off"));
        (await bob.GetAsync($"/v1/stories/{story.Id}/replies")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Text_has_its_limit_and_loses_what_could_command_a_terminal()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var story = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();
        Task<WireAnswer> ReplyAsync(string? text) =>
            ana.PostJsonAsync($"/v1/stories/{story}/replies", JsonSerializer.Serialize(new { text }));

        (await ReplyAsync(string.Concat(Enumerable.Repeat("🎉", 2048)))).Status.Should().Be(HttpStatusCode.Created);
        var tooLong = await ReplyAsync(new string('x', 2049));
        tooLong.Json.GetProperty("errors").GetProperty("text")[0].GetString().Should().Contain("2048").And.Contain("2049");
        (await ReplyAsync("\e]0;title\a\e[31mred\e[0m\a\r\nline\ttab\e[2J"))
            .Json.GetProperty("text")
            .GetString()
            .Should()
            .Be("\e[31mred\e[0m\nline\ttab");
        foreach (var empty in (string?[])[null, "", " \n", "\e[2J", "\e[31m"])
        {
            (await ReplyAsync(empty)).Json.GetProperty("errors").GetProperty("text")[0].GetString().Should().Contain("empty");
        }
        (await ana.PostJsonAsync($"/v1/stories/{story}/replies", """{ "text": "x", "to": "bob" }"""))
            .Json.GetProperty("errors")
            .TryGetProperty("to", out _)
            .Should()
            .BeTrue();
    }

    [Fact]
    public async Task Tokens_that_only_post_or_only_read_say_nothing()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");
        using var poster = host.Wire((await ana.Tokens.CreateAsync(new NewToken { Name = "ci", Scopes = [Scopes.Post] })).Token);
        using var reader = host.Wire((await ana.Tokens.CreateAsync(new NewToken { Name = "tv", Scopes = [Scopes.Read] })).Token);

        foreach (var wire in (Wire[])[poster, reader])
        {
            (await wire.PostJsonAsync($"/v1/stories/{story.Id}/replies", """{ "text": "x" }""")).Code.Should().Be("scope_missing");
            (await wire.SendAsync(HttpMethod.Delete, $"/v1/stories/{story.Id}/reaction", null)).Code.Should().Be("scope_missing");
        }
        (await poster.GetAsync($"/v1/stories/{story.Id}/replies")).Code.Should().Be("scope_missing");
        (await reader.GetAsync($"/v1/stories/{story.Id}/replies")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Replies_count_against_the_quota_of_who_wrote_them()
    {
        await using var host = await ServerHost.StartAsync(o => o with { QuotaAccountBytes = 1000 });
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "k");
        var reply = await bob.Conversation.ReplyAsync(story.Id, new string('x', 500));

        (await bob.Invoking(b => b.Conversation.ReplyAsync(story.Id, new string('x', 500))).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be("quota_reached");
        (await bob.Accounts.GetMeAsync()).Bytes.Should().BeInRange(500, 1000);
        await bob.Conversation.DeleteReplyAsync(story.Id, reply.Id);
        await bob.Conversation.ReplyAsync(story.Id, new string('x', 500));
    }

    [Fact]
    public async Task Who_leaves_takes_their_words_and_the_threads_of_their_stories_along()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bobsToken = await host.JoinAsync("bob");
        var bob = host.Client(bobsToken);
        using var bobsWire = host.Wire(bobsToken);
        var expired = await bob.Stories.PostTextAsync(new NewStory { Text = "his", Ttl = "5m" }, "1");
        await ana.Conversation.ReplyAsync(expired.Id, "to what expires");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "hers" }, "2");
        await ana.Conversation.ReplyAsync(story.Id, "stays");
        await bob.Conversation.ReplyAsync(story.Id, "goes");
        await bob.Conversation.ReactAsync(story.Id, "🎉");

        (await bobsWire.SendAsync(HttpMethod.Delete, "/v1/me", null)).Status.Should().Be(HttpStatusCode.NoContent);

        (await ana.Conversation.ListRepliesAsync(story.Id)).Select(r => r.Text).Should().Equal("stays");
        (await ana.Stories.GetAsync(story.Id)).Reactions.Should().BeEmpty();
        (await ana.Conversation.ListRepliesAsync(expired.Id)).Should().BeEmpty();
        await host.RestartAsync();
        host.Threads().Of(story.Id).Replies.Should().ContainSingle();
    }
}
