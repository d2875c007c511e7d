using System.Diagnostics;
using System.Net;
using StoriesCli.Server.Features.Media;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class VideoPosterTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    private static readonly string? SearchPath = Environment.GetEnvironmentVariable("PATH");
    private static readonly FfmpegChoice Auto = FfmpegChoice.Parse("auto", SearchPath);

    [Theory]
    [InlineData("video.mp4")]
    [InlineData("faststart.mp4")]
    [InlineData("fragmented.mp4")]
    [InlineData("video.mov")]
    [InlineData("video.webm")]
    [InlineData("live.webm")]
    public async Task A_video_has_a_poster_in_the_size_and_format_that_is_asked_for(string name)
    {
        await using var host = await StartAsync(Auto);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await PostAsync(ana, await SampleMedia.ReadAsync(name));

        Read(await ana.GetAsync($"/v1/stories/{id}/poster")).Should().Be(new MediaFacts("image", "image/jpeg", 160, 90));
        Read(await ana.GetAsync($"/v1/stories/{id}/poster?width=80&height=1920", ("Accept", "image/png")))
            .Should()
            .Be(new MediaFacts("image", "image/png", 80, 45));
    }

    [Fact]
    public async Task A_turned_video_has_an_upright_poster()
    {
        await using var host = await StartAsync(Auto);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var turned = media.Write([], "turned.mp4");
        await Tools.FfmpegAsync("-i", await SampleMedia.GetAsync("halves.mp4"), "-c", "copy", "-metadata:s:v", "rotate=90", turned);
        var id = await PostAsync(ana, await File.ReadAllBytesAsync(turned));

        var poster = await ana.GetAsync($"/v1/stories/{id}/poster");

        Read(poster).Should().Be(new MediaFacts("image", "image/jpeg", 90, 160));
        // Red is above blue, and is on the left after a quarter turn counterclockwise.
        (await Tools.ProbeAsync(turned, "stream_side_data=rotation"))
            .Should()
            .Equal("90");
        (await PixelAsync(poster.Body, 10, 80)).Select(channel => channel > 200).Should().Equal(true, false, false);
        (await PixelAsync(poster.Body, 80, 80)).Select(channel => channel > 200).Should().Equal(false, false, true);
    }

    [Fact]
    public async Task A_video_that_begins_in_the_dark_shows_what_comes_after()
    {
        await using var host = await StartAsync(Auto);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await PostAsync(ana, await SampleMedia.ReadAsync("dark.mp4"));

        (await PixelAsync((await ana.GetAsync($"/v1/stories/{id}/poster")).Body, 80, 45)).Should().OnlyContain(channel => channel > 240);
    }

    [Fact]
    public async Task Its_picture_is_taken_once_and_is_deleted_with_the_story()
    {
        var (program, calls) = Script("exec ffmpeg \"$@\"");
        await using var host = await StartAsync(FfmpegChoice.Parse(program, SearchPath));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await PostAsync(ana, await SampleMedia.ReadAsync("video.mp4"));

        var posters = await Task.WhenAll(Enumerable.Range(1, 5).Select(i => ana.GetAsync($"/v1/stories/{id}/poster?width={i * 10}")));

        posters.Should().OnlyContain(p => p.Status == HttpStatusCode.OK);
        calls().Should().Be(1);
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(() => !Directory.EnumerateFiles(host.DataPath, id + "*", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task Without_ffmpeg_the_answer_says_how_to_turn_it_on()
    {
        await using var host = await StartAsync(FfmpegChoice.Off);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await PostAsync(ana, await SampleMedia.ReadAsync("video.mp4"));

        var answer = await ana.GetAsync($"/v1/stories/{id}/poster");

        (answer.Status, answer.Code).Should().Be((HttpStatusCode.NotFound, "poster_unavailable"));
        answer.Detail.Should().Contain("--ffmpeg auto");
    }

    [Fact]
    public async Task The_limits_tell_whether_there_are_posters_of_videos()
    {
        await using var with = await StartAsync(Auto);
        await using var without = await StartAsync(FfmpegChoice.Off);
        using var one = with.Wire(token: null);
        using var other = without.Wire(token: null);

        (await one.GetAsync("/v1/limits")).Json.GetProperty("videoPosters").GetBoolean().Should().BeTrue();
        (await other.GetAsync("/v1/limits")).Json.GetProperty("videoPosters").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task A_broken_video_has_no_poster_and_is_not_tried_again_at_once()
    {
        var (program, calls) = Script("exec ffmpeg \"$@\"");
        await using var host = await StartAsync(FfmpegChoice.Parse(program, SearchPath));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var bytes = await SampleMedia.ReadAsync("faststart.mp4");
        var samples = bytes.AsSpan().IndexOf("mdat"u8) + 4;
        bytes.AsSpan(samples).Fill(0xA5);
        var id = await PostAsync(ana, bytes);

        (await ana.GetAsync($"/v1/stories/{id}/poster")).Code.Should().Be("poster_unavailable");
        var tried = calls();
        (await ana.GetAsync($"/v1/stories/{id}/poster?width=50")).Code.Should().Be("poster_unavailable");

        tried.Should().BeInRange(1, 2);
        calls().Should().Be(tried);
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await ana.GetAsync($"/v1/stories/{id}/poster")).Code.Should().Be("poster_unavailable");
        calls().Should().BeGreaterThan(tried);
    }

    [Theory]
    [InlineData("exec sleep 600", "longer than")]
    [InlineData("sleep 600 & wait", "longer than")]
    [InlineData("exec head -c 100000000 /dev/zero", "more than")]
    [InlineData("echo broken >&2; exit 1", "cannot be decoded")]
    [InlineData("exit 0", "nothing")]
    [InlineData("exec dd if=/dev/zero of=/dev/null bs=2G count=1 status=none", "cannot be decoded")]
    [InlineData("echo x >\"$0.written\" || exit 1", "cannot be decoded")]
    public async Task What_goes_beyond_its_bounds_is_ended(string script, string reason)
    {
        var (program, _) = Script(script);
        using var ffmpeg = new Ffmpeg(
            FfmpegChoice.Parse(program, SearchPath),
            TimeProvider.System,
            TimeSpan.FromSeconds(reason == "longer than" ? 1 : 15)
        );
        var path = await SampleMedia.GetAsync("video.mp4");
        var watch = Stopwatch.StartNew();

        var taking = () => ffmpeg.TakePictureAsync(path, Inspecting.Inspect(path));

        (await taking.Should().ThrowAsync<PosterUnavailableException>()).Which.Message.Should().Contain(reason);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task It_knows_nothing_of_the_servers_environment()
    {
        Environment.SetEnvironmentVariable("STORIES_TEST_SECRET", "told");
        var (program, _) = Script("/usr/bin/env >&2; exit 1");
        using var ffmpeg = new Ffmpeg(FfmpegChoice.Parse(program, SearchPath), TimeProvider.System);
        var path = await SampleMedia.GetAsync("video.mp4");

        var taking = () => ffmpeg.TakePictureAsync(path, Inspecting.Inspect(path));

        (await taking.Should().ThrowAsync<PosterUnavailableException>())
            .Which.InnerException!.Message.Should()
            .Contain("LC_ALL=C")
            .And.NotContain("told");
    }

    [Fact]
    public void What_is_no_program_is_refused()
    {
        var notExecutable = media.Write("#!/bin/sh\n");

        FluentActions
            .Invoking(() => FfmpegChoice.Parse(notExecutable, SearchPath))
            .Should()
            .Throw<FormatException>()
            .WithMessage($"*\"{notExecutable}\"*");
        FluentActions.Invoking(() => FfmpegChoice.Parse("", SearchPath)).Should().Throw<FormatException>();
        FluentActions.Invoking(() => FfmpegChoice.Parse("/bin/sh", "/nowhere")).Should().Throw<FormatException>().WithMessage("*prlimit*");
        FfmpegChoice.Parse("auto", "/nowhere").Refusal.Should().Contain("no ffmpeg");
    }

    private static Task<ServerHost> StartAsync(FfmpegChoice choice) => ServerHost.StartAsync(options => options with { Ffmpeg = choice });

    private static async Task<string> PostAsync(Wire wire, byte[] bytes) =>
        (await wire.PutAsync("/v1/stories", bytes)).Json.GetProperty("id").GetString()!;

    private MediaFacts Read(WireAnswer answer)
    {
        answer.Status.Should().Be(HttpStatusCode.OK, answer.Status == HttpStatusCode.OK ? "" : answer.Text);
        return Inspecting.Inspect(media.Write(answer.Body));
    }

    private async Task<byte[]> PixelAsync(byte[] picture, int x, int y)
    {
        var raw = media.Write([], "pixel.rgb");
        await Tools.FfmpegAsync(
            "-i",
            media.Write(picture, "picture.jpg"),
            "-vf",
            $"format=rgb24,crop=1:1:{x}:{y}:exact=1",
            "-f",
            "rawvideo",
            raw
        );
        return await File.ReadAllBytesAsync(raw);
    }

    /// <summary>A script in place of ffmpeg, and a counter of its calls. It may write no data, so each call leaves an empty file.</summary>
    private (string Path, Func<int> Calls) Script(string text)
    {
        var path = media.Write($"#!/bin/sh\nPATH={SearchPath}\n: >\"$0.$$\"\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return (path, () => Directory.EnumerateFiles(Path.GetDirectoryName(path)!).Count() - 1);
    }
}
