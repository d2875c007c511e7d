using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class MediaInspectorTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    [Theory]
    [InlineData("photo.jpg", "image", "image/jpeg", "image/jpeg")]
    [InlineData("large.jpg", "image", "image/jpeg", "image/jpeg")]
    [InlineData("photo.png", "image", "image/png", "image/png")]
    [InlineData("deep.png", "image", "image/png", "image/png")]
    [InlineData("moving.gif", "image", "image/gif", "image/gif")]
    [InlineData("photo.webp", "image", "image/webp", "image/webp")]
    [InlineData("lossless.webp", "image", "image/webp", "image/webp")]
    [InlineData("video.mp4", "video", "video/mp4", "video/mp4")]
    [InlineData("faststart.mp4", "video", "video/mp4", "video/mp4")]
    [InlineData("fragmented.mp4", "video", "video/mp4", "video/mp4")]
    [InlineData("video.mov", "video", "video/quicktime", "video/quicktime")]
    [InlineData("video.webm", "video", "video/webm", "video/webm")]
    [InlineData("live.webm", "video", "video/webm", "video/webm")]
    [InlineData("sound.webm", "audio", "audio/webm", "video/webm")]
    [InlineData("sound.mp3", "audio", "audio/mpeg", "audio/mpeg")]
    [InlineData("variable.mp3", "audio", "audio/mpeg", "audio/mpeg")]
    [InlineData("sound.opus", "audio", "audio/ogg", "audio/ogg")]
    [InlineData("sound.ogg", "audio", "audio/ogg", "audio/ogg")]
    [InlineData("sound.wav", "audio", "audio/wav", "audio/x-wav")]
    [InlineData("compressed.wav", "audio", "audio/wav", "audio/x-wav")]
    [InlineData("sound.m4a", "audio", "audio/mp4", "audio/x-m4a")]
    public async Task Type_size_and_duration_are_those_that_file_and_ffprobe_see(string name, string kind, string type, string typeOfFile)
    {
        var path = await SampleMedia.GetAsync(name);

        var facts = Inspecting.Inspect(path);

        (facts.Kind, facts.Type).Should().Be((kind, type));
        (await Tools.MimeTypeAsync(path)).Should().Be(typeOfFile);
        if (kind is StoryKinds.Image or StoryKinds.Video)
        {
            var shape = await Tools.ProbeAsync(path, "stream=width,height");
            (facts.Width, facts.Height)
                .Should()
                .Be((int.Parse(shape[0], CultureInfo.InvariantCulture), int.Parse(shape[1], CultureInfo.InvariantCulture)));
        }
        if (kind is StoryKinds.Image)
            facts.DurationMs.Should().BeNull();
        else
            // Containers round to whole frames. live.webm states no duration and its last frame lasts 100 ms; fragmented.mp4 begins at 200 ms.
            facts.DurationMs.Should().BeInRange(1890, 2210);
    }

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("faststart.mp4")]
    [InlineData("fragmented.mp4")]
    [InlineData("video.mov")]
    [InlineData("video.webm")]
    [InlineData("sound.mp3")]
    [InlineData("variable.mp3")]
    [InlineData("sound.ogg")]
    [InlineData("sound.opus")]
    [InlineData("sound.wav")]
    [InlineData("compressed.wav")]
    [InlineData("sound.m4a")]
    public async Task Durations_agree_with_ffprobe_to_a_frame(string name)
    {
        var path = await SampleMedia.GetAsync(name);
        var seconds = double.Parse((await Tools.ProbeAsync(path, "format=duration"))[0], CultureInfo.InvariantCulture);

        (Inspecting.Inspect(path).DurationMs ?? -1).Should().BeCloseTo((long)(seconds * 1000), 60);
    }

    [Theory]
    [InlineData(0, 160, 90)]
    [InlineData(90, 90, 160)]
    [InlineData(180, 160, 90)]
    [InlineData(270, 90, 160)]
    public async Task A_turned_video_has_the_size_it_is_shown_in(int degrees, int width, int height)
    {
        var turned = media.Write([], "turned.mp4");
        await Tools.FfmpegAsync("-i", await SampleMedia.GetAsync("video.mp4"), "-c", "copy", "-metadata:s:v", $"rotate={degrees}", turned);

        var facts = Inspecting.Inspect(turned);

        (facts.Width, facts.Height).Should().Be((width, height));
    }

    [Theory]
    [InlineData("matroska.mkv", "*Matroska*")]
    [InlineData("picture.avif.tiff", "*TIFF*")]
    [InlineData("sound.flac", "*FLAC*")]
    [InlineData("sound.aac", "*AAC*")]
    [InlineData("video.avi", "*AVI*")]
    [InlineData("video.ts", "*transport stream*")]
    [InlineData("video.3gp", "*3GPP*")]
    [InlineData("picture.bmp", "*BMP*")]
    [InlineData("theora.ogv", "*Theora*")]
    [InlineData("flac.oga", "*FLAC*")]
    public async Task What_is_not_accepted_is_refused_by_its_name(string name, string message)
    {
        var path = await SampleMedia.GetAsync(name);

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaRefusedException>().WithMessage(message);
    }

    [Fact]
    public void Bytes_of_no_known_type_are_shown()
    {
        var path = media.Write([1, 2, 3, 0, 65, 66]);

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaRefusedException>().WithMessage("*010203004142 (....AB)*JPEG, PNG*");
    }

    [Theory]
    [InlineData("photo.jpg", "image")]
    [InlineData("moving.webp", "image")]
    [InlineData("video.mp4", "video")]
    [InlineData("fragmented.mp4", "video")]
    [InlineData("video.webm", "video")]
    [InlineData("sound.mp3", "audio")]
    [InlineData("sound.m4a", "audio")]
    [InlineData("sound.opus", "audio")]
    [InlineData("video.avi", null)]
    [InlineData("sound.flac", null)]
    public async Task The_first_bytes_say_which_limit_acts(string name, string? kind)
    {
        var bytes = await SampleMedia.ReadAsync(name);

        MediaInspector.Guess(bytes.AsSpan(0, Math.Min(bytes.Length, MediaInspector.GuessBytes)))?.Kind.Should().Be(kind);
        (MediaInspector.Guess(bytes.AsSpan(0, 64)) is null).Should().Be(kind is null);
    }

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("video.mp4")]
    [InlineData("sound.wav")]
    public async Task A_file_over_the_bytes_of_its_kind_is_too_large_and_both_numbers_are_named(string name)
    {
        var path = await SampleMedia.GetAsync(name);
        var limits = new MediaLimits
        {
            ImageBytes = 1000,
            VideoBytes = 1000,
            AudioBytes = 1000,
        };

        var inspecting = () => Inspecting.Inspect(path, limits);

        inspecting.Should().Throw<MediaTooLargeException>().WithMessage($"*{new FileInfo(path).Length:N0} bytes*1,000*");
    }

    [Theory]
    [InlineData("video.mp4", true)]
    [InlineData("fragmented.mp4", true)]
    [InlineData("live.webm", true)]
    [InlineData("sound.mp3", false)]
    [InlineData("sound.ogg", false)]
    public async Task What_lasts_too_long_is_too_large(string name, bool video)
    {
        var path = await SampleMedia.GetAsync(name);
        var second = TimeSpan.FromSeconds(1);
        var limits = video ? new MediaLimits { VideoDuration = second } : new MediaLimits { AudioDuration = second };

        var inspecting = () => Inspecting.Inspect(path, limits);

        inspecting.Should().Throw<MediaTooLargeException>().WithMessage("*lasts*s; the limit is 1 s.");
    }
}
