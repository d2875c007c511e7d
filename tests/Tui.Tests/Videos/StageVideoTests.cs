using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Testing;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Tests.App;
using StoriesCli.Tui.Videos;

namespace StoriesCli.Tui.Tests.Videos;

/// <summary>What keys and messages do to a video on the stage.</summary>
public class StageVideoTests
{
    private static readonly Picture _picture = new(new(40, 10), new PixelBuffer(2, 2, new byte[12]));

    private static Model Playing() => OnStage().After(Keys.Of("play"));

    private static Model OnStage()
    {
        var story = Some.Story("ana", 1, StoryKinds.Video);
        var looking = Some.Looking(story with { Media = story.Media with { DurationMs = 20_000 } }, Some.Story("ana", 2));
        return looking with
        {
            Session = looking.Session with { PlaysOnStage = true },
            Display = looking.Display with { ShowsPictures = true, Area = new(40, 10) },
        };
    }

    private static MediaMsg.FrameArrived Frame(Model model, double seconds) =>
        new(model.Loaded.LastVideo, TimeSpan.FromSeconds(seconds), _picture);

    [Fact]
    public void It_stays_as_long_as_its_pictures_come_and_they_bring_the_time()
    {
        var s = Playing();

        s.PlayingId.Should().BeNull("no other program is opened");
        s.Note!.Text.Should().Contain("space pauses");
        s = s.After(Frame(s, 10)).AfterSeconds(60);
        s.Loaded.Video!.At.Should().Be(TimeSpan.FromSeconds(10));
        s.ShownId.Should().Be(Some.Story("ana", 1).Id);
        StageInput.From(s, new(40, 10)).Picture.Should().BeSameAs(_picture);
        SegmentsVm.From(s, 41).ToString().Should().StartWith("━━━━━━━━━━─");
    }

    [Fact]
    public void At_its_end_the_next_story_comes_a_while_later()
    {
        var s = Playing();
        s = s.After(Frame(s, 20), new MediaMsg.VideoEnded(s.Loaded.LastVideo, null));

        (s.Loaded.Video, s.Elapsed).Should().Be((null, TimeSpan.Zero));
        s.Marks.Played.Should().Contain(s.ShownId!);
    }

    [Fact]
    public void What_mpv_could_not_play_is_said_and_does_not_count_as_played()
    {
        var s = Playing();
        s = s.After(new MediaMsg.VideoEnded(s.Loaded.LastVideo, "mpv could not play it."));

        (s.Loaded.Video, s.Note!.Text).Should().Be((null, "mpv could not play it."));
        s.Marks.Played.Should().BeEmpty();
    }

    [Fact]
    public void A_pause_the_help_and_a_dialog_want_no_pictures()
    {
        var s = Playing();

        VideoPlayback.Wanted(s).Should().NotBeNull();
        foreach (var key in (string[])["pause", "help", "react"])
        {
            VideoPlayback.Wanted(s.After(Keys.Of(key))).Should().BeNull(key);
        }
        VideoPlayback.Wanted(s.After(Keys.Of("pause"), Keys.Of("pause"))).Should().NotBeNull();
    }

    [Fact]
    public void Back_and_on_start_it_at_another_place_inside_it()
    {
        var s = Playing();
        s = s.After(Frame(s, 10), Keys.Of("on"));

        s.Loaded.Video.Should().Be(new StageVideo(s.ShownId!, 2, TimeSpan.FromSeconds(15), _picture));
        s.After(new MediaMsg.FrameArrived(1, TimeSpan.FromSeconds(10.1), _picture))
            .Loaded.Video!.At.TotalSeconds.Should()
            .Be(15, "it is from the start before");
        s.After(Keys.Of("far-on")).Loaded.Video!.At.TotalSeconds.Should().Be(20);
        s.After(Keys.Of("far-back")).Loaded.Video!.At.TotalSeconds.Should().Be(0);
    }

    [Theory]
    [InlineData("play")]
    [InlineData("next")]
    public void The_key_that_plays_ends_it_too_and_so_does_going_on(string key)
    {
        var s = Playing();
        s = s.After(Frame(s, 3), Keys.Of(key));

        s.Loaded.Video.Should().BeNull();
        s.Marks.Played.Should().BeEmpty();
    }

    [Fact]
    public void A_video_that_is_gone_is_left()
    {
        var s = Playing();

        s.After(new ServerMsg.StoryGone(s.ShownId!)).Loaded.Video.Should().BeNull();
    }

    [Fact]
    public void Other_kinds_and_restricted_viewers_play_nothing_on_the_stage()
    {
        var s = OnStage();

        (s with { Session = s.Session with { Restricted = true } }).After(Keys.Of("play")).Loaded.Video.Should().BeNull();
        s.After(Keys.Of("next"), Keys.Of("play")).Loaded.Video.Should().BeNull();
    }

