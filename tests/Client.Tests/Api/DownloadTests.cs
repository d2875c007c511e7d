using System.Security.Cryptography;
using StoriesCli.Client.Api;
using static StoriesCli.Client.Tests.ScriptedServer;

namespace StoriesCli.Client.Tests.Api;

public class DownloadTests
{
    private static readonly byte[] Media = RandomNumberGenerator.GetBytes(100_000);

    [Fact]
    public async Task A_broken_download_goes_on_where_it_broke()
    {
        await using var server = new ScriptedServer(Whole(breakAfter: 40_000), Rest(40_000, breakAfter: 10_000), Rest(50_000));
        using var client = server.Client();
        using var target = new MemoryStream();

        await client.Media.DownloadAsync(Samples.StoryOf(Media), target);

        target.ToArray().Should().Equal(Media);
        var etag = $"\"{Samples.StoryOf(Media).Media.Sha256}\"";
        server.Requests.Select(request => request.Headers.GetValueOrDefault("Range")).Should().Equal(null, "bytes=40000-", "bytes=50000-");
        server.Requests.Skip(1).Should().OnlyContain(request => request.Headers["If-Range"] == etag);
    }

    [Fact]
    public async Task What_an_earlier_try_left_is_not_fetched_again()
    {
        await using var server = new ScriptedServer(Rest(60_000));
        using var client = server.Client();
        using var target = new MemoryStream();
        target.Write(Media, 0, 60_000);

        await client.Media.DownloadAsync(Samples.StoryOf(Media), target);

        target.ToArray().Should().Equal(Media);
    }

    [Fact]
    public async Task A_server_that_ignores_the_range_does_no_harm()
    {
        await using var server = new ScriptedServer(Whole());
        using var client = server.Client();
        using var target = new MemoryStream();
        target.Write(Media, 0, 60_000);

        await client.Media.DownloadAsync(Samples.StoryOf(Media), target);

        target.ToArray().Should().Equal(Media);
    }

    [Fact]
    public async Task Bytes_that_are_not_the_storys_are_refused()
    {
        var other = (byte[])Media.Clone();
        other[77] ^= 1;
        await using var server = new ScriptedServer(Whole(media: other));
        using var client = server.Client();
        using var target = new MemoryStream();

        var download = () => client.Media.DownloadAsync(Samples.StoryOf(Media), target);

        (await download.Should().ThrowAsync<InvalidDataException>()).WithMessage("The downloaded media are damaged:*");
    }

    [Fact]
    public async Task A_server_that_always_breaks_off_at_once_is_given_up()
    {
        await using var server = new ScriptedServer([.. Enumerable.Repeat(Whole(breakAfter: 0), 10)]);
        using var client = server.Client(new() { Retries = 2, RetryPause = TimeSpan.FromMilliseconds(1) });
        using var target = new MemoryStream();

        var download = () => client.Media.DownloadAsync(Samples.StoryOf(Media), target);

        await download.Should().ThrowAsync<ServerUnreachableException>();
        server.Requests.Should().HaveCount(3);
    }

    private static Func<Stream, Received, Task> Whole(int? breakAfter = null, byte[]? media = null) =>
        async (stream, _) =>
        {
            await WriteAsync(
                stream,
                $"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {Media.Length}\r\nConnection: close\r\n\r\n"
            );
            await stream.WriteAsync((media ?? Media).AsMemory(0, breakAfter ?? Media.Length));
        };

    private static Func<Stream, Received, Task> Rest(int from, int? breakAfter = null) =>
        async (stream, request) =>
        {
            request.Headers["Range"].Should().Be($"bytes={from}-");
            await WriteAsync(
                stream,
                $"HTTP/1.1 206 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {Media.Length - from}\r\n"
                    + $"Content-Range: bytes {from}-{Media.Length - 1}/{Media.Length}\r\nConnection: close\r\n\r\n"
            );
            await stream.WriteAsync(Media.AsMemory(from, breakAfter ?? Media.Length - from));
        };
}
