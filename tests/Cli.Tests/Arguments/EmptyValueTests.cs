using System.CommandLine;

namespace StoriesCli.Cli.Tests.Arguments;

/// <summary>A variable that is not set must never choose everything: <c>stories list --author "$UNSET" --all --quiet | xargs stories rm --yes</c>.</summary>
public sealed class EmptyValueTests : IDisposable
{
    // Nobody listens there: what would be sent ends with 6.
    private readonly Shell _shell = new() { Environment = { ["STORIES_URL"] = "http://127.0.0.1:9", ["STORIES_TOKEN"] = "sty_unused" } };

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    public async Task Every_option_of_every_command_refuses_an_empty_value_by_its_name(string empty)
    {
        var asked = 0;
        foreach (var (command, path) in Commands())
        {
            foreach (var option in command.Options.Concat(new GlobalOptions().All).Where(TakesText))
            {
                var given = option.Arity.MinimumNumberOfValues == 2 ? new[] { "before.png", empty } : [empty];
                var isTaken = EmptyValue.Meanings.ContainsKey(string.Join(' ', [.. path, option.Name]));
                // What is taken goes to the server, and nobody should wait until it is given up.
                var ran = await _shell.RunAsync([.. path, option.Name, .. given, .. isTaken ? (string[])["--retry", "0"] : []]);

                var what = $"stories {string.Join(' ', path)} {option.Name}";
                (ran.ExitCode == 2 && ran.Error.StartsWith($"stories: {option.Name} is empty.", StringComparison.Ordinal))
                    .Should()
                    .Be(!isTaken, "{0} said {1}", what, ran.Error);
                asked++;
            }
        }
        asked.Should().BeGreaterThan(300);
    }

    [Fact]
    public async Task Every_argument_of_every_command_refuses_an_empty_value_by_its_name()
    {
        foreach (var (command, path) in Commands())
        {
            for (var at = 0; at < command.Arguments.Count; at++)
            {
                var argument = command.Arguments[at];
                var ran = await _shell.RunAsync([.. path, .. Enumerable.Repeat("x", at), ""]);

                (ran.ExitCode == 2 && ran.Error.StartsWith($"stories: {argument.Name} is empty.", StringComparison.Ordinal))
                    .Should()
                    .Be(
                        !EmptyValue.Meanings.ContainsKey(string.Join(' ', [.. path, argument.Name])),
                        "stories {0} {1} said {2}",
                        string.Join(' ', path),
                        argument.Name,
                        ran.Error
                    );
            }
        }
    }

    [Fact]
    public void The_table_of_what_may_be_empty_names_nothing_that_is_not_there()
    {
        var known = Commands()
            .SelectMany(it =>
                it.Command.Options.Select(option => option.Name)
                    .Concat(it.Command.Arguments.Select(argument => argument.Name))
                    .Select(name => string.Join(' ', [.. it.Path, name]))
            );

        EmptyValue.Meanings.Keys.Should().BeSubsetOf(known);
    }

    [Theory]
    [InlineData("list --author=", "--author")]
    [InlineData("list --kind=", "--kind")]
    [InlineData("list --author= --all --quiet", "--author")]
    [InlineData("list --tag= mine", "--tag")]
    [InlineData("list --tag: mine", "--tag")]
    [InlineData("get 01kb3v8sxq7m2c4w9e5r1t0y6z -o= --force", "--output")]
    [InlineData("--server= list", "--server")]
    public async Task Nothing_after_the_sign_of_equality_is_empty_too(string commandLine, string option)
    {
        var ran = await _shell.RunAsync(commandLine.Split(' '));

        ran.ExitCode.Should().Be(2);
        ran.Error.Should().StartWith($"stories: {option} is empty.");
    }

    [Theory]
    [InlineData("STORIES_URL")]
    [InlineData("STORIES_TOKEN")]
    [InlineData("STORIES_PROFILE")]
    [InlineData("STORIES_IMAGES")]
    [InlineData("STORIES_TOKEN_FILE")]
    public async Task An_empty_variable_is_no_variable_that_is_not_set(string name)
    {
        _shell.Environment[name] = "";

        var ran = await _shell.RunAsync("list");

        ran.ExitCode.Should().Be(2);
        ran.Error.Should().Be($"stories: {name} is empty. Give it a value or unset it.\n");
    }

    [Fact]
    public async Task A_flag_needs_no_variable_however_empty_that_is()
    {
        _shell.Environment["STORIES_URL"] = "";

        (await _shell.RunAsync("list", "--server", "http://127.0.0.1:9", "--retry", "0")).ExitCode.Should().Be(6);
    }

    [Fact]
    public async Task Removing_nothing_is_wrong_usage()
    {
        (await _shell.RunAsync("rm", "--yes")).ExitCode.Should().Be(2);
        (await _shell.RunAsync("rm", "--yes", "")).Error.Should().StartWith("stories: ID is empty.");
    }

    [Fact]
    public async Task A_command_gets_its_own_empty_arguments_and_is_not_empty_itself()
    {
        (await _shell.RunAsync("run", "--no-pty", "--retry", "0", "--", "test", "-z", "")).ExitCode.Should().Be(0);
        (await _shell.RunAsync("run", "--", "")).Should().Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("CMD is empty"));
    }

    private static bool TakesText(Option option) =>
        option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && option is not VersionOption;

    private static IEnumerable<(Command Command, string[] Path)> Commands()
    {
        var context = new CliContext
        {
            In = Stream.Null,
            Out = Stream.Null,
            Error = TextWriter.Null,
            Environment = _ => null,
        };
        return Below(CliApp.Build([], context, new()), [])
            .Where(it => it.Command.Subcommands.Count == 0 || it.Command is RootCommand)
            // What stands after "serve" is the server's.
            .Where(it => it.Command.Name != "serve");
    }

    private static IEnumerable<(Command Command, string[] Path)> Below(Command command, string[] path) =>
        command.Subcommands.SelectMany(sub => Below(sub, [.. path, sub.Name])).Prepend((command, path));
}
