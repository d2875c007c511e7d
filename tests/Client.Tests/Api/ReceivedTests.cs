using StoriesCli.Client.Api;
using static StoriesCli.Client.Tests.ScriptedServer;

namespace StoriesCli.Client.Tests.Api;

public class ReceivedTests
{
    private const string Newer = """
        {"id":"01kb3v8sxq7m2c4w9e5r1t0y6z","author":{"handle":"ana","displayName":"Ana","mood":"fine"},"kind":"hologram","audience":"team","createdAt":"2026-11-22T18:00:00.000Z",
        "media":{"type":"model/x","bytes":1,"sha256":"00","layers":3},"source":{"status":"passed","runner":"new"},"glow":1.50}
        """;

    [Fact]
    public async Task What_a_newer_server_adds_is_skipped_and_kept()
    {
        await using var server = new ScriptedServer(
            Answer(200, $$"""{"items":[{{Newer}}],"nextCursor":null,"total":1}"""),
            Answer(200, Newer)
        );
        var received = new ReceivedJson();
        using var client = server.Client(new() { Received = received });

        var listed = (await client.Stories.ListAllAsync(new()).ToListAsync()).Single();
        var story = await client.Stories.GetAsync(listed.Id);

        story.Source!.Status.Should().Be("passed");
        foreach (var json in new[] { listed, story }.Select(received.Of))
        {
            json.GetProperty("glow").GetRawText().Should().Be("1.50");
            json.GetProperty("source").GetProperty("runner").GetString().Should().Be("new");
        }
    }

    [Fact]
    public async Task Pages_of_a_list_that_says_more_are_kept_as_one()
    {
        const string Viewer = """{"person":{"handle":"bob","displayName":"Bob"},"at":"2026-11-22T18:00:00.000Z"}""";
        await using var server = new ScriptedServer(
            Answer(200, $$"""{"items":[{{Viewer}}],"nextCursor":"c","privateCount":2}"""),
            Answer(200, $$"""{"items":[{{Viewer}}],"nextCursor":null,"privateCount":2}""")
        );
        var received = new ReceivedJson();
        using var client = server.Client(new() { Received = received });

        var viewers = await client.Stories.ListAllViewersAsync("01kb3v8sxq7m2c4w9e5r1t0y6z");

        viewers.Items.Should().HaveCount(2);
        received.Of(viewers).GetRawText().Should().Be($$"""{"items":[{{Viewer}},{{Viewer}}],"nextCursor":null,"privateCount":2}""");
    }
}
