using System.CommandLine;
using System.CommandLine.Parsing;

namespace StoriesCli.Cli.Arguments;

/// <summary>Finds arguments that are not UTF-8. As a .NET string they change, so that a file would get another name.</summary>
internal static class NonUtf8Arguments
{
    /// <summary>Arguments that are read as bytes or are harmless, by command and argument.</summary>
    private static readonly HashSet<string> Allowed = ["post FILE", "complete LINE"];

    /// <summary>The message about the first of them; null if there is none.</summary>
    public static string? Find(ParseResult parsed) =>
        // "serve" passes unmatched words to the server.
        OperatingSystem.IsLinux()
            ? FindIn(parsed.RootCommandResult) ?? FindWord(parsed.UnmatchedTokens)
            : null;

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static string? FindWord(IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => !RawArguments.IsWhole(word)) is { } lost ? Explain($"\"{lost}\"") : null;

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static string? FindIn(CommandResult command)
    {
        foreach (var child in command.Children)
        {
            var fault = child switch
            {
                CommandResult below => FindIn(below),
                OptionResult { Implicit: false } option when IsLost(option.Tokens) => option.Option.Name,
                ArgumentResult argument
                    when !Allowed.Contains($"{command.Command.Name} {argument.Argument.Name}") && IsLost(argument.Tokens) => argument
                    .Argument
                    .Name,
                _ => null,
            };
            if (fault is not null)
            {
                return child is CommandResult ? fault : Explain(fault);
            }
        }
        return null;
    }

    private static string Explain(string name) => $"{name} is not valid UTF-8. Use a name or text in UTF-8.";

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static bool IsLost(IReadOnlyList<Token> values) => values.Any(value => !RawArguments.IsWhole(value.Value));
}
