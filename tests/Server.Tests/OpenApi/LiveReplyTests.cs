using System.Net;
using System.Text;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.OpenApi;

/// <summary>The server responds as its document says: every operation is called, with success and with refusals.</summary>
public sealed partial class LiveReplyTests
{
    private const string NoStory = "01aaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public async Task Every_operation_answers_as_the_document_says()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var api = await DescribedApi.ReadAsync(host.Wire(null));
        var people = await AskForPeopleAsync(api, host, ana);
        await AskForStoriesAsync(api, host, ana, people.Bob);
        await AskTheServerAsync(api, host, ana, people.Bob);
        await AskWronglyAsync(api, host, ana, people.Pipeline);

        var succeeded = api.Seen.Where(seen => seen.Status < 400).Select(seen => seen.Operation);
        api.Operations.Keys.Except(succeeded).Should().BeEmpty("a step above asks each operation: add one for these, or mend it");
        // The page of a join link is the same for everybody and everything that is asked.
        string[] neverRefused = ["getJoinPage", "headJoinPage"];
        api.Operations.Keys.Except(neverRefused)
            .Except(api.Seen.Where(seen => seen.Status >= 400).Select(seen => seen.Operation))
            .Should()
            .BeEmpty("each is also asked for something it refuses");
    }

    [Fact]
    public async Task A_server_without_room_refuses_as_the_document_says()
    {
        await using var host = await ServerHost.StartAsync(options => options with { DiskFloorBytes = long.MaxValue });
        var ana = host.Wire(await host.JoinAsync("ana"));
        var api = await DescribedApi.ReadAsync(ana);

        (await api.AskAsync(ana, "postStory", 507, json: """{ "text": "x" }""")).Code.Should().Be("no_room");
        await api.AskAsync(ana, "getReadiness", 503);
        await api.AskAsync(ana, "headReadiness", 503);
    }

    private static async Task<(Wire Bob, Wire Pipeline)> AskForPeopleAsync(DescribedApi api, ServerHost host, Wire ana)
    {
        var nobody = host.Wire(null);
        (string, string) key = ("Idempotency-Key", "invite");
        var invite = (await api.AskAsync(ana, "createInvite", 201, json: """{ "role": "member" }""", headers: key)).Json;
        await api.AskAsync(ana, "createInvite", 201, json: """{ "role": "member" }""", headers: key);
        await api.AskAsync(ana, "createInvite", 409, json: """{ "role": "bot" }""", headers: key);
        await api.AskAsync(ana, "createInvite", 415, content: new StringContent("role=bot"));
        await api.AskAsync(ana, "listInvites", 200, query: "?limit=1");
        var code = invite.GetProperty("code").GetString();
        await api.AskAsync(nobody, "join", 400, json: "{");
        await api.AskAsync(nobody, "join", 409, json: $$"""{ "code": "{{code}}", "handle": "ana" }""");
        var joined = (
            await api.AskAsync(nobody, "join", 201, json: $$"""{ "code": "{{code}}", "handle": "bob", "displayName": "Bob" }""")
        ).Json;
        await api.AskAsync(nobody, "join", 403, json: $$"""{ "code": "{{code}}", "handle": "cem" }""");
        var open = (await api.AskAsync(ana, "createInvite", 201, json: "{}")).Json.GetProperty("id").GetString()!;
        await api.AskAsync(ana, "revokeInvite", 204, [open]);
        await api.AskAsync(ana, "revokeInvite", 404, [open]);

        key = ("Idempotency-Key", "token");
        var token = (
            await api.AskAsync(ana, "createToken", 201, json: """{ "name": "ci", "scopes": ["post"], "ttl": "90d" }""", headers: key)
        ).Json;
        await api.AskAsync(ana, "createToken", 201, json: """{ "name": "ci", "scopes": ["post"], "ttl": "90d" }""", headers: key);
        var other = (await api.AskAsync(ana, "createToken", 201, json: """{ "name": "laptop" }""")).Json.GetProperty("id").GetString()!;
        await api.AskAsync(ana, "createToken", 400, json: """{ "name": "x", "colour": "red" }""");
        await api.AskAsync(ana, "listTokens", 200);
        await api.AskAsync(ana, "revokeToken", 204, [other]);
        await api.AskAsync(ana, "revokeToken", 404, [other]);

        var bob = host.Wire(joined.GetProperty("token").GetString());
        await api.AskAsync(ana, "listPeople", 200, query: "?limit=1");
        await api.AskAsync(bob, "getMe", 200);
        await api.AskAsync(bob, "changeMe", 200, json: """{ "displayName": "Bobby" }""");
        await api.AskAsync(ana, "putCircle", 200, ["design"], json: """{ "members": ["bob"] }""");
        await api.AskAsync(ana, "putCircle", 400, ["design"], json: """{ "members": ["nobody-at-all"] }""");
        await api.AskAsync(ana, "listCircles", 200);
        await api.AskAsync(ana, "deleteCircle", 204, ["design"]);
        await api.AskAsync(ana, "deleteCircle", 404, ["design"]);
        await api.AskAsync(bob, "mutePerson", 204, ["ana"]);
        await api.AskAsync(bob, "mutePerson", 404, ["nobody-at-all"]);
        await api.AskAsync(bob, "unmutePerson", 204, ["ana"]);
        await api.AskAsync(bob, "muteTag", 204, ["perf"], json: """{ "until": "2031-01-01T00:00:00Z" }""");
        await api.AskAsync(bob, "muteTag", 400, ["Perf"]);
        await api.AskAsync(bob, "listMutes", 200);
        await api.AskAsync(bob, "unmuteTag", 204, ["perf"]);
        await api.AskAsync(bob, "muteAll", 204, json: "{}");
        await api.AskAsync(bob, "muteAll", 400, json: """{ "until": "2001-01-01T00:00:00Z" }""");
        await api.AskAsync(bob, "unmuteAll", 204);
        return (bob, host.Wire(token.GetProperty("token").GetString()));
    }

    private static async Task AskForStoriesAsync(DescribedApi api, ServerHost host, Wire ana, Wire bob)
    {
        var jpeg = await TestMedia.JpegAsync();
        var photo = IdOf(
            await api.AskAsync(
                ana,
                "putStory",
                201,
                query: "?caption=Hello&tag=office&ttl=6h&source.status=passed",
                content: new ByteArrayContent(jpeg)
            )
        );
        using (
            var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(jpeg), "file", "a.jpg" },
                { new StringContent("build/main"), "slot" },
                { new StringContent("bob"), "audience" },
            }
        )
        {
            await api.AskAsync(ana, "postStory", 201, content: form);
        }
        using (
            var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(jpeg), "before", "a.jpg" },
                { new ByteArrayContent(jpeg), "after", "b.jpg" },
                { new StringContent("true"), "compare" },
            }
        )
        {
            var compared = IdOf(await api.AskAsync(ana, "postStory", 201, content: form));
            await api.AskAsync(ana, "getStory", 200, [compared]);
            await api.AskAsync(ana, "getMedia", 200, [compared], query: "?part=difference");
            await api.AskAsync(ana, "getPoster", 200, [compared], query: "?part=before&width=10");
            await api.AskAsync(ana, "getPoster", 400, [compared], query: "?part=middle");
            await api.AskAsync(ana, "createLink", 201, [compared], json: """{ "part": "before" }""");
            await api.AskAsync(ana, "deleteStory", 204, [compared]);
            await api.AskAsync(ana, "getReceipt", 200, [compared]);
        }
        (string, string) key = ("Idempotency-Key", "card");
        var card = IdOf(
            await api.AskAsync(
                ana,
                "postStory",
                201,
                json: """{ "text": "a card", "links": ["https://example.org/"], "source": { "exitCode": 1 } }""",
                headers: key
            )
        );
        await api.AskAsync(ana, "postStory", 409, json: """{ "text": "another" }""", headers: key);
        await api.AskAsync(ana, "postStory", 415, content: new ByteArrayContent("plain words"u8.ToArray()));
        await api.AskAsync(ana, "putNamedStory", 201, ["build.log"], content: new ByteArrayContent("plain words"u8.ToArray()));
        await api.AskAsync(ana, "putNamedStory", 415, ["build.out"], content: new ByteArrayContent("plain words"u8.ToArray()));
        await api.AskAsync(ana, "postStory", 413, json: $$"""{ "text": "{{new string('x', 70_000)}}" }""");
        await api.AskAsync(ana, "putStory", 400, query: "?ttl=1s", content: new ByteArrayContent(jpeg));

        await api.AskAsync(bob, "listStories", 200, query: "?limit=2&unseen=true");
        await api.AskAsync(bob, "listStories", 400, query: "?limit=0");
        await api.AskAsync(bob, "getStory", 200, [photo]);
        await api.AskAsync(bob, "getStory", 404, [NoStory]);
        await api.AskAsync(bob, "getTray", 200);
        await api.AskAsync(bob, "viewStory", 204, [photo]);
        await api.AskAsync(bob, "viewStory", 400, [photo], json: """{ "at": "now" }""");
        await api.AskAsync(bob, "getPlaylist", 200, query: "?author=ana");
        await api.AskAsync(bob, "viewStory", 404, [NoStory]);
        await api.AskAsync(ana, "listViewers", 200, [photo]);
        await api.AskAsync(bob, "listViewers", 403, [photo]);
        await api.AskAsync(ana, "editStory", 200, [photo], json: """{ "caption": "Now", "audience": ["bob"] }""");
        await api.AskAsync(bob, "editStory", 403, [photo], json: """{ "caption": "Mine" }""");
        await api.AskAsync(ana, "getReceipt", 404, [photo]);
        await AskForMediaAsync(api, host, ana, photo, card);

        await api.AskAsync(ana, "keepStory", 200, [photo], json: """{ "highlight": "best" }""");
        await api.AskAsync(ana, "keepStory", 200, [card]);
        await api.AskAsync(bob, "keepStory", 403, [photo]);
        await api.AskAsync(bob, "listHighlights", 200, ["ana"]);
        await api.AskAsync(bob, "listHighlights", 404, ["nobody"]);
        await api.AskAsync(bob, "getHighlight", 200, ["ana", "best"]);
        await api.AskAsync(bob, "getHighlight", 404, ["ana", "worst"]);
        await api.AskAsync(ana, "orderHighlight", 200, ["ana", "best"], json: $$"""{ "order": ["{{photo}}"] }""");
        await api.AskAsync(bob, "orderHighlight", 403, ["ana", "best"], json: $$"""{ "order": ["{{photo}}"] }""");
        await api.AskAsync(ana, "unkeepStory", 204, [card]);
        await api.AskAsync(bob, "unkeepStory", 403, [card]);
        await api.AskAsync(ana, "deleteHighlight", 204, ["ana", "best"]);
        await api.AskAsync(ana, "deleteHighlight", 404, ["ana", "best"]);

        await TalkAsync(api, ana, bob, card);
        await ShareAsync(api, host, ana, bob, card);

        await ListenAsync(api, bob, () => api.AskAsync(ana, "postStory", 201, json: """{ "text": "heard" }"""));
        await AskForLiveAsync(api, ana, bob);
        await api.AskAsync(bob, "deleteStory", 404, [NoStory]);
        await api.AskAsync(ana, "deleteStory", 204, [photo]);
        await api.AskAsync(bob, "getMedia", 410, [photo]);
        await api.AskAsync(
            ana,
            "postStory",
            201,
            json: """{ "text": "a card", "links": ["https://example.org/"], "source": { "exitCode": 1 } }""",
            headers: key
        );
        await api.AskAsync(ana, "getReceipt", 200, [photo]);
        await ArchiveAsync(api, host, ana, bob);
    }

    private static async Task AskForLiveAsync(DescribedApi api, Wire ana, Wire bob)
    {
        (string, string) key = ("Idempotency-Key", "live");
        const string Begin = """{ "caption": "make test", "width": 80, "height": 24, "delay": "2s" }""";
        var live = IdOf(await api.AskAsync(ana, "beginLive", 201, json: Begin, headers: key));
        IdOf(await api.AskAsync(ana, "beginLive", 201, json: Begin, headers: key)).Should().Be(live);
        await api.AskAsync(ana, "beginLive", 409, json: """{ "width": 80, "height": 25 }""", headers: key);
        await api.AskAsync(ana, "beginLive", 400, json: """{ "height": 24 }""");
        await api.AskAsync(ana, "appendLive", 204, [live], content: Line("hello"), headers: ("Offset", "0"));
        await api.AskAsync(ana, "appendLive", 409, [live], content: Line("hello"), headers: ("Offset", "0"));
        await api.AskAsync(bob, "appendLive", 403, [live], content: Line("hello"), headers: ("Offset", "0"));
        await api.AskAsync(ana, "appendLive", 413, [live], content: Line(new string('x', 300_000)), headers: ("Offset", "0"));
        await api.AskAsync(bob, "getStory", 200, [live]);
        (await api.AskAsync(bob, "getMedia", 409, [live])).Code.Should().Be("story_live");
        await api.AskAsync(bob, "headMedia", 409, [live]);
        await api.AskAsync(bob, "getPoster", 409, [live]);
        await api.AskAsync(bob, "createLink", 409, [live]);
        await api.AskAsync(bob, "followLive", 404, [NoStory]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (head, lines) = await bob.OpenAsync($"/v1/stories/{live}/live", limit.Token);
        var text = new StringBuilder();
        text.Append(await lines.ReadLineAsync(limit.Token)).Append('\n');
        await api.AskAsync(ana, "endLive", 400, [live], json: """{ "exitCode": 256 }""");
        await api.AskAsync(ana, "endLive", 200, [live], json: """{ "exitCode": 1 }""");
        text.Append(await lines.ReadToEndAsync(limit.Token));
        lines.Dispose();
        api.Check("followLive", head with { Body = Encoding.UTF8.GetBytes(text.ToString()) });
        await api.AskAsync(ana, "endLive", 409, [live], json: """{ "exitCode": 0 }""");
        await api.AskAsync(bob, "followLive", 409, [live]);
        await api.AskAsync(bob, "getMedia", 200, [live]);

        static StringContent Line(string text) => new($"[0.1, \"o\", \"{text}\"]\n");
    }

    private static async Task ArchiveAsync(DescribedApi api, ServerHost host, Wire ana, Wire bob)
    {
        await api.AskAsync(ana, "changeMe", 200, json: """{ "archive": true }""");
        var brief = IdOf(await api.AskAsync(ana, "postStory", 201, json: """{ "text": "brief", "ttl": "5m" }"""));
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await api.AskAsync(ana, "listArchive", 200, query: "?q=brief&limit=1");
        var whole = await api.AskAsync(ana, "getArchivedMedia", 200, [brief]);
        await api.AskAsync(ana, "headArchivedMedia", 200, [brief]);
        await api.AskAsync(ana, "getArchivedMedia", 206, [brief], headers: ("Range", "bytes=0-1"));
        await api.AskAsync(ana, "getArchivedMedia", 304, [brief], headers: ("If-None-Match", whole.Header("ETag")!));
        await api.AskAsync(bob, "getArchivedMedia", 404, [brief]);
        await api.AskAsync(bob, "headArchivedMedia", 404, [brief]);
        await api.AskAsync(bob, "deleteArchived", 404, [brief]);
        await api.AskAsync(ana, "deleteArchived", 204, [brief]);
    }

    private static async Task TalkAsync(DescribedApi api, Wire ana, Wire bob, string card)
    {
        (string, string) key = ("Idempotency-Key", "talk");
        var reply = IdOf(await api.AskAsync(bob, "postReply", 201, [card], json: """{ "text": "Looks good" }""", headers: key));
        await api.AskAsync(bob, "postReply", 409, [card], json: """{ "text": "Looks bad" }""", headers: key);
        await api.AskAsync(bob, "postReply", 400, [card], json: """{ "text": "" }""");
        var others = IdOf(await api.AskAsync(ana, "postReply", 201, [card], json: """{ "text": "Thanks" }"""));
        await api.AskAsync(ana, "listReplies", 200, [card], query: "?limit=1");
        await api.AskAsync(ana, "listReplies", 404, [NoStory]);
        await api.AskAsync(bob, "deleteReply", 403, [card, others]);
        await api.AskAsync(bob, "deleteReply", 204, [card, reply]);
        await api.AskAsync(bob, "deleteReply", 404, [card, reply]);
        await api.AskAsync(bob, "postReply", 201, [card], json: """{ "text": "Looks good" }""", headers: key);
        await api.AskAsync(bob, "putReaction", 200, [card], json: """{ "emoji": "🎉" }""");
        await api.AskAsync(bob, "putReaction", 400, [card], json: """{ "emoji": "x" }""");
        await api.AskAsync(bob, "deleteReaction", 204, [card]);
        await api.AskAsync(bob, "deleteReaction", 404, [NoStory]);
        await api.AskAsync(bob, "putAck", 200, [card]);
        await api.AskAsync(bob, "putAck", 404, [NoStory]);
        await api.AskAsync(ana, "listAcks", 200, [card]);
        await api.AskAsync(bob, "listAcks", 403, [card]);
        await api.AskAsync(bob, "deleteAck", 204, [card]);
        await api.AskAsync(bob, "deleteAck", 404, [NoStory]);
        var poll = IdOf(
            await api.AskAsync(
                ana,
                "postStory",
                201,
                json: """{ "text": "a poll", "poll": { "question": "Release?", "options": ["yes", "no"] } }"""
            )
        );
        await api.AskAsync(bob, "putVote", 200, [poll], json: """{ "option": 1 }""");
        await api.AskAsync(bob, "putVote", 400, [poll], json: """{ "option": 2 }""");
        await api.AskAsync(bob, "putVote", 404, [card], json: """{ "option": 0 }""");
        await api.AskAsync(bob, "closePoll", 403, [poll]);
        await api.AskAsync(ana, "closePoll", 200, [poll]);
        await api.AskAsync(bob, "putVote", 409, [poll], json: """{ "option": 0 }""");
        var call = IdOf(await api.AskAsync(ana, "postStory", 201, json: """{ "text": "stuck", "asks": "help" }"""));
        await api.AskAsync(ana, "putResolved", 200, [call]);
        await api.AskAsync(ana, "putResolved", 404, [card]);
        await api.AskAsync(bob, "deleteResolved", 403, [call]);
        await api.AskAsync(ana, "deleteResolved", 204, [call]);
        await api.AskAsync(bob, "postReport", 204, [card], json: """{ "reason": "a secret" }""");
        await api.AskAsync(bob, "postReport", 400, [card], json: """{ "reason": "" }""");
        await api.AskAsync(ana, "listReports", 200);
        await api.AskAsync(bob, "listReports", 403);
        await api.AskAsync(bob, "getDigest", 200, query: "?since=7d");
        (await api.AskAsync(bob, "getDigest", 200, headers: ("Accept", "text/markdown")))
            .Header("Content-Type")
            .Should()
            .StartWith("text/markdown");
        await api.AskAsync(bob, "getDigest", 400, query: "?since=31d");
        await api.AskAsync(bob, "getQuestion", 404);
        var question = IdOf(await api.AskAsync(ana, "putQuestion", 200, json: """{ "text": "What did you learn today?" }"""));
        await api.AskAsync(bob, "putQuestion", 403, json: """{ "text": "Me?" }""");
        await api.AskAsync(bob, "postStory", 201, json: $$"""{ "text": "patience", "answers": "{{question}}" }""");
        await api.AskAsync(bob, "getQuestion", 200);
        await api.AskAsync(ana, "listAnswers", 200, [question]);
        await api.AskAsync(ana, "listAnswers", 404, [NoStory]);
        await api.AskAsync(ana, "editStory", 200, [card], json: """{ "repliesOn": false }""");
        (await api.AskAsync(bob, "postReply", 403, [card], json: """{ "text": "Still" }""")).Code.Should().Be("replies_off");
    }

    private static async Task AskForMediaAsync(DescribedApi api, ServerHost host, Wire ana, string photo, string card)
    {
        var nobody = host.Wire(null);
        var whole = await api.AskAsync(ana, "getMedia", 200, [photo]);
        await api.AskAsync(ana, "getMedia", 200, [card]);
        await api.AskAsync(ana, "headMedia", 200, [photo]);
        await api.AskAsync(ana, "headMedia", 404, [NoStory]);
        await api.AskAsync(ana, "getMedia", 206, [photo], headers: ("Range", "bytes=0-9"));
        await api.AskAsync(ana, "getMedia", 416, [photo], headers: ("Range", "bytes=9999999-"));
        await api.AskAsync(ana, "getMedia", 304, [photo], headers: ("If-None-Match", whole.Header("ETag")!));
        await api.AskAsync(ana, "getMedia", 412, [photo], headers: ("If-Match", "\"another\""));
        await api.AskAsync(ana, "headMedia", 412, [photo], headers: ("If-Match", "\"another\""));
        await api.AskAsync(ana, "getPoster", 200, [photo], query: "?width=64");
        await api.AskAsync(ana, "getPoster", 200, [photo], headers: ("Accept", "image/png"));
        await api.AskAsync(ana, "getPoster", 404, [card]);
        var link = (await api.AskAsync(ana, "createLink", 201, [photo], json: """{ "ttl": "1m" }""")).Json.GetProperty("url").GetString()!;
        await api.AskAsync(ana, "createLink", 201, [photo]);
        await api.AskAsync(ana, "createLink", 400, [photo], json: """{ "ttl": "2h" }""");
        var query = new Uri(link).Query;
        await api.AskAsync(nobody, "getMedia", 200, [photo], query);
        await api.AskAsync(nobody, "getMedia", 403, [photo], query + "x");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await api.AskAsync(nobody, "getMedia", 403, [photo], query)).Code.Should().Be("link_expired");
    }

    /// <summary>The stream never ends: reads it up to the story that is posted meanwhile.</summary>
    private static async Task ListenAsync(DescribedApi api, Wire who, Func<Task> happen)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (head, lines) = await who.OpenAsync("/v1/events", limit.Token);
        await happen();
        var text = new StringBuilder();
        while (!text.ToString().Contains("\"text\":\"heard\"", StringComparison.Ordinal))
        {
            text.Append(await lines.ReadLineAsync(limit.Token)).Append('\n');
        }
        lines.Dispose();
        api.Check("listenToEvents", head with { Body = Encoding.UTF8.GetBytes(text.ToString()) });
    }

    private static async Task AskTheServerAsync(DescribedApi api, ServerHost host, Wire ana, Wire bob)
    {
        var nobody = host.Wire(null);
        foreach (
            var id in new[]
            {
                "getLiveness",
                "headLiveness",
                "getReadiness",
                "headReadiness",
                "getLimits",
                "getOpenApi",
                "getJoinPage",
                "headJoinPage",
            }
        )
        {
            await api.AskAsync(nobody, id, 200);
        }
        await api.AskAsync(ana, "listAccounts", 200, query: "?limit=1");
        await api.AskAsync(ana, "getAccount", 200, ["bob"]);
        await api.AskAsync(ana, "getAccount", 404, ["nobody"]);
        await api.AskAsync(ana, "changeAccount", 200, ["bob"], json: """{ "disabled": true }""");
        await api.AskAsync(bob, "getMe", 401);
        await api.AskAsync(ana, "changeAccount", 200, ["bob"], json: """{ "disabled": false }""");
        await api.AskAsync(ana, "changeAccount", 409, ["ana"], json: """{ "role": "member" }""");
        await api.AskAsync(ana, "getUsage", 200);
        await api.AskAsync(ana, "listAudit", 200, query: "?limit=3");
        await api.AskAsync(ana, "createBackup", 200);
        await AskForWebhooksAsync(api, ana);
        await api.AskAsync(host.Wire(await host.JoinAsync("cem")), "deleteMe", 204);
        await api.AskAsync(ana, "deleteMe", 409);
        await host.JoinAsync("dan");
        (string, string) once = ("Idempotency-Key", "access");
        await api.AskAsync(ana, "giveAccess", 201, ["dan"], headers: once);
        await api.AskAsync(ana, "giveAccess", 201, ["dan"], headers: once);
        await api.AskAsync(ana, "giveAccess", 404, ["zoe"]);
        await api.AskAsync(ana, "deleteAccount", 204, ["dan"]);
        await api.AskAsync(ana, "deleteAccount", 409, ["ana"]);
    }

    /// <summary>Refusals that every operation shares: those of tokens as documented, and of unknown parameters.</summary>
    private static async Task AskWronglyAsync(DescribedApi api, ServerHost host, Wire ana, Wire pipeline)
    {
        var nobody = host.Wire(null);
        foreach (var operation in api.Operations.Values)
        {
            if (!operation.Id.EndsWith("Page", StringComparison.Ordinal))
            {
                await api.AskAsync(ana, operation.Id, 400, query: "?colour=red");
            }
            if (operation.Tokens.Length == 0)
            {
                continue;
            }
            await api.AskAsync(nobody, operation.Id, 401);
            if (!operation.Tokens.Any(scopes => scopes is ["post"]))
            {
                await api.AskAsync(pipeline, operation.Id, 403);
            }
        }
        var guessing = host.Wire("sty_guess");
        for (var tries = 0; tries < 30; tries++)
        {
            api.Check("getMe", await guessing.GetAsync("/v1/me"));
        }
        api.Seen.Should().Contain(("getMe", (int)HttpStatusCode.TooManyRequests));
    }

    private static string IdOf(WireAnswer posted) => posted.Json.GetProperty("id").GetString()!;
}
