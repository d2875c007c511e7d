using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>People on the command line, with or without the @.</summary>
internal static class Handles
{
    /// <summary>What could not be a handle names nobody: the same answer as for one that nobody has.</summary>
    public static string Check(string text)
    {
        var handle = text.StartsWith('@') ? text[1..] : text;
        return Names.Handle.IsMatch(handle) ? handle : throw NobodyCalled(text);
    }

    public static CommandException NobodyCalled(string text) =>
        new(ExitCode.NotFound, $"There is nobody called \"{text}\": \"stories people\" lists everybody.");
}
