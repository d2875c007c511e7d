using System.CommandLine;
using System.CommandLine.Parsing;

namespace StoriesCli.Cli.Arguments;

/// <summary>
/// Finds empty values, which a script passes if its variable is not set. Without this check, an empty filter
/// would select everything instead of one thing.
/// </summary>
internal static class EmptyValue
{
    private const string Advice = "Give it a value or leave it out. A shell variable that is not set also looks like this.";

    /// <summary>Where an empty value is allowed, by command and option or argument, and what it means.</summary>
    public static readonly IReadOnlyDictionary<string, string> Meanings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["edit --caption"] = "takes the caption away",
        ["me --name"] = "shows the handle again",
        ["run CMD"] = "is passed on to the command",
        ["config set VALUE"] = "is passed on to the player",
        ["complete LINE"] = "offers every command",
    };

    /// <summary>The message about the first option or argument that is empty or blank; null if there is none.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="args">The words as typed: the parser takes the word after <c>--author=</c> as its value.</param>
    public static string? Find(ParseResult parsed, IReadOnlyList<string> args) =>
        FindBeforeEnd(parsed, args) is { } name ? $"{name} is empty. {Advice}" : FindIn(parsed.RootCommandResult);

    /// <summary>One of our environment variables; null if it is not set.</summary>
    /// <exception cref="CommandException">It is set but empty.</exception>
    public static string? ReadVariable(Func<string, string?> environment, string name) =>
        environment(name) switch
        {
            null => null,
            var value when string.IsNullOrWhiteSpace(value) => throw CommandException.Usage(
                $"{name} is empty. Give it a value or unset it."
            ),
            var value => value,
        };

    /// <summary>An option followed by an equals sign or colon and nothing else.</summary>
    private static string? FindBeforeEnd(ParseResult parsed, IReadOnlyList<string> args)
    {
        var command = parsed.CommandResult;
        if (!command.Command.TreatUnmatchedTokensAsErrors)
        {
            return null;
        }
        var options = command.Command.Options.Concat(parsed.RootCommandResult.Command.Options);
        var names = args.TakeWhile(word => word != "--").Where(word => word is ['-', .., '=' or ':']).Select(word => word[..^1]);
        return names
            .Select(name => options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name))?.Name)
            .FirstOrDefault(name => name is not null && !Meanings.ContainsKey($"{PathOf(command)}{name}"));
    }

    private static string? FindIn(CommandResult command)
    {
        foreach (var child in command.Children)
        {
            var fault = child switch
            {
                CommandResult below => FindIn(below),
                OptionResult { Implicit: false } option when IsRefused(command, option.Option.Name, option.Tokens) =>
                    $"{option.Option.Name} is empty. {Advice}",
                ArgumentResult argument when IsRefused(command, argument.Argument.Name, argument.Tokens) =>
                    $"{argument.Argument.Name} is empty. {Advice}",
                _ => null,
            };
            if (fault is not null)
            {
                return fault;
            }
        }
        return null;
    }

    private static bool IsRefused(CommandResult command, string name, IReadOnlyList<Token> values) =>
        values.Any(value => string.IsNullOrWhiteSpace(value.Value)) && !Meanings.ContainsKey($"{PathOf(command)}{name}");

    private static string PathOf(CommandResult command) =>
        command.Command is RootCommand ? "" : $"{(command.Parent is CommandResult parent ? PathOf(parent) : "")}{command.Command.Name} ";
}
