namespace StoriesCli.Repo.Tests;

/// <summary>Who may know whom.</summary>
public sealed class LayeringTests
{
    private static readonly string[] Foundations = ["Http", "Storage"];

    private static IEnumerable<Source> Features =>
        Repository.In("src/Server").Where(source => source.Feature != "" && !Foundations.Contains(source.Feature));

    [Theory]
    [InlineData("Contracts")]
    [InlineData("Client", "Contracts")]
    [InlineData("Server", "Contracts")]
    [InlineData("Tui", "Client")]
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
                "src/Server/Server.csproj",
                "src/Tui/Tui.csproj",
            ]);
    }

    [Fact]
    public void Http_and_storage_name_no_feature()
    {
        var names = Features
            .SelectMany(source => source.OuterTypes)
            .Distinct()
            .Except(Repository.In("src/Server/Http", "src/Server/Storage", "src/Contracts").SelectMany(source => source.OuterTypes))
            .ToArray();
        var namespaces = Features.Select(source => $@"StoriesCli\.Server\.{source.Feature}").Distinct().ToArray();

        Offenders(
                Repository.In("src/Server/Http", "src/Server/Storage"),
                source => namespaces.Where(source.Says).Concat(names.Where(source.Uses))
            )
            .Should()
            .BeEmpty();
        names.Should().Contain("StoryStore").And.Contain("AccountStore");
    }

    [Fact]
    public void A_feature_uses_no_row_of_another()
    {
        var rows = Features
            .SelectMany(source =>
                source.OuterTypes.Where(type => type.EndsWith("Row", StringComparison.Ordinal)).Select(type => (Type: type, source.Feature))
            )
            .ToArray();

        Offenders(
                Repository.In("src/Server"),
                source => rows.Where(row => row.Feature != source.Feature && source.Uses(row.Type)).Select(row => row.Type)
            )
            .Should()
            .BeEmpty();
        rows.Should().Contain(row => row.Type == "StoryRow");
    }

    [Fact]
    public void One_file_of_storage_makes_the_engine()
    {
        var makers = Repository.In("src").Where(source => source.Says(@"new\s+Lite(Engine|Database|Repository)\b")).ToArray();

        makers.Should().ContainSingle().Which.Feature.Should().Be("Storage");
    }

    [Fact]
    public void Documents_of_the_database_stand_in_storage_and_rows_alone() =>
        Offending(
                Repository.In("src"),
                @"\b(BsonDocument|BsonValue|BsonArray)\b",
                except: source => source.Feature == "Storage" || source.FileName.EndsWith("Row.cs", StringComparison.Ordinal)
            )
            .Should()
            .BeEmpty();

    [Fact]
    public void Only_storage_media_and_operation_touch_files_of_the_server() =>
        Offending(
                Repository.In("src/Server"),
                @"(?<![\w.])File\.(Open|Read|Write|Append|Create|Exists|Delete|Move|Copy|Replace|Get|Set)|(?<![\w.])Directory\.|\b(FileStream|FileInfo|DirectoryInfo|RandomAccess|DriveInfo)\b",
                except: source => source.Feature is "Storage" or "Media" or "Operation"
            )
            .Should()
            .BeEmpty();

    [Fact]
    public void The_terminal_library_stays_in_views_terminal_images_keys_and_the_start() =>
        Offending(
                Repository.In("src/Tui", "src/Cli"),
                @"\bTerminal\.Gui\b",
                except: source =>
                    source.Feature is "Terminal" or "Images"
                    || source.FileName is "Keys.cs" or "TuiApp.cs" or "Clicks.cs" or "MainWindow.cs" or "Palette.cs"
                    || source.FileName.EndsWith("View.cs", StringComparison.Ordinal)
            )
            .Should()
            .BeEmpty();

    [Fact]
    public void The_command_line_prints_through_one_file()
    {
        Offending(Repository.In("src/Cli"), @"\bConsole\.(Write|WriteLine|Out|Error)\b").Should().BeEmpty();
        // Opening the streams, once, and asking for the width are not printing.
        Offending(
                Repository.In("src/Cli"),
                @"\bConsole\.",
                except: source => source.FileName is "ProcessSurroundings.cs" or "TerminalWidth.cs"
            )
            .Should()
            .BeEmpty();
        Offending(Repository.In("src/Cli"), @"\.(Error|Out)\.Write", except: source => source.FileName == "Output.cs").Should().BeEmpty();
    }

    [Fact]
    public void Libraries_print_nothing() => Offending(Repository.In("src/Client", "src/Contracts"), @"\bConsole\.").Should().BeEmpty();

    private static IEnumerable<string> Offending(IEnumerable<Source> sources, string pattern, Func<Source, bool>? except = null) =>
        sources.Where(source => except?.Invoke(source) != true && source.Says(pattern)).Select(source => source.Path);

    private static IEnumerable<string> Offenders(IEnumerable<Source> sources, Func<Source, IEnumerable<string>> faults) =>
        sources.SelectMany(source => faults(source).Select(fault => $"{source.Path} names {fault}"));
}
