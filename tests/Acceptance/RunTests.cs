using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

public sealed class RunTests
{
    [Fact]
    public async Task A_command_in_a_terminal_is_used_as_without_us()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await using var terminal = await TmuxRobot.OpenAsync(100, 24, ana.Environment);
        await terminal.PressAsync("stty -g > before", "Enter");

        await terminal.PressAsync("stories run -- sh -c 'read -p name: x; echo hello-$x; stty size; sleep 60'; echo code-$?", "Enter");
        await terminal.SeesAsync("name:");
        await terminal.PressAsync("bob", "Enter");
        await terminal.SeesAsync("hello-bob");
        await terminal.SeesAsync("24 100");
        await terminal.PressAsync("C-c");

        await terminal.SeesAsync("code-130");
        await terminal.PressAsync("stty -g | cmp - before && echo whole-again", "Enter");
        await terminal.SeesAsync("whole-again");
        var story = (await ana.StoriesJsonAsync("list"))[0];
        story.GetProperty("source").GetProperty("exitCode").GetInt32().Should().Be(130);
        story.GetProperty("media").GetProperty("width").GetInt32().Should().Be(100);
    }

    [Fact]
    public async Task Who_types_is_heard_also_where_something_is_piped_in()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await using var terminal = await TmuxRobot.OpenAsync(100, 24, ana.Environment);

        await terminal.PressAsync("printf 'x\\003y' | stories run -- sh -c 'read a </dev/tty; echo tty-$a; wc -c'; echo code-$?", "Enter");
        await terminal.SeesAsync("stories run");
        await terminal.PressAsync("hello", "Enter");

        await terminal.SeesAsync("tty-hello");
        await terminal.SeesAsync("3");
        await terminal.SeesAsync("code-0");
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("KILL", 137)]
    public async Task A_command_that_a_signal_ends_gives_its_number(string signal, int code)
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        var ran = await ana.StoriesAsync("run", "--", "sh", "-c", $"kill -{signal} $$");

        ran.ExitCode.Should().Be(code);
    }

    [Fact]
    public async Task A_signal_that_we_are_sent_reaches_the_command_and_what_it_did_is_posted()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        // The command that is run ends its parent, which passes that on.
        var ran = await ana.StoriesAsync(
            "run",
            "--",
            "sh",
            "-c",
            "trap 'echo asked; exit 5' TERM; kill -TERM $PPID; while :; do sleep 0.05; done"
        );

        ran.Should().Match<CommandRun>(it => it.ExitCode == 5 && it.Out.Contains("asked"));
        (await ana.StoriesJsonAsync("list"))[0].GetProperty("source").GetProperty("exitCode").GetInt32().Should().Be(5);
    }

    [Fact]
    public async Task No_secret_reaches_the_recording_or_the_command()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        var ran = await ana.RunAsync(
            "env",
            [
                "DEPLOY_TOKEN=hunter2-and-more",
                "STORIES_TOKEN=" + ana.Token,
                Published.Stories,
                "run",
                "--",
                "sh",
                "-c",
                "echo $DEPLOY_TOKEN; env; env | grep -c ^STORIES_",
            ]
        );

        ran.Out.Should().Contain("hunter2-and-more").And.NotContain("STORIES_TOKEN").And.EndWith("0\n");
        var id = (await ana.StoriesJsonAsync("list"))[0].GetProperty("id").GetString()!;
        var recording = (await ana.StoriesAsync("get", id, "-o", "-")).Succeeded().Out;
        recording.Should().Contain("***").And.NotContain("hunter2").And.NotContain(ana.Token);
        JsonDocument
            .Parse(recording.Split('\n')[0])
            .RootElement.EnumerateObject()
            .Select(part => part.Name)
            .Should()
            .Equal("version", "width", "height", "timestamp");
    }

    [Fact]
    public async Task Input_from_a_pipe_reaches_the_command_whole_and_ends()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var input = string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i} {new string('x', i % 50 == 0 ? 6000 : 10)}\n"));

        var ran = await ana.RunAsync(Published.Stories, ["run", "--", "cat"], input);

        ran.ExitCode.Should().Be(0);
        ran.Out.Should().Be(input);
    }

    [Theory]
    [InlineData("printf '\\004abc\\n' | stories run -- wc -c", "5", 0)]
    [InlineData(
        "printf 'x\\003\\034\\023y\\021z\\177\\025w\\r\\n' | stories run -- od -An -tx1",
        " 78 03 1c 13 79 11 7a 7f 15 77 0d 0a",
        0
    )]
    [InlineData("tar cz /etc/hostname 2>/dev/null | stories run -- tar tz", "etc/hostname", 0)]
    [InlineData("stories run -- sh -c 'test -t 0 || echo no; test -t 1 && echo yes' </dev/null", "no\nyes", 0)]
    [InlineData(
        "stories run -- sh -c '(sleep 0.3; touch left) & sleep 0.1' </dev/null; until test -e left; do sleep 0.1; done; echo went on",
        "went on",
        0
    )]
    [InlineData("stories run -- seq 1 100000 </dev/null | head -1", "1", 141)]
    public async Task Input_and_output_that_are_no_terminal_are_the_commands_own(string script, string output, int code)
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        var ran = await ana.RunAsync("bash", ["-o", "pipefail", "-c", $"cd {ana.Home}; {script}"]);

        ran.Out.TrimEnd().Should().Be(output.TrimEnd());
        ran.ExitCode.Should().Be(code);
    }

    [Theory]
    [InlineData("run --json -- sh -c 'exit 3' >/dev/full", 3)]
    [InlineData("run --json -- sh -c 'exit 3' | true", 3)]
    [InlineData("run -- sh -c 'exit 3' 2>/dev/full", 3)]
    [InlineData("run -- sh -c 'exit 3' 2>&-", 3)]
    [InlineData("run -- cat <&-", 0)]
    [InlineData("post --text x 2>&-", 0)]
    [InlineData("post --text x 2>/dev/full", 0)]
    [InlineData("nosuch 2>&-", 2)]
    [InlineData("list >/dev/full", 1)]
    [InlineData("list >&-", 1)]
    [InlineData("--help >/dev/full", 1)]
    public async Task Streams_that_are_full_or_closed_decide_no_more_than_they_must(string command, int code)
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        (await ana.StoriesAsync("post", "--text", "there is something to list")).Succeeded();

        var ran = await ana.RunAsync("bash", ["-o", "pipefail", "-c", $"stories {command}"]);

        ran.ExitCode.Should().Be(code);
        ran.Error.Should().NotContain("Unhandled");
    }

    [Fact]
    public async Task A_command_is_interrupted_when_its_terminal_goes_away()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        // The process that runs the tests may ignore hang-ups, and children inherit that.
        var ran = await ana.RunAsync(
            "bash",
            ["-c", "env --default-signal=HUP stories watch & until ls -l /proc/$!/fd | grep -q socket; do :; done; kill -HUP $!; wait $!"]
        );

        ran.ExitCode.Should().Be(130);
    }
}
