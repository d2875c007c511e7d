using System.CommandLine;
using System.Diagnostics;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Printing;

/// <summary>The pages in <c>docs/man</c> are those that the commands' definitions make. STORIES_WRITE_DOCS=1 writes them.</summary>
public class ManualPageTests
{
    private static readonly string Folder = Path.Combine(FindRoot(), "docs", "man");

    private static Command[] Commands =>
        [
            .. All(
                CliApp.Build(
                    [],
                    new()
                    {
                        In = Stream.Null,
                        Out = Stream.Null,
                        Error = TextWriter.Null,
                        Environment = _ => null,
                    },
                    new()
                )
            ),
        ];

    [Fact]
    public async Task Each_command_has_the_page_that_its_definition_makes()
    {
        if (Environment.GetEnvironmentVariable("STORIES_WRITE_DOCS") is { Length: > 0 })
        {
            Directory.CreateDirectory(Folder);
            Array.ForEach(Directory.GetFiles(Folder, "*.1"), File.Delete);
            foreach (var command in Commands)
            {
                await File.WriteAllTextAsync(Path.Combine(Folder, ManualPage.FileNameOf(command)), ManualPage.Of(command));
            }
        }
        Directory.GetFiles(Folder, "*.1").Select(Path.GetFileName).Should().BeEquivalentTo(Commands.Select(ManualPage.FileNameOf));
        foreach (var command in Commands)
        {
            (await File.ReadAllTextAsync(Path.Combine(Folder, ManualPage.FileNameOf(command)))).Should().Be(ManualPage.Of(command));
        }
    }

    [Fact]
    public async Task No_page_has_a_fault()
    {
        var checkedPages = await CommandRun.OfAsync(
            new ProcessStartInfo("mandoc", ["-T", "lint", "-W", "warning", .. Directory.GetFiles(Folder)])
        );

        // A page without a date is meant: it changes when its command does, and not each day.
        (checkedPages.Out + checkedPages.Error)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .OnlyContain(line => line.Contains("missing date"));
    }

    [Fact]
    public async Task A_page_reads_as_the_help_does()
    {
        using var shell = new Shell();
        var page = (await shell.RunAsync("man", "token", "create")).Out;

        var shown = (await CommandRun.OfAsync(new ProcessStartInfo("mandoc", ["-T", "ascii"]), page))
            .Succeeded()
            .Out.Replace("\b", "", StringComparison.Ordinal);

        shown.Should().Contain("STORIES-TOKEN-CREATE(1)");
        (await shell.RunAsync("man", "nothing"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("There is no command \"nothing\""));
    }

    private static IEnumerable<Command> All(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).SelectMany(All).Prepend(command);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "stories-cli.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no stories-cli.sln above");
        }
        return folder;
    }
}
