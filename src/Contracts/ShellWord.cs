namespace StoriesCli.Contracts;

/// <summary>Words of commands that people copy into a shell.</summary>
public static class ShellWord
{
    private const string Plain = "@%_-+=:,./";

    /// <summary>The text as one word of a POSIX shell: as it is, or in quotes where the shell would read it otherwise.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