    [Theory]
    [InlineData(true, true, false, "mpv")]
    [InlineData(false, false, false, "mpv")]
    [InlineData(false, true, false, null)]
    [InlineData(false, false, true, null)]
    [InlineData(true, false, true, "mpv")]
    public void The_stage_is_for_where_there_is_no_window_or_where_it_is_wanted(bool always, bool display, bool configured, string? found)
    {
        var players = configured ? new Dictionary<string, Player> { ["video"] = new() { Command = ["vlc"] } } : [];

        new PlayerSearch(players, Environment.GetEnvironmentVariable("PATH"), display).FindDecoder(always).Should().Be(found);
        new PlayerSearch(players, searchPath: "/nowhere", display).FindDecoder(always).Should().BeNull();
    }
}

/// <summary>A real video of a real server, decoded by mpv.</summary>
public sealed class StageVideoIntegrationTests : IntegrationTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_shown_from_its_first_colour_to_its_last_in_the_terminals_own_way(bool isKitty)
    {
        await Ana.Stories.PostAsync(
            new(),
            MediaUpload.FromBytes(await TestMedia.RedThenBlueAsync(), "colours.mp4"),
            ApiClient.NewIdempotencyKey()
        );
        using var effects = Look(video: VideoPlace.Stage);
        Press(new TerminalMsg.GraphicsChanged(Graphics.Of(isKitty ? GraphicsKind.Kitty : GraphicsKind.Blocks, new(10, 20))));
        await UntilAsync(s => s.Shown is not null && s.Loaded.Pictures.ContainsKey(s.Shown.Id));
        var seen = new List<(Rgb Colour, double At)>();
        var commands = new List<string>();

        Press(Keys.Of("play"));
        await UntilAsync(s =>
        {
            if (s.Loaded.Video?.Picture is { Blocks: { } blocks } picture)
            {
                seen.Add((blocks.At(blocks.Cells.Width / 2, blocks.Cells.Height / 2).Fore, s.Loaded.Video.At.TotalSeconds));
                (picture.Raster is not null).Should().Be(isKitty);
                commands.AddRange(CommandsOfMpv());
            }
            return s.Marks.Played.Count > 0;
        });

        seen.Where(one => one.At < 1.8).Should().NotBeEmpty().And.OnlyContain(one => one.Colour.Red > 200 && one.Colour.Blue < 60);
        seen.Where(one => one.At > 2.2).Should().NotBeEmpty().And.OnlyContain(one => one.Colour.Blue > 200 && one.Colour.Red < 60);
        seen.Max(one => one.At).Should().BeLessThan(4.1);
        commands.Should().NotBeEmpty().And.OnlyContain(command => !command.Contains("://"), "others can read arguments");
        CommandsOfMpv().Should().BeEmpty("it has ended");
    }

    [Fact]
    public async Task It_goes_on_where_it_was_after_a_pause_and_starts_where_the_viewer_goes()
    {
        await Ana.Stories.PostAsync(
            new(),
            MediaUpload.FromBytes(await TestMedia.RedThenBlueAsync(), "colours.mp4"),
            ApiClient.NewIdempotencyKey()
        );
        using var effects = Look(video: VideoPlace.Stage);
        await UntilAsync(s => s.Shown is not null && s.Loaded.Pictures.ContainsKey(s.Shown.Id));

        Press(Keys.Of("play"));
        await UntilAsync(s => At() > TimeSpan.FromSeconds(0.5));
        Press(Keys.Of("pause"));
        var at = At();
        await UntilServerSaysAsync(() => Task.FromResult(CommandsOfMpv().Length == 0));
        Press(Keys.Of("pause"));
        await UntilAsync(s => At() > at);
        At().Should().BeLessThan(at + TimeSpan.FromSeconds(1));
        Press(Keys.Of("on"));
        At().TotalSeconds.Should().Be(4, "it is no longer");
        Press(Keys.Of("back"));
        At().Should().Be(TimeSpan.Zero, "5 s are more than it has");
        await UntilAsync(s => At() > TimeSpan.Zero);
        At().Should().BeLessThan(at);
        Press(Keys.Of("play"));
        await UntilServerSaysAsync(() => Task.FromResult(CommandsOfMpv().Length == 0));
    }

    private TimeSpan At() => Store.Model.Loaded.Video?.At ?? default;

    /// <summary>The command lines of the decoders that run.</summary>
    private static string[] CommandsOfMpv()
    {
        var running = System.Diagnostics.Process.GetProcessesByName("mpv");
        var commands = running.Select(CommandOf).Where(command => command.Contains("--ovc=rawvideo")).ToArray();
        Array.ForEach(running, mpv => mpv.Dispose());
        return commands;
    }

    private static string CommandOf(System.Diagnostics.Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
