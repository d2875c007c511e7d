using System.Buffers.Binary;
using System.Diagnostics;
using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class HostileMediaTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _path = media.Write([]);

    public static TheoryData<string> All =>
        SampleMedia.Names(
            "photo.jpg",
            "photo.png",
            "photo.webp",
            "lossless.webp",
            "moving.webp",
            "moving.gif",
            "moving.png",
            "video.mp4",
            "faststart.mp4",
            "fragmented.mp4",
            "video.mov",
            "video.webm",
            "live.webm",
            "sound.webm",
            "sound.mp3",
            "variable.mp3",
            "sound.opus",
            "sound.ogg",
            "sound.wav",
            "compressed.wav",
            "sound.m4a"
        );

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_file_cut_off_anywhere_is_refused_or_described(string name)
    {
        var bytes = await SampleMedia.ReadAsync(name);
        var step = Math.Max(1, bytes.Length / 200);
        for (var length = 0; length < bytes.Length; length += length < 200 ? 1 : step)
            InspectAndClean(bytes.AsSpan(0, length));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_file_with_wrong_bytes_is_refused_or_described(string name)
    {
        var bytes = await SampleMedia.ReadAsync(name);
        // With a fixed seed, a failure names a case that can be repeated.
        var random = new Random(20261123);
        for (var i = 0; i < 250; i++)
        {
            var broken = bytes.ToArray();
            // Headers contain the lengths.
            var reach = i % 2 == 0 ? Math.Min(broken.Length, 600) : broken.Length;
            for (var flips = random.Next(1, 8); flips > 0; flips--)
                broken[random.Next(reach)] = i % 3 == 0 ? (byte)0xFF : (byte)random.Next(256);
            InspectAndClean(broken);
        }
    }

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("photo.png")]
    [InlineData("photo.webp")]
    [InlineData("faststart.mp4")]
    [InlineData("video.webm")]
    [InlineData("sound.wav")]
    [InlineData("sound.opus")]
    public async Task A_file_without_its_last_tenth_is_refused(string name)
    {
        var bytes = await SampleMedia.ReadAsync(name);
        var path = media.Write(bytes.AsSpan(0, bytes.Length * 9 / 10));

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*breaks off*");
    }

    [Fact]
    public async Task A_PNG_that_claims_900_megapixels_is_too_large_before_it_is_decoded()
    {
        var png = await SampleMedia.ReadAsync("photo.png");
        var header = png[16..29];
        BinaryPrimitives.WriteInt32BigEndian(header, 30_000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 30_000);
        var path = media.Write([.. png[..8], .. Exif.Chunk("IHDR", header), .. png[33..]]);

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaTooLargeException>().WithMessage("*30,000 × 30,000*50,000,000*");
    }

    [Fact]
    public void A_GIF_of_many_frames_is_too_large_before_it_is_decoded()
    {
        byte[] screen = [.. "GIF89a"u8, 0x88, 0x13, 0x88, 0x13, 0, 0, 0];
        byte[] frame = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0x80, 0, 0, 0, 255, 255, 255, 2, 2, 0x44, 1, 0];
        var path = media.Write([.. screen, .. Enumerable.Repeat(frame, 1000).SelectMany(f => f), 0x3B]);

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaTooLargeException>().WithMessage("*1,000 frames of 5,000 × 5,000*200,000,000*");
    }

    [Theory]
    [InlineData("moving.webp")]
    [InlineData("moving.gif")]
    [InlineData("moving.png")]
    public async Task All_frames_of_an_animation_count(string name)
    {
        var path = await SampleMedia.GetAsync(name);
        var limits = new MediaLimits { ImagePixelsAllFrames = 160 * 90 * 15 };

        var inspecting = () => Inspecting.Inspect(path, limits);

        inspecting.Should().Throw<MediaTooLargeException>().WithMessage("*20 frames of 160 × 90*");
    }

    [Fact]
    public void Ten_megabytes_of_the_smallest_parts_are_read_in_time()
    {
        const int size = 10 * 1024 * 1024;
        byte[][] files =
        [
            Fill([.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x21, 0xFE], [1, 0x21], size),
            Fill([0xFF, 0xD8], [0xFF, 0xFE, 0, 2], size),
            Fill([0xFF, 0xD8, 0xFF, 0xDA, 0, 2], [0xFF, 0xD0], size),
            Fill([0x89, .. "PNG\r\n\u001a\n"u8], [0, 0, 0, 0, .. "teXt"u8, 0, 0, 0, 0], size),
            Fill([0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 0, 0], [0, 0, 0, 8, .. "free"u8], size),
            Fill([0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 0, 0, 0, 160, 0, 0, .. "moov"u8], [0, 0, 0, 8, .. "trak"u8], size),
            Fill([.. "ID3\u0004\0\0\0\0\0\0"u8], [.. "ID3\u0004\0\0\0\0\0\0"u8], size),
            Fill([0xFF, 0xFB, 0x90, 0], [0xFF], size),
            Fill([], [.. "OggS\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8], size),
            Fill([.. "{\"version\": 2, \"width\": 80, \"height\": 24}\n"u8], [(byte)'\n'], size),
            Fill([.. "{\"version\": 2, \"width\": 80, \"height\": 24}\n"u8], [(byte)'['], size),
        ];
        foreach (var file in files)
        {
            var clock = Stopwatch.StartNew();
            InspectAndClean(file);
            clock.Elapsed.Should().BeLessThan(Patience);
        }
    }

    private static byte[] Fill(byte[] head, byte[] part, int size)
    {
        var file = new byte[size];
        head.CopyTo(file, 0);
        for (var at = head.Length; at + part.Length <= size; at += part.Length)
            part.CopyTo(file, at);
        return file;
    }

    /// <summary>Fails on anything but the two intended refusals. A cleaned file must keep its type.</summary>
    private void InspectAndClean(ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(_path, bytes);
        if (Inspecting.TryInspect(_path) is not { } facts)
            return;
        var (length, _) = CleanOrRefuse(_path);
        if (length == 0)
            return;
        length.Should().Be(new FileInfo(_path).Length);
        Inspecting.TryInspect(_path).Should().Be(facts);
    }

    private static (long Bytes, bool Changed) CleanOrRefuse(string path)
    {
        try
        {
            return Inspecting.RemoveMetadata(path);
        }
        catch (MediaRefusedException)
        {
            return (0, false);
        }
    }
}
