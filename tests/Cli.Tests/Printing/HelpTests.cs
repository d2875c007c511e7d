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
        foreach (var path in Paths(CliApp.Build([], NoContext, new()), ""))
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
        Command command = CliApp.Build([], NoContext, new());
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

    [Fact]
    public async Task The_help_of_stories_shows_each_command_once_on_a_line_and_has_at_most_70_lines()
    {
        var root = (StoriesRoot)CliApp.Build([], NoContext, new());
        var lines = (await _shell.RunAsync("--help")).Out.Split('\n');

        lines.Should().HaveCountLessThanOrEqualTo(70).And.OnlyContain(line => line.Length <= 80);
        root.Groups.SelectMany(group => group.Commands)
            .Should()
            .OnlyHaveUniqueItems()
            .And.BeEquivalentTo(root.Subcommands.Where(command => !command.Hidden));
        foreach (var group in root.Groups)
        {
            lines.Should().ContainSingle(line => line == group.Name + ":");
            group.Commands.Should().OnlyContain(command => lines.Count(line => line.StartsWith($"  {command.Name} ")) == 1);
        }
    }

    private static CliContext NoContext =>
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
