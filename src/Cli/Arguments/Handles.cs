using StoriesCli.Contracts;

namespace StoriesCli.Cli.Arguments;

/// <summary>Handles on the command line, with or without @.</summary>
internal static class Handles
{
    /// <summary>A malformed handle gets the same answer as one that nobody has.</summary>
    public static string Check(string text)
    {
        var handle = text.StartsWith('@') ? text[1..] : text;
        return Names.Handle.IsMatch(handle) ? handle : throw NobodyCalled(text);
    }

    /// <summary>For options of new content: a malformed handle is an invalid value, not a missing account.</summary>
    public static string CheckForm(string option, string text)
    {
        var handle = text.StartsWith('@') ? text[1..] : text;
        return Names.Handle.IsMatch(handle) ? handle : throw Malformed(option, "a handle, 2 to 32 of a-z, 0-9, _ and -", text);
    }

    /// <summary>A member of an audience: a handle, a circle or <c>team</c>.</summary>
    public static string CheckAudience(string option, string text) =>
        text is not ['+', .. var circle] ? CheckForm(option, text)
        : Names.Circle.IsMatch(circle) ? text
        : throw Malformed(option, "a circle, + and 1 to 32 of a-z, 0-9, _ and -", text);

    private static CommandException Malformed(string option, string form, string text) =>
        new(ExitCode.Refused, $"{option} takes {form}, not \"{Columns.Cut(CleanText.OneLine(text), 40)}\".");

    public static CommandException NobodyCalled(string text) =>
        new(ExitCode.NotFound, $"There is no account \"{text}\". \"stories people\" lists all accounts.");
}
