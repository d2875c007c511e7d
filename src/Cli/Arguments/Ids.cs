using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Arguments;

/// <summary>Ids on the command line.</summary>
internal static class Ids
{
    public static Argument<string> Argument(string description) => new("ID") { Description = description };

    /// <summary>A malformed id gets the same answer as one that does not exist.</summary>
    public static string Check(string text) =>
        Names.Id.IsMatch(text.ToLowerInvariant())
            ? text.ToLowerInvariant()
            : throw new CommandException(
                ExitCode.NotFound,
                $"There is nothing with the id \"{text}\". An id has 26 letters and digits, as \"stories list\" shows it."
            );
}
