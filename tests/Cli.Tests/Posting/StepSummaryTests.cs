namespace StoriesCli.Cli.Tests.Posting;

public sealed class StepSummaryTests : CommandTests
{
    private string Summary => Path.Combine(_ana.Home, "summary.md");

    [Fact]
    public async Task Each_story_becomes_a_line_of_the_summary_of_the_job()
    {
        _ana.Environment["GITHUB_STEP_SUMMARY"] = Summary;
        await File.WriteAllTextAsync(Summary, "# Before\n");

        var posted = await _ana.RunAsync("post", "--text", "one", "--caption", "a <b> *c*", "--slot", "build/main", "--summary", "--quiet");
        var ran = await _ana.RunAsync("run", "--summary", "--no-pty", "--json", "--", "true");

        (posted.ExitCode, ran.ExitCode).Should().Be((0, 0), posted.Error + ran.Error);
        var lines = await File.ReadAllLinesAsync(Summary);
        lines.Should().HaveCount(3);
        lines[1]
            .Should()
            .StartWith("- **a &lt;b&gt; \\*c\\*** in `build/main` on http://127.0.0.1:")
            .And.EndWith($"UTC: `stories show {posted.Out.Trim()}`");
        lines[2].Should().StartWith("- **true: passed after ");
    }

    [Fact]
    public async Task Without_a_summary_or_without_the_option_nothing_is_written()
    {
        (await _ana.RunAsync("post", "--text", "one", "--summary")).ExitCode.Should().Be(0);

        _ana.Environment["GITHUB_STEP_SUMMARY"] = Summary;
        (await _ana.RunAsync("post", "--text", "two")).ExitCode.Should().Be(0);

        File.Exists(Summary).Should().BeFalse();
    }

    [Fact]
    public async Task A_summary_that_cannot_be_written_spoils_nothing()
    {
        _ana.Environment["GITHUB_STEP_SUMMARY"] = _ana.Home;

        var ran = await _ana.RunAsync("post", "--text", "one", "--summary", "--quiet");

        ran.ExitCode.Should().Be(0);
        ran.Out.Trim().Should().HaveLength(26);
        ran.Error.Should().StartWith("stories: The summary ").And.Contain("cannot be written: it is no file, but a directory");
    }

    [Fact]
    public async Task A_summary_that_is_a_pipe_holds_nothing_up()
    {
        _ana.Environment["GITHUB_STEP_SUMMARY"] = await Pipe.MakeAsync(_ana.Home);

        var ran = await _ana.RunAsync("post", "--text", "one", "--summary", "--quiet").WaitAsync(TimeSpan.FromMinutes(1));

        ran.ExitCode.Should().Be(0);
        ran.Error.Should().Contain("cannot be written: it is no file");
    }
}
