using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Arguments;

/// <summary>Explains what is wrong with a command line, and suggests what was probably meant.</summary>
internal static class UsageErrors
{
    private static readonly char[] BeforeValue = ['=', ':'];

    /// <summary>The message, or null if nothing is wrong.</summary>
    public static string? Find(ParseResult parsed, IReadOnlyList<string> args)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Action is HelpText)
        {
            // Otherwise the help of an unknown command would be that of its parent.
            return command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var wrong, ..]
                ? Explain(parsed, $"Unrecognized command or argument '{wrong}'.", wrong)
                : null;
        }
        if (EmptyValue.Find(parsed, args) is { } empty)
        {
            return Explain(parsed, empty, wrong: null);
        }
        if (NonUtf8Arguments.Find(parsed) is { } lost)
        {
            return Explain(parsed, lost, wrong: null);
        }
        if (FindOption(parsed) is { } option)
        {
            return Explain(
                parsed,
                $"Unrecognized option '{option}'.",
                option,
                " Put words that begin with - and are not options after --."
            );
        }
        return parsed.Action is ParseErrorAction
            ? Explain(parsed, parsed.Errors[0].Message, parsed.UnmatchedTokens is [var unmatched, ..] ? unmatched : null)
            : null;
    }

    /// <summary>A word before <c>--</c> that looks like an option but was parsed as an argument. A misspelt option must not become the text of a reply.</summary>
    private static string? FindOption(ParseResult parsed)
    {
        if (!parsed.CommandResult.Command.TreatUnmatchedTokensAsErrors)
        {
            return null;
        }
        var taken = parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .ToHashSet<object>(ReferenceEqualityComparer.Instance);
        return parsed
            .Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token => taken.Contains(token) && LooksLikeOption(token.Value))
            ?.Value;
    }

    /// <summary>Text that begins with a dash and has spaces is not an option.</summary>
    private static bool LooksLikeOption(string word) => word.Length > 1 && word[0] == '-' && !NameOf(word).Any(char.IsWhiteSpace);

    private static string NameOf(string word) => word.Split(BeforeValue, 2)[0];

    private static string Explain(ParseResult parsed, string message, string? wrong, string otherwise = "")
    {
        var command = parsed.CommandResult.Command;
        var known = command
            .Subcommands.Select(sub => sub.Name)
            .Concat(command.Options.Concat(parsed.RootCommandResult.Command.Options).Select(option => option.Name));
        var advice = wrong is not null && Spelling.Nearest(NameOf(wrong), known) is { } near ? $" Did you mean {near}?" : otherwise;
        var path = command is RootCommand ? "stories" : string.Join(' ', Path(command));
        return $"{CleanText.OneLine(message + advice)}\nRun \"{path} --help\" for usage.";
    }

    private static IEnumerable<string> Path(Symbol command) =>
        command is RootCommand ? ["stories"] : [.. command.Parents.Take(1).SelectMany(Path), command.Name];
}
