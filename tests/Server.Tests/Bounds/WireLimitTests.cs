using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>Invalid HTTP is refused with an error message, and clients that read nothing of a response are disconnected.</summary>
public sealed class WireLimitTests
{
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(2);

    public static readonly TheoryData<string, int, string> NoRequests = new()
    {
        { $"GET /livez HTTP/1.1\r\nHost: x\r\nX: {new string('x', 40_000)}\r\n\r\n", 431, "headers_too_large" },
        {
            $"GET /livez HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X{i}: y\r\n"))}\r\n",
            431,
            "headers_too_large"
        },
        { $"GET /{new string('a', 70_000)} HTTP/1.1\r\nHost: x\r\n\r\n", 414, "address_too_long" },
        { "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "invalid_request" },
        { "GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "invalid_request" },
        { "GARBAGE\r\n\r\n", 400, "invalid_request" },
        { "GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505, "http_version_refused" },
        { "GET / HTTP/1.1\r\n\r\n", 400, "invalid_request" },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "invalid_request" },
        { "GET / HTTP/1.1\r\nHost: a b/\r\n\r\n", 400, "invalid_request" },
        { "GET / HTTP/1.1\r\nHost: x\r\nX : a\r\n\r\n", 400, "invalid_request" },
        { "POST /v1/join HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400, "invalid_request" },
        {
            "POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: +12\r\n\r\n{\"a\":\"bcdef\"}",
            400,
            "invalid_request"
        },
        { "POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: -0\r\n\r\n", 400, "invalid_request" },
        {
            "POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 0000000000000000000000002\r\n\r\n{}",
            400,
            "invalid_request"
        },
        { "POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "invalid_request" },
    };

    [Theory]
    [MemberData(nameof(NoRequests))]
    public async Task What_is_no_request_is_refused_with_a_problem_document(string sent, int status, string code)
    {
        await using var host = await ServerHost.StartAsync();

        var (head, body) = Split(await SendAsync(host.Url, sent));

        head.Should().StartWith($"HTTP/1.1 {status} ").And.Contain("Connection: close").And.Contain("application/problem+json");
        var problem = JsonDocument.Parse(body).RootElement;
        (problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()).Should().Be((status, code));
        body.Length.Should().BeLessThan(1_000);
    }

    [Fact]
    public async Task An_answer_before_a_broken_request_comes_whole()
    {
        await using var host = await ServerHost.StartAsync();

        var answers = await SendAsync(
            host.Url,
            "GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/limits HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n"
        );

        answers.Split("HTTP/1.1 ").Should().HaveCount(4);
        answers.Should().Contain("live").And.Contain("\"imageBytes\"").And.Contain("HTTP/1.1 400").And.EndWith("}");
    }

    [Theory]
    [InlineData("80000000")]
    [InlineData("ffffffff")]
    [InlineData("7fffffffffffffff")]
    [InlineData("ffffffffffffffff")]
    [InlineData("10000000000000000000000000000000000000000")]
    [InlineData("-1")]
    [InlineData("0x5")]
    [InlineData("zz")]
    public async Task A_chunk_of_a_size_that_is_none_is_the_callers_fault(string size)
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        foreach (var type in (string[])["application/json", "image/png", "multipart/form-data; boundary=b"])
        {
            var answer = await SendAsync(
                host.Url,
                $"POST /v1/stories HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nhello\r\n0\r\n\r\n"
            );

            answer.Should().StartWith("HTTP/1.1 400 ", type).And.Contain("invalid_request");
        }
    }

    [Fact]
    public async Task A_backup_that_nobody_reads_is_let_go_and_holds_up_no_other()
    {
        await using var host = await ServerHost.StartAsync(options => options with { ReaderPatience = ShortPatience });
        var token = await host.JoinAsync("ana");
        await PostSoundAsync(host, token);
        using var ana = host.Wire(token);
        TcpClient? stalled = null;
        // On a busy machine it may be let go before the other asks: then another one stalls.
        await Eventually.TrueAsync(async () =>
        {
            stalled?.Dispose();
            stalled = await StallAsync(
                host.Url,
                $"POST /v1/admin/backup HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\n\r\n"
            );
            return await AskAsync() == System.Net.HttpStatusCode.ServiceUnavailable;
        });

        await Eventually.TrueAsync(async () => await AskAsync() == System.Net.HttpStatusCode.OK);
        stalled!.Dispose();

        async Task<System.Net.HttpStatusCode?> AskAsync()
        {
            try
            {
                return (await ana.SendAsync(HttpMethod.Post, "/v1/admin/backup", null)).Status;
            }
            catch (HttpRequestException)
            {
                // On a busy machine this client may be the one who reads too slowly.
                return null;
            }
        }
    }

    [Fact]
    public async Task A_file_that_nobody_reads_is_let_go()
    {
        await using var host = await ServerHost.StartAsync(options => options with { ReaderPatience = ShortPatience });
        var token = await host.JoinAsync("ana");
        var id = await PostSoundAsync(host, token);
        bool IsOpen() =>
            Directory
                .EnumerateFileSystemEntries("/proc/self/fd")
                .Any(file => new FileInfo(file).LinkTarget?.EndsWith(id, StringComparison.Ordinal) == true);
        using var stalled = await StallAsync(
            host.Url,
            $"GET /v1/stories/{id}/media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        await Eventually.TrueAsync(IsOpen);

        await Eventually.TrueAsync(() => !IsOpen());
    }

    [Fact]
    public async Task An_event_stream_that_nobody_reads_is_let_go()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        // Long in JSON, so that few events fill the system's buffers, and fewer wait than count as too many.
        var story = await host.Client(token)
            .Stories.PostTextAsync(new NewStory { Text = new('\u0416', Limits.TextPreviewCharacters) }, "1");
        var feed = host.Services.GetRequiredService<EventBroadcaster>();
        using var stalled = await StallAsync(host.Url, $"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
        await Eventually.TrueAsync(() => host.ListenerCount == 1);
        var updated = new Announcement
        {
            Type = EventTypes.Updated,
            At = story.CreatedAt,
            StoryId = story.Id,
            Author = 1,
            ShowsStory = true,
        };
        for (var i = 0; i < EventListener.Backlog * 3 / 4; i++)
        {
            feed.Publish(updated);
        }

        // The clock advances until the stream has waited longer than a reader may take.
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            return host.ListenerCount == 0;
        });
    }

    private static async Task<string> PostSoundAsync(ServerHost host, string token)
    {
        using var ana = host.Wire(token);
        return (await ana.PutAsync("/v1/stories", Wav(seconds: 58))).Json.GetProperty("id").GetString()!;
    }

    /// <summary>Noise in two channels of 48 kHz: more than a connection buffers for its reader.</summary>
    private static byte[] Wav(int seconds)
    {
        var samples = new byte[seconds * 48_000 * 4];
        new Random(1).NextBytes(samples);
        using var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)2);
        writer.Write(48_000);
        writer.Write(48_000 * 4);
        writer.Write((short)4);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples);
        return wav.ToArray();
    }

    private static async Task<TcpClient> StallAsync(Uri url, string sent)
    {
        var client = new TcpClient { ReceiveBufferSize = 4 * 1024 };
        await client.ConnectAsync(url.Host, url.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(sent));
        return client;
    }

    private static async Task<string> SendAsync(Uri url, string sent)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(sent));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, deadline.Token)) > 0; )
            {
                answer.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            // The server closes the connection while there is more to read of the refused request.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static (string Head, string Body) Split(string answer) =>
        answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end && end < 0 ? (answer, "") : (answer[..end], answer[(end + 4)..]);
}
