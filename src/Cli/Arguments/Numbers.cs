using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace StoriesCli.Cli.Arguments;

/// <summary>Numbers on the command line.</summary>
internal static class Numbers
{
    /// <summary>For an option that excludes another.</summary>
    public static Action<OptionResult> Not(Option other) =>
        given =>
        {
            if (given is { Implicit: false } && given.GetResult(other) is { Implicit: false })
            {
                given.AddError($"{given.Option.Name} and {other.Name} exclude each other.");
            }
        };

    public static Action<OptionResult> FromOne(string option) =>
        given =>
        {
            if (
                given.Tokens.Count == 1
                && (!int.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n < 1)
            )
            {
                given.AddError($"{option} takes a whole number from 1 to {int.MaxValue}, not \"{given.Tokens[0].Value}\".");
            }
        };
}
