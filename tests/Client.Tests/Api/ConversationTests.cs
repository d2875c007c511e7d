using System.Text.Json;
using System.Text.Json.Nodes;
using StoriesCli.Contracts;
using static StoriesCli.Client.Tests.ScriptedServer;

namespace StoriesCli.Client.Tests.Api;

public class ConversationTests
{
    private const string ReplyId = "01kb3v8sxq7m2c4w9e5r1t0y70";

    private static string ReplyJson(string text) =>
        $$"""{"id":"{{ReplyId}}","author":{"handle":"bob","displayName":"Bob"},"text":"{{text}}","createdAt":"2026-11-22T18:00:00.000Z","new":1}""";

    [Fact]
    public async Task A_reply_whose_answer_was_lost_is_sent_again_with_the_same_key()
    {
        await using var server = new ScriptedServer(BreakOff, Answer(201, ReplyJson("hi")));
        using var client = server.Client();

        var reply = await client.Conversation.ReplyAsync(Samples.Id, "hi");

        (reply.Id, reply.Author.Handle, reply.Text).Should().Be((ReplyId, "bob", "hi"));
        server
            .Requests.Should()
            .HaveCount(2)
            .And.OnlyContain(r => r.Line == $"POST /v1/stories/{Samples.Id}/replies HTTP/1.1" && r.Text == """{"text":"hi"}""");
        server.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_thread_is_read_to_its_end()
    {
        await using var server = new ScriptedServer(
            Answer(200, $$"""{"items":[{{ReplyJson("one")}}],"nextCursor":"c"}"""),
            Answer(200, $$"""{"items":[{{ReplyJson("two")}}],"nextCursor":null}""")
        );
        using var client = server.Client();

        (await client.Conversation.ListRepliesAsync(Samples.Id)).Select(r => r.Text).Should().Equal("one", "two");

        server.Requests.Last().Line.Should().Contain("replies?cursor=c ");
    }

    [Fact]
    public async Task Reactions_and_deletions_name_their_routes()
    {
        await using var server = new ScriptedServer(
            Answer(200, Samples.StoryJson()),
            Answer(204),
            Answer(204),
            Answer(200, "#EXTM3U\n", "Content-Type: audio/x-mpegurl\r\n")
        );
        using var client = server.Client();

        await client.Conversation.ReactAsync(Samples.Id, "🔥");
        await client.Conversation.UnreactAsync(Samples.Id);
        await client.Conversation.DeleteReplyAsync(Samples.Id, ReplyId);
        (await client.Media.GetPlaylistAsync("ana", unseen: true)).Should().Be("#EXTM3U\n");

        server
            .Requests.Select(r => r.Line)
            .Should()
            .Equal(
                $"PUT /v1/stories/{Samples.Id}/reaction HTTP/1.1",
                $"DELETE /v1/stories/{Samples.Id}/reaction HTTP/1.1",
                $"DELETE /v1/stories/{Samples.Id}/replies/{ReplyId} HTTP/1.1",
                "GET /v1/playlist.m3u8?author=ana&unseen=true HTTP/1.1"
            );
        JsonNode.Parse(server.Requests.First().Text)!["emoji"]!.GetValue<string>().Should().Be("🔥");
        var escape = () => client.Conversation.DeleteReplyAsync(Samples.Id, "../x");
        await escape.Should().ThrowAsync<ArgumentException>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lists_that_another_server_leaves_out_or_nulls_are_empty(bool leftOut)
    {
        var json = JsonNode.Parse(Samples.StoryJson())!.AsObject();
        foreach (var name in (string[])["tags", "links", "mentions", "reactions"])
        {
            json.Remove(name);
            if (!leftOut)
            {
                json[name] = null;
            }
        }

        var story = JsonSerializer.Deserialize(json.ToJsonString(), ContractsJson.Default.Story)!;

        story.Tags.Should().BeEmpty();
        story.Links.Should().BeEmpty();
        story.Mentions.Should().BeEmpty();
        story.Reactions.Should().BeEmpty();
    }

    [Fact]
    public void What_a_newer_server_says_more_does_no_harm()
    {
        var json = JsonNode.Parse(Samples.StoryJson())!.AsObject();
        json["source"] = new JsonObject { ["commit"] = "abc", ["branchProtection"] = true };
        json["poll"] = new JsonObject
        {
            ["question"] = "?",
            ["options"] = new JsonArray(new JsonObject { ["text"] = "a", ["votes"] = 2 }),
            ["secret"] = false,
        };

        var story = JsonSerializer.Deserialize(json.ToJsonString(), ContractsJson.Default.Story)!;

        story.Source!.Commit.Should().Be("abc");
        story.Poll!.Options.Single().Votes.Should().Be(2);
        story.Help.Should().BeNull();
    }
}
