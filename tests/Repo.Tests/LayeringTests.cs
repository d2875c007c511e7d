namespace StoriesCli.Repo.Tests;

/// <summary>Who may know whom.</summary>
public sealed class LayeringTests
{
    [Theory]
    [InlineData("Contracts")]
    [InlineData("Client", "Contracts")]
    [InlineData("Emulation")]
    [InlineData("Server", "Contracts", "Emulation")]
    [InlineData("Tui", "Client", "Emulation")]
    [InlineData("Cli", "Client", "Tui")]
    public void A_project_refers_only_to_those_below_it(string project, params string[] allowed) =>
        Repository.ReferencesOf($"src/{project}/{project}.csproj").Should().Equal(allowed);

    [Fact]
    public void Every_project_of_the_product_has_its_rule()
    {
        var projects = Repository.Files.Where(path =>
            path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal)
        );

        projects
            .Should()
            .BeEquivalentTo([
                "src/Cli/Cli.csproj",
                "src/Client/Client.csproj",
                "src/Contracts/Contracts.csproj",
                "src/Emulation/Emulation.csproj",
                "src/Server/Server.csproj",
                "src/Tui/Tui.csproj",
            ]);
    }

    [Fact]
    public void One_file_of_storage_makes_the_engine()
    {
        var makers = Repository.In("src").Where(source => source.Says(@"new\s+Lite(Engine|Database|Repository)\b")).ToArray();

        makers.Should().ContainSingle().Which.Feature.Should().Be("Storage");
    }

    [Fact]
    public void The_terminal_library_stays_in_views_terminal_images_keys_and_the_start() =>
        Offending(
                Repository.In("src/Tui", "src/Cli"),
                @"\bTerminal\.Gui\b",
                except: source =>
                    source.Feature is "Terminal" or "Images"
                    || source.FileName
                        is "KeyTable.cs"
                            or "KeyNames.cs"
                            or "TuiApp.cs"
                            or "WelcomeApp.cs"
                            or "Clicks.cs"
                            or "MainWindow.cs"
                            or "Palette.cs"
                    || source.FileName.EndsWith("View.cs", StringComparison.Ordinal)
            )
            .Should()
            .BeEmpty();

    [Fact]
    public void The_command_line_prints_through_one_file()
    {
        Offending(Repository.In("src/Cli"), @"\bConsole\.(Write|WriteLine|Out|Error)\b").Should().BeEmpty();
        // Opening the streams, once, and asking for the width are not printing.
        Offending(Repository.In("src/Cli"), @"\bConsole\.", except: source => source.FileName is "ProcessContext.cs" or "TerminalWidth.cs")
            .Should()
            .BeEmpty();
        Offending(Repository.In("src/Cli"), @"\.(Error|Out)\.Write", except: source => source.FileName == "Output.cs").Should().BeEmpty();
    }

    [Fact]
    public void Calls_into_the_C_library_stand_in_one_folder() =>
        Repository
            .In("src")
            .Where(source => source.Says(@"\b(LibraryImport|DllImport)\s*\("))
            .Select(source => source.Path)
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(path => path.StartsWith("src/Posix/", StringComparison.Ordinal));

    [Fact]
    public void Libraries_print_nothing() => Offending(Repository.In("src/Client", "src/Contracts"), @"\bConsole\.").Should().BeEmpty();

    private static IEnumerable<string> Offending(IEnumerable<Source> sources, string pattern, Func<Source, bool>? except = null) =>
        sources.Where(source => except?.Invoke(source) != true && source.Says(pattern)).Select(source => source.Path);
}
