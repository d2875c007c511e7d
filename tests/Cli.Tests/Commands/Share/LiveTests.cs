using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Share;

public sealed class LiveTests : CommandTests
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        // The sender waits, and the server's clock stands still.
        _ana.Clock = TimeProvider.System;
    }

    [Theory]
    [InlineData("live")]
    [InlineData("run", "--live")]
    [InlineData("live", "--no-pty")]
    public async Task Others_watch_a_command_while_it_runs_and_then_it_is_its_recording(params string[] words)
    {
        var go = Path.Combine(_ana.Home, "go");
        var running = _ana.RunAsync([
            .. words,
            "--delay",
            "0s",
            "--slot",
            "build/main",
            "--",
            "sh",
            "-c",
            $"echo begun; until [ -e {go} ]; do sleep 0.05; done; echo over; exit 3",
        ]);

        var id = await LiveIdAsync();
        (await _bob.RunAsync("tray")).Out.Should().StartWith("ana\tbuild/main\t").And.EndWith("\t● live\n");
        var seen = new StringBuilder();
        await foreach (var happened in _host.Client(_bob.Environment["STORIES_TOKEN"]).Live.FollowAsync(id))
        {
            seen.Append(happened.Output);
            if (!File.Exists(go) && seen.ToString().Contains("begun", StringComparison.Ordinal))
            {
                await File.WriteAllTextAsync(go, "");
            }
        }
        var ran = await running;

        ran.ExitCode.Should().Be(3, ran.Error);
        ran.Error.Should().Contain($"Live as {id}, 0s behind.").And.Contain($"Posted {id} (failed, ");
        seen.ToString().Should().Contain("over");
        var story = JsonSerializer.Deserialize((await _bob.RunAsync("list", "--json")).Out, ContractsJson.Default.StoryArray)!.Single();
        story.Should().Match<Story>(it => !it.Live && !it.Broken && it.Slot == "build/main" && it.Source!.ExitCode == 3);
        (await _bob.RunAsync("get", id, "-o", "-")).Out.Should().StartWith("{\"version\":3,").And.Contain("over\\r\\n");
    }

    [Fact]
    public async Task Secrets_are_masked_before_anything_leaves_the_machine()
    {
        var token = _ana.Environment["STORIES_TOKEN"]!;

        var ran = await _ana.RunAsync("live", "--delay", "0s", "--pass-access", "--", "sh", "-c", "echo token: $STORIES_TOKEN");

        ran.ExitCode.Should().Be(0, ran.Error);
        var id = (await _bob.RunAsync("list", "--quiet")).Out.Trim();
        (await _bob.RunAsync("get", id, "-o", "-")).Out.Should().Contain("token: ***").And.NotContain(token);
    }

    [Fact]
    public async Task A_server_that_is_not_there_goes_away_or_refuses_changes_no_exit_code()
    {
        var refused = await _ana.RunAsync("live", "--tag", "NOT A TAG", "--", "sh", "-c", "exit 4");
        var running = _ana.RunAsync("live", "--delay", "0s", "--", "sh", "-c", $"until [ -e {_ana.Home}/go ]; do sleep 0.05; done; exit 5");
        await LiveIdAsync();
        await _host.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(_ana.Home, "go"), "");
        var left = await running;
        await _host.StartAgainAsync();
        _ana.Environment["STORIES_URL"] = "http://127.0.0.1:1";
        var down = await _ana.RunAsync("live", "--", "sh", "-c", "exit 6");

        refused.Should().Match<Ran>(ran => ran.ExitCode == 4 && ran.Error.Contains("Nobody can watch: ") && ran.Error.Contains("tag"));
        left.Should().Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("was not posted"));
        down.Should().Match<Ran>(ran => ran.ExitCode == 6 && ran.Error.Contains("Nobody can watch: Nothing listens at"));
    }

    [Fact]
    public async Task One_that_the_server_has_ended_is_posted_as_a_recording_of_its_own()
    {
        var running = _ana.RunAsync(
            "live",
            "--delay",
            "0s",
            "--",
            "sh",
            "-c",
            $"until [ -e {_ana.Home}/go ]; do sleep 0.05; done; echo late"
        );
        var id = await LiveIdAsync();
        await _host.Client(_ana.Environment["STORIES_TOKEN"]).Live.EndAsync(id, exitCode: 9);
        await File.WriteAllTextAsync(Path.Combine(_ana.Home, "go"), "");

        var ran = await running;

        ran.ExitCode.Should().Be(0);
        ran.Error.Should().Contain($"The live terminal {id} could not be completed");
        (await _bob.RunAsync("list", "--quiet")).Lines.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_command_that_is_not_there_leaves_no_story()
    {
        var ran = await _ana.RunAsync("live", "--", "stories-no-such-command");

        ran.Should().Match<Ran>(it => it.ExitCode == 127 && it.Error.Contains("stories-no-such-command: No such file or directory"));
        (await _bob.RunAsync("list", "--quiet")).Out.Should().BeEmpty();
    }

    [Theory]
    [InlineData("live", "--delay", "61s")]
    [InlineData("live", "--delay", "soon")]
    [InlineData("run", "--delay", "2s")]
    public async Task Wrong_delays_are_said_before_the_command_runs(params string[] words)
    {
        var ran = await _ana.RunAsync([.. words, "--", "touch", Path.Combine(_ana.Home, "mark")]);

        ran.Should().Match<Ran>(it => it.ExitCode == 2 && it.Error.Contains("--delay"));
        File.Exists(Path.Combine(_ana.Home, "mark")).Should().BeFalse();
    }

    [Fact]
    public async Task A_command_that_writes_50_MB_keeps_its_beginning_and_its_end_within_the_largest_recording()
    {
        var ran = await _ana.RunAsync(
            "live",
            "--delay",
            "0s",
            "--",
            "sh",
            "-c",
            "echo first; head -c 50000000 /dev/zero | tr '\\0' x | fold -w 100; echo last"
        );

        ran.ExitCode.Should().Be(0, ran.Error[..Math.Min(ran.Error.Length, 2000)]);
        var story = JsonSerializer.Deserialize((await _bob.RunAsync("list", "--json")).Out, ContractsJson.Default.StoryArray)!.Single();
        story.Media.Bytes.Should().BeInRange(7 * 1024 * 1024, Limits.RecordingBytes);
        var recording = (await _bob.RunAsync("get", story.Id, "-o", "-")).Out;
        recording.Contains("first\\r\\n", StringComparison.Ordinal).Should().BeTrue();
        recording.Contains("are not in this recording", StringComparison.Ordinal).Should().BeTrue();
        recording.Contains("last\\r\\n", StringComparison.Ordinal).Should().BeTrue();
    }

    [Fact]
    public async Task A_live_terminal_is_followed_in_a_terminal_until_its_command_ends()
    {
        var ana = _host.Client(_ana.Environment["STORIES_TOKEN"]);
        var story = await ana.Live.BeginAsync(new() { Width = 80, Height = 24 }, "1");
        var at = await ana.Live.AppendAsync(story.Id, 0, "[0.1,\"o\",\"hello\"]\n"u8.ToArray());
        _bob.HasTerminal = true;
        _bob.Clock = TimeProvider.System;
        (await _bob.RunAsync("list")).Out.Should().Contain("● live");

        var playing = _bob.RunAsync("play", story.Id);
        await Eventually.TrueAsync(() => _bob.Printed.Contains("hello", StringComparison.Ordinal));
        await ana.Live.AppendAsync(story.Id, at, "[0.1,\"o\",\"\\r\\nworld\"]\n"u8.ToArray());
        await Eventually.TrueAsync(() => _bob.Printed.Contains("world", StringComparison.Ordinal));
        await ana.Live.EndAsync(story.Id, exitCode: 0);
        var ran = await playing;

        ran.ExitCode.Should().Be(0, ran.Error);
        ran.Error.Should().Contain($"{story.Id} passed, with exit code 0.");
    }

    private async Task<string> LiveIdAsync()
    {
        var bob = _host.Client(_bob.Environment["STORIES_TOKEN"]);
        Story? story = null;
        await Eventually.TrueAsync(async () =>
            (story = (await bob.Stories.ListAllAsync(new()).ToArrayAsync()).FirstOrDefault(it => it.Live)) is not null
        );
        return story!.Id;
    }
}
