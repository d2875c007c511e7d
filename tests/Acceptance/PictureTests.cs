using System.IO.Compression;
using System.Net;
using Xunit.Abstractions;

namespace StoriesCli.Acceptance;

[Collection(HeavyLoad.Name)]
public sealed class PictureTests(ITestOutputHelper output) : IDisposable
{
    private const long MemoryMaximum = 300_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-pictures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_image_library_that_the_system_has_is_not_the_one_that_is_used()
    {
        await using var first = await RealServer.StartAsync();
        await LibraryLoadedAsync(first);
        var ours = Directory.GetFiles(Path.Combine(first.DataPath, "lib")).Single();
        File.Copy(ours, Path.Combine(_folder, "libvips.so.42"));

        await using var server = await RealServer.StartAsync(new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = _folder });
        await LibraryLoadedAsync(server);

        server
            .MappedFiles.Where(file => file.Contains("vips", StringComparison.Ordinal))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith(server.DataPath);
        var named = Path.Combine(_folder, "another.so");
        File.Copy(ours, named);
        await using var other = await RealServer.StartAsync(
            new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = _folder },
            "--vips-library",
            named
        );
        other
            .MappedFiles.Where(file => file.Contains("vips", StringComparison.Ordinal) || file == named)
            .Should()
            .ContainSingle()
            .Which.Should()
            .Be(named);
        var ana = await other.JoinAsync("ana");
        (await ana.StoriesAsync("post", Published.Sample("photo.jpg"))).Succeeded();
    }

    [Theory]
    [InlineData("no library")]
    [InlineData("another library")]
    public async Task An_image_library_that_is_named_and_cannot_be_used_ends_the_start(string what)
    {
        var path = Path.Combine(_folder, "libvips.so.42");
        if (what == "no library")
            await File.WriteAllTextAsync(path, what);
        else
            path = File.ReadLines("/proc/self/maps")
                .Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .First(file => file.EndsWith("/libc.so.6", StringComparison.Ordinal));

        var run = await RealServer.RunAsync(
            "--data",
            Path.Combine(_folder, "data"),
            "--listen",
            "http://127.0.0.1:0",
            "--vips-library",
            path
        );

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("--vips-library").And.Contain(path).And.NotContain("   at ");
    }

    [Fact]
    public async Task Large_pictures_at_once_stay_within_their_memory_and_give_it_back()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        using var http = ana.Http();
        // Interlaced it is held as a whole: 96 MB, and as much again while it is made smaller.
        var picture = Interlaced(4000, 3000, channels: 4, sampleBytes: 2);
        var tooLarge = Interlaced(7071, 7071, channels: 4, sampleBytes: 2);
        var idle = server.ResidentBytes;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => http.PutAsync("/v1/stories", new ByteArrayContent(i < 2 ? tooLarge : picture)))
        );
        var id = (await http.GetStringAsync("/v1/stories")).Split("\"id\":\"")[1][..26];
        var posters = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => http.GetAsync($"/v1/stories/{id}/poster?width={i * 300}")));

        answers.Take(2).Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.RequestEntityTooLarge);
        answers
            .Skip(2)
            .Concat(posters)
            .Should()
            .OnlyContain(answer => answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        answers.Skip(2).Should().Contain(answer => answer.IsSuccessStatusCode);
        output.WriteLine($"measured: idle {idle >> 20} MiB, peak {server.PeakBytes >> 20} MiB, after {server.ResidentBytes >> 20} MiB");
        server.PeakBytes.Should().BeLessThan(MemoryMaximum);
        await StoriesCli.Testing.Eventually.TrueAsync(() => server.ResidentBytes < idle + (60 << 20));
    }

    [Fact]
    public async Task Texts_that_are_packed_into_a_picture_are_never_unpacked()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        using var http = ana.Http();
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(new byte[7_900_000]);
        var text = Chunk("zTXt", [.. "Comment"u8, 0, 0, .. packed.ToArray()]);
        var international = Chunk("iTXt", [.. "Title"u8, 0, 1, 0, 0, 0, .. packed.ToArray()]);
        var picture = Interlaced(100, 100, channels: 4, sampleBytes: 1);
        // Together they would be 1.5 GB; the first chunk ends at byte 33.
        byte[] bomb =
        [
            .. picture[..33],
            .. Enumerable.Repeat(text, 100).SelectMany(it => it),
            .. Enumerable.Repeat(international, 100).SelectMany(it => it),
            .. picture[33..],
        ];

        using var answer = await http.PutAsync("/v1/stories", new ByteArrayContent(bomb));

        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        server.PeakBytes.Should().BeLessThan(MemoryMaximum);
    }

    /// <summary>A PNG of black pixels in the seven passes of Adam7; packed it is small.</summary>
    private static byte[] Interlaced(int width, int height, int channels, int sampleBytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (
                var (x, y, across, down) in new[]
                {
                    (0, 0, 8, 8),
                    (4, 0, 8, 8),
                    (0, 4, 4, 8),
                    (2, 0, 4, 4),
                    (0, 2, 2, 4),
                    (1, 0, 2, 2),
                    (0, 1, 1, 2),
                }
            )
            {
                var row = new byte[1 + ((width - x + across - 1) / across * channels * sampleBytes)];
                for (var rows = (height - y + down - 1) / down; rows > 0; rows--)
                    deflate.Write(row);
            }
        }
        var header = new byte[13];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header, width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)(sampleBytes * 8), channels == 4 ? (byte)6 : (byte)2, 1);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        var (size, crc) = (new byte[4], new byte[4]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(size, data.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(named));
        return [.. size, .. named, .. crc];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
        }
        return ~crc;
    }

    /// <summary>The library is loaded beside the start. What asks whether the server is ready waits for it.</summary>
    private static async Task LibraryLoadedAsync(RealServer server)
    {
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri(server.Url, "/readyz"))).Should().NotContain("pictures:");
    }
}
