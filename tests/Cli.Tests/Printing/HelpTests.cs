using System.CommandLine;

namespace StoriesCli.Cli.Tests.Printing;

/// <summary>Help is compared with the files in <c>Golden</c>: a change of a command's face is seen in review. STORIES_GOLDEN names a folder to write them to.</summary>
public sealed class HelpTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    public static TheoryData<string> Commands()
    {
        var data = new TheoryData<string>();
        foreach (var path in Paths(CliApp.Build([], NoSurroundings, new()), ""))
        {
            data.Add(path);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task The_help_of_each_command_is_as_it_was_agreed(string command)
    {
        var ran = await _shell.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        ran.ExitCode.Should().Be(0);
        ran.Error.Should().BeEmpty();
        var name = $"help{(command.Length == 0 ? "" : "-")}{command.Replace(' ', '-')}.txt";
        if (Environment.GetEnvironmentVariable("STORIES_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), ran.Out);
        }
        ran.Out.Should().Be(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Golden", name)));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_that_does_something_has_examples_and_exit_codes(string path)
    {
        Command command = CliApp.Build([], NoSurroundings, new());
        foreach (var name in path.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            command = command.Subcommands.Single(sub => sub.Name == name);
        }
        if (command is StoriesCommand { Subcommands.Count: 0 } acting)
        {
            acting.Examples.Should().NotBeEmpty().And.OnlyContain(example => example.Contains($"stories {path}"));
            acting.ExitCodes.Should().BeInAscendingOrder().And.Contain([0, 1, 2]);
        }
        else
        {
            command.Subcommands.Should().NotBeEmpty();
            (command is RootCommand ? HelpText.RootExamples : ((StoriesCommand)command).Examples)
                .Should()
                .NotBeEmpty()
                .And.OnlyContain(example => example.StartsWith("stories"));
        }
    }

    private static Surroundings NoSurroundings =>
        new()
        {
            In = Stream.Null,
            Out = Stream.Null,
            Error = TextWriter.Null,
            Environment = _ => null,
        };

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => Paths(sub, $"{path} {sub.Name}".Trim())).Prepend(path);
}
