using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using static StoriesCli.Client.Tests.ScriptedServer;

namespace StoriesCli.Client.Tests.Api;

public class UploadTests
{
    [Fact]
    public async Task Fields_travel_in_the_query_under_their_singular_names()
    {
        await using var server = new ScriptedServer(Answer(201, Samples.StoryJson()));
        using var client = server.Client();
        var story = new NewStory
        {
            Caption = "Grüße & more",
            Ttl = "6h",
            Tags = ["a", "b"],
            Audience = ["bob"],
            Links = ["https://x.example/?a=1"],
            RepliesOn = false,
            Source = new() { Commit = "abc", ExitCode = 0 },
        };

        await client.Stories.PostAsync(story, MediaUpload.FromBytes([9], "a b.jpg"), "key");

        var request = server.Requests.Single();
        request
            .Line.Should()
            .Be(
                "POST /v1/stories?caption=Gr%C3%BC%C3%9Fe%20%26%20more&ttl=6h&fileName=a%20b.jpg&replies=off&tag=a&tag=b&audience=bob"
                    + "&link=https%3A%2F%2Fx.example%2F%3Fa%3D1&source.commit=abc&source.exitCode=0 HTTP/1.1"
            );
        request.Body.Should().Equal(9);
        request.Headers["Authorization"].Should().Be("Bearer sty_secret");
    }

    [Fact]
    public async Task A_caption_too_long_for_the_first_line_travels_in_a_form()
    {
        await using var server = new ScriptedServer(Answer(201, Samples.StoryJson()));
        using var client = server.Client();
        var caption = string.Concat(Enumerable.Repeat("€", 2048));

        await client.Stories.PostAsync(
            new() { Caption = caption, Tags = ["a", "b"] },
            MediaUpload.FromBytes("BYTES"u8.ToArray(), "ä.jpg"),
            "key"
        );

        var request = server.Requests.Single();
        request.Line.Should().Be("POST /v1/stories HTTP/1.1");
        request.Headers["Content-Type"].Should().StartWith("multipart/form-data; boundary=");
        request
            .Text.Should()
            .Contain($"name=\"caption\"\r\n\r\n{caption}\r\n")
            .And.Contain("name=\"fileName\"\r\n\r\nä.jpg\r\n")
            .And.Contain("\r\n\r\nBYTES\r\n");
        request.Text.Split("name=\"tag\"").Should().HaveCount(3);
    }

    [Fact]
    public async Task Progress_counts_the_bytes_of_the_media_to_the_last()
    {
        await using var server = new ScriptedServer(Answer(201, Samples.StoryJson()));
        using var client = server.Client();
        var seen = new Reports();

        await client.Stories.PostAsync(new(), MediaUpload.FromBytes(new byte[300_000], "a.jpg"), "key", seen);

        seen.Values.Should().BeInAscendingOrder().And.StartWith(0).And.EndWith(300_000);
        server.Requests.Single().Headers.Should().ContainKey("Expect", "a large body is sent only once it is welcome");
    }

    [Fact]
    public async Task A_large_upload_takes_no_more_memory_than_a_small_one()
    {
        const long Bytes = 90 * 1024 * 1024;
        await using var server = new ScriptedServer(Answer(201, Samples.StoryJson()));
        using var client = server.Client();
        await using var sink = new SinkServer();
        using var uploader = new ApiClient(sink.Url, "sty_secret");
        await uploader.Stories.PostAsync(new(), new(() => new ZeroStream(1024), 1024), "warm");
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await uploader.Stories.PostAsync(new(), new(() => new ZeroStream(Bytes), Bytes), "key");

        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(30 * 1024 * 1024);
        sink.BodyBytes.Should().Be(Bytes);
    }

    [Fact]
    public async Task A_file_that_shrinks_on_the_way_is_an_error_and_no_retry()
    {
        await using var server = new ScriptedServer(BreakOff, BreakOff);
        using var client = server.Client();

        var post = () => client.Stories.PostAsync(new(), new(() => new MemoryStream([1, 2]), 5), "key");

        (await post.Should().ThrowAsync<InvalidDataException>()).WithMessage("*5 bytes at first, now 2.");
    }

    [Fact]
    public async Task A_text_card_is_JSON()
    {
        await using var server = new ScriptedServer(Answer(201, Samples.StoryJson()));
        using var client = server.Client();

        await client.Stories.PostTextAsync(new() { Text = "Hello", Slot = "status" }, "key");

        var request = server.Requests.Single();
        request.Headers["Content-Type"].Should().StartWith("application/json");
        request.Text.Should().Contain("\"text\":\"Hello\"").And.Contain("\"slot\":\"status\"");
        request.Headers["Idempotency-Key"].Should().Be("key");
    }

    private sealed class Reports : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
