using System.Text;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class MetadataRemovalTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(SampleMedia.Secret);

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("faststart.mp4")]
    [InlineData("video.mov")]
    [InlineData("video.webm")]
    [InlineData("sound.mp3")]
    [InlineData("variable.mp3")]
    [InlineData("sound.opus")]
    [InlineData("sound.ogg")]
    [InlineData("sound.wav")]
    [InlineData("sound.m4a")]
    public async Task Titles_and_positions_go_and_what_is_seen_and_heard_stays(string name)
    {
        var path = await media.CopyAsync(name);
        var (facts, decoded) = (Inspecting.Inspect(path), await Tools.DecodedHashAsync(path));
        Holds(path, Secret).Should().BeTrue("the sample is made with it");

        var (bytes, changed) = Inspecting.RemoveMetadata(path);

        changed.Should().BeTrue();
        bytes.Should().Be(new FileInfo(path).Length);
        Holds(path, Secret).Should().BeFalse();
        Holds(path, "+48.2082"u8).Should().BeFalse();
        (await Tools.ProbeAsync(path, "format_tags=title,comment,location,creation_time:stream_tags=title,comment,location,creation_time"))
            .Should()
            .BeEmpty();
        Inspecting.Inspect(path).Should().Be(facts);
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
        (await Tools.ComplaintsAsync(path)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("photo.jpg", 1)]
    [InlineData("photo.jpg", 6)]
    [InlineData("photo.png", 1)]
    [InlineData("photo.png", 8)]
    [InlineData("photo.webp", 1)]
    [InlineData("photo.webp", 3)]
    [InlineData("lossless.webp", 5)]
    public async Task A_picture_loses_its_position_and_keeps_its_orientation(string name, int orientation)
    {
        var path = media.Write(await WithExifAsync(name, orientation), name);
        var (facts, decoded) = (Inspecting.Inspect(path), await Tools.DecodedHashAsync(path));
        (facts.Width, facts.Height).Should().Be(orientation >= 5 ? (180, 320) : (320, 180));
        Holds(path, Secret).Should().BeTrue("the sample is made with it");

        Inspecting.RemoveMetadata(path).Changed.Should().BeTrue();

        Holds(path, Secret).Should().BeFalse();
        Inspecting.Inspect(path).Should().Be(facts);
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
        Holds(path, "Exif"u8, "eXIf"u8, "EXIF"u8).Should().Be(orientation != 1, "only an orientation is worth an EXIF block");
    }

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("photo.png")]
    [InlineData("photo.webp")]
    [InlineData("video.mp4")]
    [InlineData("video.webm")]
    [InlineData("sound.opus")]
    [InlineData("sound.mp3")]
    public async Task Removing_twice_changes_nothing_more(string name)
    {
        var path = await media.CopyAsync(name);
        Inspecting.RemoveMetadata(path);
        var once = await File.ReadAllBytesAsync(path);

        Inspecting.RemoveMetadata(path).Should().Be((once.LongLength, false));

        (await File.ReadAllBytesAsync(path)).Should().Equal(once);
    }

    [Fact]
    public async Task Comments_and_foreign_extensions_of_a_GIF_go_and_its_loop_stays()
    {
        var gif = await SampleMedia.ReadAsync("moving.gif");
        var afterTable = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 << ((gif[10] & 7) + 1));
        byte[] comment = [0x21, 0xFE, (byte)Secret.Length, .. Secret, 0];
        byte[] xmp = [0x21, 0xFF, 11, .. "XMP DataXMP"u8, (byte)Secret.Length, .. Secret, 0];
        var path = media.Write([.. gif[..afterTable], .. comment, .. xmp, .. gif[afterTable..], .. Secret], "told.gif");
        var decoded = await Tools.DecodedHashAsync(path);

        Inspecting.RemoveMetadata(path).Bytes.Should().Be(gif.Length);

        (await File.ReadAllBytesAsync(path)).Should().Equal(gif);
        Holds(path, "NETSCAPE2.0"u8).Should().BeTrue();
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
    }

    [Fact]
    public async Task A_track_of_positions_and_its_samples_are_blotted_out()
    {
        // Subtitles stand for a camera's telemetry: the same kind of track, with another handler.
        var words = media.Write($"1\n00:00:00,000 --> 00:00:01,000\n{SampleMedia.Secret}\n");
        var path = media.Write([], "camera.mp4");
        await Tools.FfmpegAsync(
            "-i",
            await SampleMedia.GetAsync("video.mp4"),
            "-f",
            "srt",
            "-i",
            words,
            "-map",
            "0",
            "-map",
            "1",
            "-c",
            "copy",
            "-c:s",
            "mov_text",
            "-map_metadata",
            "-1",
            path
        );
        var bytes = await File.ReadAllBytesAsync(path);
        "meta"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("sbtl"u8)));
        await File.WriteAllBytesAsync(path, bytes);
        var decoded = await Tools.DecodedHashAsync(path);
        Holds(path, Secret).Should().BeTrue("the sample is made with it");

        Inspecting.RemoveMetadata(path);

        Holds(path, Secret).Should().BeFalse();
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
        (await Tools.ProbeAsync(path, "stream=codec_type")).Should().BeEquivalentTo("video", "audio");
    }

    [Fact]
    public async Task What_a_camera_hides_in_unused_space_goes()
    {
        var video = await SampleMedia.ReadAsync("video.mp4");
        byte[] hidden = [0, 0, 0, (byte)(8 + Secret.Length), .. "free"u8, .. Secret];
        byte[] unknown = [0, 0, 0, (byte)(8 + Secret.Length), .. "gps "u8, .. Secret];
        var path = media.Write([.. video, .. hidden, .. unknown], "dashcam.mp4");

        Inspecting.RemoveMetadata(path);

        Holds(path, Secret).Should().BeFalse();
        Holds(path, "gps "u8).Should().BeFalse();
        (await Tools.ComplaintsAsync(path)).Should().BeEmpty();
    }

    private static async Task<byte[]> WithExifAsync(string name, int orientation)
    {
        var (bytes, tiff) = (await SampleMedia.ReadAsync(name), Exif.Block(orientation));
        return Path.GetExtension(name) switch
        {
            ".jpg" => Exif.IntoJpeg(bytes, tiff),
            ".png" => Exif.IntoPng(bytes, tiff),
            _ => Exif.IntoWebP(bytes, tiff, 320, 180),
        };
    }

    private static bool Holds(string path, ReadOnlySpan<byte> what) => File.ReadAllBytes(path).AsSpan().IndexOf(what) >= 0;

    private static bool Holds(string path, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c) =>
        Holds(path, a) || Holds(path, b) || Holds(path, c);
}
