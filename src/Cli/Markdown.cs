using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>Other people's text in Markdown where it has lines.</summary>
internal static class Markdown
{
    /// <summary>Several lines, each of them kept.</summary>
    public static string EscapeLines(string text) => string.Join("\\\n", CleanText.Lines(text).Replace("\r", "", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(MarkdownText.Escape));

    /// <summary>Text as it is, in a block that none of its lines can end.</summary>
    public static string Block(string text)
    {
        var clean = CleanText.Lines(text).TrimEnd('\n');
        var longest = 0;
        for (int at = 0, run = 0; at < clean.Length; at++)
        {
            run = clean[at] == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}text\n{clean}\n{fence}";
    }
}
