using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>The script that measures the terminal UI. What it finds is for its page; here it has to find something.</summary>
[Collection(MeasuredAlone.Name)]
public sealed partial class TuiFigureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-figures-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_figure_of_the_terminal_UI_is_measured()
    {
        var run = await CommandRun.OfAsync(
            new ProcessStartInfo(
                Published.Script("bench-tui"),
                ["--quick", "--server", Published.Server, "--client", Published.Stories, "--out", _folder]
            )
        );

        var figures = run.Succeeded().Out.Split('\n').Select(line => FigureLine().Match(line)).Where(match => match.Success).ToArray();
        var values = figures.ToDictionary(
            match => match.Groups["what"].Value,
            match => double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)
        );
        foreach (var terminal in (string[])["blocks", "kitty"])
        {
            foreach (
                var (figure, least, most) in (ReadOnlySpan<(string, double, double)>)
                    [
                        ("first frame", 1, 10_000),
                        ("first picture", 1, 10_000),
                        ("processor time to the first picture", 1, 10_000),
                        ("hang-up to exit", 0.01, 10_000),
                        ("key, choosing a person, median", 0.01, 5_000),
                        ("key, choosing a person, worst", 0.01, 5_000),
                        ("key, next picture, median", 0.01, 5_000),
                        ("key, next picture, bytes", 1_000, 10_000_000),
                        ("SIGCONT to the whole frame", 0.01, 5_000),
                        ("memory", 5, 500),
                        ("bytes a second, at rest", 0, 10_000),
                        ("processor, at rest", 0, 100),
                        ("wakeups a second, at rest", 0, 10_000),
                    ]
            )
            {
                values.Should().ContainKey($"{terminal}: {figure}").WhoseValue.Should().BeInRange(least, most, figure);
            }
        }
        values["card: bytes a second, advancing"].Should().BeInRange(1, 10_000, "its segment moves");
        var page = await File.ReadAllTextAsync(Path.Combine(_folder, "RESULTS-tui.md"));
        page.Should().Contain("| blocks: first frame |").And.NotContain("## Not measured");
    }

    [Fact]
    public async Task A_program_that_draws_nothing_is_no_figure()
    {
        // What the script runs when it has built it.
        var run = await CommandRun.OfAsync(
            new ProcessStartInfo(
                Path.Combine(Published.Artifacts, "bin", "Bench", "release", "stories-bench"),
                [
                    "tui",
                    "--quick",
                    "--server",
                    Published.Server,
                    "--client",
                    "/bin/false",
                    "--samples",
                    Published.Sample(""),
                    "--out",
                    _folder,
                ]
            )
        );

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("the program ended with 1");
        (await File.ReadAllTextAsync(Path.Combine(_folder, "RESULTS-tui.md")))
            .Should()
            .Contain("## Not measured")
            .And.NotContain("blocks:");
    }

    [GeneratedRegex(@"^bench: (?<what>(blocks|kitty|card): .+): (?<value>[0-9.]+) \S+( \S+)? \(")]
    private static partial Regex FigureLine();
}
