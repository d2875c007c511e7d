using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Share;

public class RunTests
{
    [Theory]
    [InlineData("--retry=0")]
    [InlineData("--no-pty")]
    public async Task A_command_ends_as_it_would_alone_and_what_it_did_is_a_story(string option)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var ran = await ana.RunAsync("run", option, "--slot", "build/main", "--", "sh", "-c", "echo to stdout; echo to stderr >&2; exit 9");

        ran.ExitCode.Should().Be(9);
        // Through pipes stderr stays stderr; a terminal has one screen for both.
        ran.Lines.Should().BeEquivalentTo(option == "--no-pty" ? ["to stdout"] : ["to stdout", "to stderr"]);
        ran.Error.Should().StartWith("Posted ").And.Contain("(failed, ");
        var story = JsonSerializer.Deserialize((await ana.RunAsync("list", "--json")).Out, ContractsJson.Default.StoryArray)!.Single();
        story
            .Should()
            .Match<Story>(it =>
                it.Kind == "recording"
                && it.Slot == "build/main"
                && it.Source!.Status == "failed"
                && it.Source.ExitCode == 9
                && it.Source.DurationMs >= 0
            );
        story.Caption.Should().StartWith("sh -c 'echo to stdout; echo to stderr >&2; exit 9': failed with 9 after ");
        var recording = (await ana.RunAsync("get", story.Id, "-o", "-")).Out;
        recording.Should().Contain("to stdout\\r\\n").And.Contain("to stderr\\r\\n");
    }

    [Fact]
    public async Task With_json_stdout_holds_the_story_alone()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var ran = await ana.RunAsync("run", "--json", "--caption", "Mine", "--ttl", "1h", "--", "echo", "hello");

        ran.ExitCode.Should().Be(0);
        JsonSerializer
            .Deserialize(ran.Out, ContractsJson.Default.Story)
            .Should()
            .Match<Story>(story => story.Caption == "Mine" && story.Source!.Status == "passed");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("--no-pty")]
    public async Task Quiet_leaves_the_output_of_the_command_where_it_was(string? option)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var ran = await ana.RunAsync(["run", "-q", .. option is null ? Array.Empty<string>() : [option], "--", "echo", "hello"]);

        ran.Lines.Should().Equal("hello");
        ran.Error.Should().Be((await ana.RunAsync("list", "--quiet")).Out, "the id is what is left to say");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("--no-pty")]
    public async Task A_command_gets_access_when_that_is_said_and_the_recording_does_not_show_it(string? option)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var token = ana.Environment["STORIES_TOKEN"]!;
        string[] command = [.. option is null ? Array.Empty<string>() : [option], "--", "sh", "-c", "env | grep ^STORIES_ | sort"];

        var without = await ana.RunAsync(["run", .. command]);
        var with = await ana.RunAsync(["run", "--pass-access", .. command]);

        without.Lines.Should().BeEmpty();
        with.Lines.Should().Equal($"STORIES_TOKEN={token}", $"STORIES_URL={host.Url.GetLeftPart(UriPartial.Authority)}");
        var id = (await ana.RunAsync("list", "--limit", "1", "--quiet")).Out.Trim();
        (await ana.RunAsync("get", id, "-o", "-")).Out.Should().Contain("STORIES_TOKEN=***").And.NotContain(token);
    }

    [Fact]
    public async Task A_command_that_fails_without_access_is_said_how_to_pass_it_on()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        string[] looks = ["sh", "-c", "echo \"$STORIES_TOKEN is not set\"; exit 1"],
            says = ["sh", "-c", "printf 'set STORI'; sleep 0.1; echo 'ES_TOKEN'; exit 1"];

        (await ana.RunAsync(["run", "--", .. looks])).Error.Should().Contain("--pass-access");
        (await ana.RunAsync(["run", "--", .. says])).Error.Should().Contain("--pass-access");
        (await ana.RunAsync(["run", "--pass-access", "--", .. looks])).Error.Should().NotContain("--pass-access");
        (await ana.RunAsync("run", "--", "sh", "-c", "echo STORIES_TOKEN")).Error.Should().NotContain("--pass-access");
        (await ana.RunAsync("run", "--", "false")).Error.Should().NotContain("--pass-access", "a build that fails has not looked for it");
    }

    [Fact]
    public async Task A_command_that_is_not_there_ends_as_env_would_end()
    {
        using var shell = new Shell();
        shell.WriteFile("data", "not a program");

        var missing = await shell.RunAsync("run", "--", "stories-no-such-command");
        var refused = await shell.RunAsync("run", "--", Path.Combine(shell.Home, "data"));
        var piped = await shell.RunAsync("run", "--no-pty", "--", "stories-no-such-command");

        missing
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 127 && ran.Error == "stories: stories-no-such-command: No such file or directory\n");
        refused.Should().Match<Ran>(ran => ran.ExitCode == 126 && ran.Error.EndsWith("Permission denied\n"));
        piped.ExitCode.Should().Be(127);
    }

    [Fact]
    public async Task A_server_that_is_down_or_refuses_changes_no_exit_code()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var refused = await ana.RunAsync("run", "--tag", "NOT A TAG", "--", "sh", "-c", "exit 4");
        ana.Environment["STORIES_URL"] = "http://127.0.0.1:1";
        var down = await ana.RunAsync("run", "--retry", "0", "--", "true");
        ana.Environment["STORIES_TOKEN"] = null;
        var stranger = await ana.RunAsync("run", "--", "sh", "-c", "exit 3");

        refused
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 4 && ran.Error.Contains("The result was not posted: ") && ran.Error.Contains("tag"));
        down.Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Error.Contains("was not posted"));
        stranger.Should().Match<Ran>(ran => ran.ExitCode == 3 && ran.Error.Contains("Not signed in"));
    }

    [Fact]
    public async Task Wrong_options_are_said_before_the_command_runs()
    {
        using var shell = new Shell();
        var mark = Path.Combine(shell.Home, "mark");

        var ttl = await shell.RunAsync("run", "--ttl", "soon", "--", "touch", mark);
        var pipeline = await shell.RunAsync("run", "--from-ci", "--", "touch", mark);

        ttl.Should().Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("--ttl takes a time"));
        pipeline.Should().Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("no CI system was recognised"));
        File.Exists(mark).Should().BeFalse();
    }

    [Fact]
    public async Task A_pipeline_tells_where_it_comes_from_by_itself()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        ana.Environment["CI"] = "true";
        ana.Environment["GITLAB_CI"] = "true";
        ana.Environment["CI_PROJECT_PATH"] = "team/parser";

        var run = JsonSerializer.Deserialize((await ana.RunAsync("run", "--json", "--", "true")).Out, ContractsJson.Default.Story)!;
        var post = JsonSerializer.Deserialize(
            (await ana.RunAsync("post", "--json", "--text", "x", "--status", "failed")).Out,
            ContractsJson.Default.Story
        )!;
        var silent = JsonSerializer.Deserialize(
            (await ana.RunAsync("post", "--json", "--text", "x", "--no-from-ci")).Out,
            ContractsJson.Default.Story
        )!;

        run.Source.Should()
            .Match<StorySource>(source => source.Repository == "team/parser" && source.Status == "passed" && source.ExitCode == 0);
        post.Source.Should().Be(new StorySource { Repository = "team/parser", Status = "failed" });
        silent.Source.Should().BeNull();
    }

    [Fact]
    public async Task The_time_limit_ends_the_command()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        ana.Clock = TimeProvider.System;

        var ran = await ana.RunAsync("run", "--timeout", "1s", "--", "sleep", "60");

        ran.ExitCode.Should().Be(7);
        (await ana.RunAsync("list")).Out.Should().Contain("ended by SIGTERM");
    }
}
