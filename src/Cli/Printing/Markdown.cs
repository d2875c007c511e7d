using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Text from other people as Markdown.</summary>
internal static class Markdown
{
    /// <exception cref="CommandException"><c>--json</c> is given too.</exception>
    public static bool IsWanted(Session session, ParseResult parsed, Option<bool> option) =>
        parsed.GetValue(option)
        && (!session.Out.IsJson ? true : throw CommandException.Usage($"{option.Name} and --json exclude each other."));

    /// <summary>Escapes text and keeps its lines and paragraphs.</summary>
    public static string EscapeLines(string text) =>
        string.Join(
            "\n\n",
            Paragraphs(CleanText.Lines(text).Replace("\r", "", StringComparison.Ordinal))
                .Select(lines => string.Join("\\\n", lines.Select(MarkdownText.Escape)))
        );

    /// <summary>Text in a code block that its own lines cannot close.</summary>
    public static string Block(string text, string language)
    {
        var clean = CleanText.Lines(text).TrimEnd('\n');
        var longest = 0;
        for (int at = 0, run = 0; at < clean.Length; at++)
        {
            run = clean[at] == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}{language}\n{clean}\n{fence}";
    }

    private static IEnumerable<List<string>> Paragraphs(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries).Append(""))
        {
            if (line.Length > 0)
            {
                lines.Add(line);
            }
            else if (lines.Count > 0)
            {
                yield return lines;
                lines = [];
            }
        }
    }
}
