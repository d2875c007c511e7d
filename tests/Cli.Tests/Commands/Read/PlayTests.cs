using StoriesCli.Client.Configuration;
using StoriesCli.Client.Players;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Read;

public sealed class PlayTests : CommandTests
{
    [Fact]
    public async Task A_player_gets_a_signed_address_and_nothing_else_of_ours()
    {
        var id = await PostAsync("clip.mp4", await TestMedia.Mp4Async());
        var log = Path.Combine(_bob.Home, "log");
        UsePlayer("video", ["sh", "-c", "printf '%s\\n' \"$@\" > \"$0\"; env >> \"$0\"", log, "--title={title}"]);
        Environment.SetEnvironmentVariable("STORIES_TEST_LEAK", "sty_leak");

        var ran = await _bob.RunAsync("play", id);

        ran.ExitCode.Should().Be(0, ran.Error);
        var lines = await File.ReadAllLinesAsync(log);
        lines[0].Should().Be("--title=Hello");
        lines[1].Should().Be("--");
        lines[2].Should().StartWith($"{_host.Url}v1/").And.Contain(id);
        lines.Should().NotContain(line => line.Contains("sty_") || line.StartsWith("STORIES_"));
        (await _bob.RunAsync("list", "--unseen")).Out.Should().BeEmpty("a player that ended well has shown it");
    }

    [Fact]
    public async Task A_player_that_fails_leaves_the_story_unseen()
    {
        var id = await PostAsync("clip.mp4", await TestMedia.Mp4Async());
        UsePlayer("video", ["sh", "-c", "echo no screen >&2; exit 3"]);

        var ran = await _bob.RunAsync("play", id);

        ran.ExitCode.Should().Be(1);
        ran.Error.Should().Be($"stories: {id}: The player sh exited with 3: no screen\n");
        (await _bob.RunAsync("list", "--unseen", "--quiet")).Out.Trim().Should().Be(id);
    }

    [Fact]
    public async Task A_player_that_opens_files_only_gets_one_for_as_long_as_it_runs()
    {
        var id = await PostAsync("photo.jpg", await TestMedia.JpegAsync());
        var copy = Path.Combine(_bob.Home, "copy");
        UsePlayer("image", ["sh", "-c", "cp \"$1\" \"$0\"; echo \"$1\" > \"$0.path\"", copy, "{file}"]);

        (await _bob.RunAsync("play", id)).ExitCode.Should().Be(0);

        File.ReadAllBytes(copy).Should().Equal((await _bob.RunAsync("get", id, "-o", "-")).OutBytes);
        File.Exists(File.ReadAllText(copy + ".path").Trim()).Should().BeFalse();
    }

    [Fact]
    public async Task Without_any_player_the_message_says_what_to_install()
    {
        var id = await PostAsync("clip.mp4", await TestMedia.Mp4Async());
        _bob.Environment["PATH"] = _bob.Home;

        var ran = await _bob.RunAsync("play", id);

        ran.ExitCode.Should().Be(1);
        ran.Error.Should()
            .Be("stories: No player for video was found. Install mpv, vlc or ffplay, or set one under \"players\" in the configuration.\n");
    }

    [Fact]
    public async Task Mpv_plays_everything_unseen_in_order_and_says_what_it_has_shown()
    {
        var first = await PostAsync("clip.mp4", await TestMedia.Mp4Async());
        var text = (await _ana.RunAsync("post", "--text", "read me", "--quiet")).Out.Trim();
        var second = await PostAsync("clip.mp4", await TestMedia.Mp4Async());
        UsePlayer("video", ["mpv", "--vo=null", "--ao=null", "--untimed", "{url}"]);

        var ran = await _bob.RunAsync("play");

        ran.ExitCode.Should().Be(0, ran.Error);
        ran.Lines.Select(line => line.Split('\t')[0]).Should().Equal(first, second);
        ran.Error.Should().Be($"Not played (use \"stories show\"): {text}\n");
        (await _bob.RunAsync("list", "--unseen", "--quiet")).Lines.Should().Equal(text);
        (await _bob.RunAsync("play", "@ana")).Lines.Should().BeEmpty("only the text is unseen");
    }

    [Fact]
    public async Task A_playlist_is_printed_for_any_player_and_marks_nothing()
    {
        var id = await PostAsync("clip.mp4", await TestMedia.Mp4Async());

        var ran = await _bob.RunAsync("play", "@ana", "--m3u");

        ran.Lines[0].Should().Be("#EXTM3U");
        ran.Lines[^1].Should().StartWith($"{_host.Url}v1/stories/{id}/media?link=");
        (await _bob.RunAsync("list", "--unseen", "--quiet")).Out.Trim().Should().Be(id);
        (await _bob.RunAsync("play", id, "--m3u")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task Nobody_has_nothing_to_play()
    {
        (await _bob.RunAsync("play", "@nobody"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 3 && ran.Error.Contains("There is no account \"@nobody\""));
        (await _bob.RunAsync("play", "@ana")).ExitCode.Should().Be(0, "she is there, and has nothing");
    }

    private async Task<string> PostAsync(string name, byte[] media) =>
        (await _ana.RunAsync("post", _ana.WriteFile(name, media), "--caption", "Hello", "--quiet")).Out.Trim();

    private void UsePlayer(string kind, string[] command) =>
        _bob.ConfigFile.Save(new Config { Players = new Dictionary<string, Player> { [kind] = new() { Command = command } } });

    [Fact]
    public async Task A_recording_plays_on_the_terminal_at_its_own_times_and_commands_nothing()
    {
        var id = await PostAsync("demo.cast", Cast);
        _bob.HasTerminal = true;

        var playing = _bob.RunAsync("play", id);
        await Eventually.TrueAsync(() => _bob.Printed.Contains("first"));
        _bob.Printed.Should().NotContain("second", "that comes after ten seconds");
        // Wait no longer than it plays: the server runs on the same clock.
        while (!_bob.Printed.Contains("\e[?1049l"))
        {
            _host.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        var ran = await playing;

        ran.ExitCode.Should().Be(0, ran.Error);
        ran.Out.Should().StartWith("\e[?1049h\e[?25l").And.NotContain("\e]").And.NotContain("c3RvbGVu");
        ran.Out.Split("\e[?25h\e[?1049l")[1].Should().Contain("first").And.Contain("second").And.Contain(id);
        (await _bob.RunAsync("list", "--unseen", "--quiet")).Out.Should().BeEmpty();
        (await _bob.RunAsync("show", id)).Out.Should().Contain("second").And.NotContain("\e]");
    }

    [Fact]
    public async Task What_cannot_be_played_here_says_what_shows_it()
    {
        var recording = await PostAsync("demo.cast", Cast);
        var text = (await _ana.RunAsync("post", "--text", "read me", "--quiet")).Out.Trim();

        (await _bob.RunAsync("play", recording))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 1 && ran.Error.Contains($"\"stories get {recording}\" saves it"));
        (await _bob.RunAsync("play", text))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 1 && ran.Error.Contains($"\"stories show {text}\" shows it"));
        (await _bob.RunAsync("list", "--unseen", "--quiet")).Lines.Should().HaveCount(2);
    }

    // It tries to write to the viewer's clipboard.
    private static byte[] Cast =>
        """
        {"version": 2, "width": 20, "height": 5}
        [0.0, "o", "first\u001b]52;c;c3RvbGVu\u0007\r\n"]
        [10.0, "o", "second"]

        """u8.ToArray();
}
