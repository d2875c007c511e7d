using StoriesCli.Client.Api;
using static StoriesCli.Client.Tests.ScriptedServer;

namespace StoriesCli.Client.Tests.Api;

public class EventTests
{
    [Fact]
    public async Task A_stream_that_breaks_off_goes_on_where_it_broke_off()
    {
        await using var server = new ScriptedServer(
            Stream("retry: 1000\n:\nid: b-6\n\nid: b-7\ndata: " + Event("story.posted") + "\n\n"),
            BreakOff,
            Stream(":\nid: b-9\n\n"),
            Stream("id: b-10\ndata: " + Event("story.expired") + "\n\n")
        );
        using var client = server.Client(new() { Retries = 0, RetryPause = TimeSpan.FromMilliseconds(1) });

        var heard = await client.Events.WatchAsync().Take(2).ToListAsync();

        heard.Select(e => (e.Type, e.Id, e.StoryId)).Should().Equal(("story.posted", "b-7", "s"), ("story.expired", "b-10", "s"));
        server.Requests.Select(r => r.Headers.GetValueOrDefault("Last-Event-ID")).Should().Equal(null, "b-7", "b-7", "b-9");
        server.Requests.Should().OnlyContain(r => r.Line == "GET /v1/events HTTP/1.1" && r.Headers["Accept"] == "text/event-stream");
    }

    [Fact]
    public async Task What_the_line_does_between_two_events_is_told()
    {
        await using var server = new ScriptedServer(
            Stream("id: b-6\n\n"),
            Answer(503, "{}"),
            Stream("id: b-7\ndata: " + Event("story.posted") + "\n\n")
        );
        using var client = server.Client(new() { Retries = 0, RetryPause = TimeSpan.FromMilliseconds(1) });
        List<ConnectionState> told = [];

        var heard = await client.Events.ListenAsync(null, told.Add).Take(3).ToListAsync();

        heard.Select(happened => happened?.Id).Should().Equal(null, null, "b-7");
        told.Select(step => step.GetType().Name).Should().Equal("Connecting", "Broken", "Connecting", "Broken", "Connecting");
        told.OfType<ConnectionState.Broken>().Should().OnlyContain(step => step.Reason.Length > 0 && step.Pause > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_refusal_ends_the_listening()
    {
        await using var server = new ScriptedServer(Stream(":\n\n"), Answer(401, """{ "code": "not_signed_in" }"""));
        using var client = server.Client();

        var listening = async () => await client.Events.WatchAsync().ToListAsync();

        (await listening.Should().ThrowAsync<ApiException>()).Which.Code.Should().Be("not_signed_in");
    }

    [Fact]
    public async Task An_event_without_an_end_is_left_and_many_that_are_as_long_together_are_not()
    {
        var comment = ":" + new string('x', 1 << 20) + "\n\n";
        var endless = "data: " + new string('x', GuardedStream.EventBytesMaximum + (1 << 20));
        await using var server = new ScriptedServer(
            async (stream, request) =>
            {
                try
                {
                    await Stream(endless)(stream, request);
                    // Until the client leaves.
                    await stream.CopyToAsync(System.IO.Stream.Null);
                }
                catch (IOException)
                {
                    // It has left.
                }
            },
            Stream(string.Concat(Enumerable.Repeat(comment, 20)) + "id: b-7\ndata: " + Event("story.posted") + "\n\n")
        );
        using var client = server.Client(new() { Retries = 0, RetryPause = TimeSpan.FromMilliseconds(1) });

        var heard = await client.Events.WatchAsync().Take(1).ToListAsync();

        heard.Should().ContainSingle(e => e.Id == "b-7");
        server.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task What_is_no_event_stream_is_said_so()
    {
        await using var server = new ScriptedServer(Answer(200, "<html>", "Content-Type: text/html\r\n"));
        using var client = server.Client();

        var listening = async () => await client.Events.WatchAsync().ToListAsync();

        (await listening.Should().ThrowAsync<ServerUnreachableException>()).WithMessage("*text/html*");
    }

    private static string Event(string type) => $$"""{"type":"{{type}}","at":"2026-11-22T18:00:00.000Z","storyId":"s"}""";

    private static Func<Stream, Received, Task> Stream(string text) =>
        (stream, _) => WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + text);
}
