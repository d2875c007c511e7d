using System.CommandLine;
using System.CommandLine.Parsing;

namespace StoriesCli.Cli.Arguments;

/// <summary>Finds arguments whose bytes are not UTF-8: as a string each is another text, and a file written by that name is not the one that was asked for.</summary>
internal static class LostBytes
{
    /// <summary>Where such an argument is opened by its bytes, or cannot do harm, by command and argument.</summary>
    private static readonly HashSet<string> Allowed = ["post FILE", "complete LINE"];

    /// <summary>What is said of the first of them; null when there is none.</summary>
    public static string? Find(ParseResult parsed) =>
        // What no command takes goes to the server, by "serve".
        OperatingSystem.IsLinux()
            ? FindIn(parsed.RootCommandResult) ?? FindWord(parsed.UnmatchedTokens)
            : null;

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static string? FindWord(IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => !RawArguments.IsWhole(word)) is { } lost ? Fault($"\"{lost}\"") : null;

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
                return child is CommandResult ? fault : Fault(fault);
            }
        }
        return null;
    }

    private static string Fault(string name) => $"{name} is not UTF-8: give a name or a text in UTF-8.";

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static bool IsLost(IReadOnlyList<Token> values) => values.Any(value => !RawArguments.IsWhole(value.Value));
}
