using System.Buffers.Binary;
using System.Text;
using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>Only the playable parts of a video or sound survive. Positions and makers' data hide in many places.</summary>
public sealed class WhatPlaysTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(SampleMedia.Secret);

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("video.mov")]
    [InlineData("sound.m4a")]
    public async Task What_a_dash_camera_writes_beside_the_samples_is_zeroed(string name)
    {
        var bytes = await SampleMedia.ReadAsync(name);
        var data = IndexOf(bytes, "mdat") - 4;
        var size = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(data));
        // At the end of the data, so that no sample moves: the header follows it.
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(data), size + Secret.Length);
        var path = media.Write([.. bytes[..(data + size)], .. Secret, .. bytes[(data + size)..]], name);

        await CleanAsync(path);

        IndexOf(await File.ReadAllBytesAsync(path), "mdat").Should().Be(data + 4, "nothing moves");
    }

    [Theory]
    [InlineData("frag_keyframe+empty_moov+default_base_moof")]
    [InlineData("frag_keyframe+empty_moov+omit_tfhd_offset")]
    [InlineData("frag_keyframe+empty_moov")]
    [InlineData("frag_keyframe")]
    [InlineData("frag_every_frame+empty_moov+separate_moof")]
    public async Task A_track_of_positions_goes_from_fragments_with_its_samples(string how)
    {
        var path = await WithSubtitlesAsync("video.mp4", "mov_text", "-movflags", how);
        var bytes = await File.ReadAllBytesAsync(path);
        "meta"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("sbtl"u8)));
        await File.WriteAllBytesAsync(path, bytes);

        await CleanAsync(path);

        (await Tools.ProbeAsync(path, "stream=codec_type")).Should().BeEquivalentTo("video", "audio");
    }

    [Theory]
    [InlineData("video.mp4", "mov_text", "-movflags", "+faststart")]
    [InlineData("video.mov", "mov_text", "-movflags", "+faststart")]
    [InlineData("video.mp4", "mov_text", "-movflags", "frag_keyframe+empty_moov")]
    [InlineData("video.webm", "webvtt", "-cluster_time_limit", "500")]
    public async Task Subtitles_in_which_drones_write_positions_go_unless_their_poster_keeps_them(
        string name,
        string codec,
        params string[] options
    )
    {
        var path = await WithSubtitlesAsync(name, codec, options);
        var kept = media.Write(await File.ReadAllBytesAsync(path), name);
        var words = await WordsAsync(kept);
        words.Should().Contain(SampleMedia.Secret, "the sample is made with it");

        await CleanAsync(path);
        Clean(kept, keepSubtitles: true);

        (await Tools.ProbeAsync(path, "stream=codec_type")).Should().BeEquivalentTo("video", "audio");
        (await WordsAsync(kept)).Should().Be(words);
        (await Tools.DecodedHashAsync(kept)).Should().Be(await Tools.DecodedHashAsync(path));
    }

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("video.mov")]
    [InlineData("video.webm")]
    public async Task Titles_of_chapters_and_tracks_go_and_time_codes(string name)
    {
        var chapters = media.Write(
            $";FFMETADATA1\ntitle={SampleMedia.Secret}\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle={SampleMedia.Secret}\n"
        );
        var path = media.Write([], name);
        string[] timecode = name.EndsWith("webm", StringComparison.Ordinal) ? [] : ["-timecode", "13:37:00:01"];
        await Tools.FfmpegAsync([
            "-i",
            await SampleMedia.GetAsync(name),
            "-f",
            "ffmetadata",
            "-i",
            chapters,
            "-map",
            "0",
            "-map_metadata",
            "1",
            "-c",
            "copy",
            "-metadata:s:v",
            $"handler_name={SampleMedia.Secret}",
            "-metadata:s:v",
            $"title={SampleMedia.Secret}",
            "-metadata:s:a",
            $"title={SampleMedia.Secret}",
            .. timecode,
            path,
        ]);

        await CleanAsync(path);

        (await Tools.ProbeAsync(path, "format_tags:stream_tags=title,handler_name,timecode,vendor_id,encoder:chapter_tags:chapter=id"))
            .Where(line => line is not ("isom" or "512" or "isomiso2avc1mp41" or "qt  " or "[0][0][0][0]"))
            .Should()
            .BeEmpty();
        (await Tools.ProbeAsync(path, "stream=codec_type")).Should().BeEquivalentTo("video", "audio");
    }

    [Fact]
    public async Task Attachments_tags_and_subtitles_of_Matroska_go_though_it_calls_itself_WebM()
    {
        var (path, words, attached) = (media.Write([], "told.webm"), media.Write(Subtitles), media.Write(SampleMedia.Secret));
        await Tools.FfmpegAsync(
            "-i",
            await SampleMedia.GetAsync("video.webm"),
            "-f",
            "srt",
            "-i",
            words,
            "-map",
            "0",
            "-map",
            "1",
            "-c:v",
            "copy",
            "-c:a",
            "copy",
            "-c:s",
            "copy",
            "-attach",
            attached,
            "-metadata:s:t",
            "mimetype=text/plain",
            "-metadata:s:t",
            $"filename={SampleMedia.Secret}",
            "-metadata",
            $"title={SampleMedia.Secret}",
            "-f",
            "matroska",
            path
        );
        var bytes = await File.ReadAllBytesAsync(path);
        "webm\0\0\0\0"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("matroska"u8)));
        await File.WriteAllBytesAsync(path, bytes);

        await CleanAsync(path);

        (await Tools.ProbeAsync(path, "stream=codec_type")).Should().BeEquivalentTo("video", "audio");
        (await Tools.ProbeAsync(path, "stream_tags:format_tags")).Should().NotContain(line => line.Contains("Lav"));
    }

    [Fact]
    public async Task Transparency_stays_where_it_stands_beside_the_picture()
    {
        var path = media.Write([], "clear.webm");
        await Tools.FfmpegAsync(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=64x48:rate=10:duration=1,format=yuva420p",
            "-c:v",
            "libvpx",
            "-auto-alt-ref",
            "0",
            path
        );
        var decoded = await AlphaHashAsync(path);

        Inspecting.RemoveMetadata(path);

        (await AlphaHashAsync(path)).Should().Be(decoded);
    }

    [Theory]
    [InlineData("emsg")]
    [InlineData("uuid")]
    [InlineData("udta")]
    [InlineData("prft")]
    [InlineData("gps ")]
    public async Task A_box_that_does_not_play_becomes_empty_space(string type)
    {
        var bytes = await SampleMedia.ReadAsync("fragmented.mp4");
        byte[] box = [0, 0, 0, (byte)(8 + Secret.Length), .. Encoding.ASCII.GetBytes(type), .. Secret];
        var path = media.Write([.. bytes, .. box], "told.mp4");

        await CleanAsync(path);
    }

    [Fact]
    public async Task Names_of_encoders_and_boxes_that_configure_nothing_go_from_sample_descriptions()
    {
        var bytes = await SampleMedia.ReadAsync("video.mp4");
        var entry = bytes.AsSpan().LastIndexOf("avc1"u8);
        // Within the 32 bytes after their length.
        Secret.CopyTo(bytes.AsSpan(entry + 4 + 42 + 1));
        bytes[entry + 4 + 42] = (byte)Secret.Length;
        var path = media.Write(bytes, "told.mp4");

        await CleanAsync(path);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE1 })]
    [InlineData(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0, 0, 0, 1, 0x53, 0x45, 0x46, 0x54 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x7F, 0, 0, 0, 0x53, 0x45, 0x46, 0x48 })]
    public async Task Bytes_behind_the_last_box_are_cut_off_and_the_video_is_taken(byte[] first)
    {
        foreach (var name in (string[])["video.mp4", "faststart.mp4", "fragmented.mp4"])
        {
            var path = media.Write([.. await SampleMedia.ReadAsync(name), .. first, .. Secret], name);

            await CleanAsync(path);
        }
    }

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("fragmented.mp4")]
    public async Task A_video_whose_last_box_breaks_off_is_still_refused(string name)
    {
        var bytes = await SampleMedia.ReadAsync(name);
        var last = name == "video.mp4" ? bytes.AsSpan().LastIndexOf("moov"u8) : bytes.AsSpan().LastIndexOf("mdat"u8);

        var inspecting = () => Inspecting.Inspect(media.Write(bytes.AsSpan(0, last + 20)));

        inspecting.Should().Throw<MediaRefusedException>();
    }

    [Theory]
    [InlineData("sound.wav")]
    [InlineData("sound.opus")]
    [InlineData("sound.ogg")]
    [InlineData("sound.mp3")]
    [InlineData("video.webm")]
    public async Task What_stands_behind_the_end_of_a_sound_goes(string name)
    {
        byte[] tag = [.. "ID3\u0004\0\0\0\0\0\u0020"u8, .. Secret];
        var path = media.Write([.. await SampleMedia.ReadAsync(name), .. tag], name);

        await CleanAsync(path);
    }

    [Fact]
    public async Task What_stands_between_the_frames_of_an_MP3_goes()
    {
        var bytes = await SampleMedia.ReadAsync("sound.mp3");
        var clean = media.Write(bytes, "clean.mp3");
        Inspecting.RemoveMetadata(clean);
        var sound = await File.ReadAllBytesAsync(clean);
        // The second frame begins where the first one ends: 64 kbit/s at 48 kHz is 192 bytes per frame.
        var path = media.Write(
            [.. sound[..(192 * 10)], .. "TAG+"u8, .. Secret, .. sound[(192 * 10)..], .. "LYRICSBEGIN"u8, .. Secret],
            "told.mp3"
        );

        Inspecting.RemoveMetadata(path);

        (await File.ReadAllBytesAsync(path)).Should().Equal(sound);
    }

    [Fact]
    public async Task What_is_hidden_behind_the_comments_of_Opus_goes()
    {
        var path = media.Write([], "padded.opus");
        await Tools.FfmpegAsync(
            "-f",
            "lavfi",
            "-i",
            "sine=duration=1",
            "-c:a",
            "libopus",
            "-metadata",
            $"a={SampleMedia.Secret}",
            "-metadata",
            "b=" + new string('x', 200),
            "-f",
            "ogg",
            path
        );
        var bytes = await File.ReadAllBytesAsync(path);
        // An empty list. The former comments are padding after it now, which may contain anything.
        var tags = bytes.AsSpan().IndexOf("OpusTags"u8);
        var vendor = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(tags + 8));
        bytes.AsSpan(tags + 12 + vendor, 4).Clear();
        await File.WriteAllBytesAsync(path, bytes);

        Inspecting.RemoveMetadata(path).Changed.Should().BeTrue();

        Holds(path).Should().BeFalse();
        (await Tools.ComplaintsAsync(path)).Should().BeEmpty();
    }

    private static string Subtitles =>
        $"1\n00:00:00,000 --> 00:00:00,900\n{SampleMedia.Secret}\n\n2\n00:00:01,000 --> 00:00:01,800\n{SampleMedia.Secret} again\n";

    private async Task<string> WithSubtitlesAsync(string name, string codec, params string[] options)
    {
        var path = media.Write([], name);
        await Tools.FfmpegAsync([
            "-i",
            await SampleMedia.GetAsync(name),
            "-f",
            "srt",
            "-i",
            media.Write(Subtitles),
            "-map",
            "0",
            "-map",
            "1",
            "-c",
            "copy",
            "-c:s",
            codec,
            "-map_metadata",
            "-1",
            .. options,
            path,
        ]);
        return path;
    }

    /// <summary>Removes what does not play, and checks that nothing else changed.</summary>
    private static async Task CleanAsync(string path)
    {
        var (facts, decoded) = (Inspecting.Inspect(path), await Tools.DecodedHashAsync(path));
        Holds(path).Should().BeTrue("the sample is made with it");

        Clean(path, keepSubtitles: false).Should().BeTrue();

        Holds(path).Should().BeFalse();
        Inspecting.Inspect(path).Should().Be(facts);
        (await Tools.DecodedHashAsync(path)).Should().Be(decoded);
        (await Tools.ComplaintsAsync(path)).Should().BeEmpty();
        Clean(path, keepSubtitles: false).Should().BeFalse("the second time there is nothing to change");
    }

    private static bool Clean(string path, bool keepSubtitles)
    {
        var facts = Inspecting.Inspect(path);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        return MediaInspector.RemoveMetadata(file, RandomAccess.GetLength(file), facts, keepSubtitles).Changed;
    }

    private static Task<string> WordsAsync(string path) => Tools.FfmpegAsync("-i", path, "-map", "0:s", "-f", "srt", "-");

    private static Task<string> AlphaHashAsync(string path) =>
        Tools.FfmpegAsync("-c:v", "libvpx", "-i", path, "-pix_fmt", "yuva420p", "-f", "streamhash", "-");

    private static bool Holds(string path) => File.ReadAllBytes(path).AsSpan().IndexOf(Secret) >= 0;

    private static int IndexOf(byte[] bytes, string type) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(type));
}
