using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>Recordings go to and come from the tool whose format they have.</summary>
public sealed class CastTests
{
    [Fact]
    public async Task Asciinema_plays_what_a_command_did()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        (await ana.StoriesAsync("run", "--", "sh", "-c", "printf 'plain\\n\\033[32mgrün ✓\\033[0m\\n'; echo over >&2")).Succeeded();
        (await ana.StoriesAsync("get", await OnlyIdAsync(ana), "-o", "run.cast")).Succeeded();

        // It asks for a terminal.
        var played = (
            await ana.RunAsync("script", ["--quiet", "--return", "--command", "asciinema cat run.cast", "/dev/null"])
        ).Succeeded();

        played.Out.Should().Contain("plain").And.Contain("\u001b[32mgrün ✓\u001b[0m").And.Contain("over");
    }

    [Fact]
    public async Task What_asciinema_recorded_is_a_story_of_the_same_bytes()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        (await ana.RunAsync("asciinema", ["rec", "--quiet", "--command", "sh -c 'echo recorded elsewhere'", "rec.cast"])).Succeeded();

        (await ana.StoriesAsync("post", "rec.cast")).Succeeded();

        var story = (await ana.StoriesJsonAsync("list"))[0];
        story.GetProperty("kind").GetString().Should().Be("recording");
        story.GetProperty("media").GetProperty("durationMs").GetInt64().Should().BePositive();
        (await ana.StoriesAsync("show", story.GetProperty("id").GetString()!)).Succeeded().Out.Should().Contain("rec.cast");
        (await ana.StoriesAsync("get", story.GetProperty("id").GetString()!, "-o", "copy.cast")).Succeeded();
        (await File.ReadAllTextAsync(Path.Combine(ana.Home, "copy.cast"))).Should().Contain("recorded elsewhere");
    }

    [Fact]
    public async Task A_recording_plays_in_any_terminal_and_leaves_it_whole()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        (
            await ana.StoriesAsync(
                "run",
                "--caption",
                "demo",
                "--",
                "sh",
                "-c",
                "echo begun; sleep 1.5; printf '\\033]0;taken\\007'; echo done at last"
            )
        ).Succeeded();
        var id = await OnlyIdAsync(ana);
        await using var terminal = await TmuxRobot.OpenAsync(100, 24, ana.Environment);
        await terminal.PressAsync("stty -g > before", "Enter");

        await terminal.PressAsync($"stories play {id}; echo code-$?", "Enter");
        await terminal.SeesAsync("begun");
        (await terminal.AskAsync("alternate_on")).Should().Be("1");
        await terminal.SeesAsync("code-0");

        await terminal.SeesAsync("done at last");
        (await terminal.AskAsync("alternate_on")).Should().Be("0");
        (await terminal.AskAsync("pane_title")).Should().NotContain("taken");
        await terminal.PressAsync("stty -g | cmp - before && echo whole-again", "Enter");
        await terminal.SeesAsync("whole-again");
        await PlayOnACleanScreenAsync(terminal, id);
        await terminal.PressAsync("C-c");
        await terminal.SeesAsync("code-130");
        await PlayOnACleanScreenAsync(terminal, id);
        await ana.RunAsync("pkill", ["-ABRT", "-f", $"stories play {id}"]);
        await terminal.SeesAsync("code-134");
        (await terminal.AskAsync("alternate_on")).Should().Be("0");
        (await terminal.AskAsync("cursor_flag")).Should().Be("1");
    }

    /// <summary>Waits first until nothing of an earlier play is on the screen, so that what is seen then is of this one.</summary>
    private static async Task PlayOnACleanScreenAsync(TmuxRobot terminal, string id)
    {
        await terminal.PressAsync("clear", "Enter");
        await terminal.SeesNoMoreAsync("begun");
        await terminal.PressAsync($"stories play {id}; echo code-$?", "Enter");
        await terminal.SeesAsync("begun");
    }

    private static async Task<string> OnlyIdAsync(Person person) =>
        (await person.StoriesJsonAsync("list"))[0].GetProperty("id").GetString()!;
}
