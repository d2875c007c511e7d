using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Other people's text in Markdown where it has lines.</summary>
internal static class Markdown
{
    /// <exception cref="CommandException">JSON is asked for too.</exception>
    public static bool IsWanted(Session session, ParseResult parsed, Option<bool> option) =>
        parsed.GetValue(option)
        && (!session.Out.IsJson ? true : throw CommandException.Usage($"{option.Name} and --json contradict each other."));

    /// <summary>Several lines and paragraphs, each of them kept.</summary>
    public static string EscapeLines(string text) =>
        string.Join(
            "\n\n",
            Paragraphs(CleanText.Lines(text).Replace("\r", "", StringComparison.Ordinal))
                .Select(lines => string.Join("\\\n", lines.Select(MarkdownText.Escape)))
        );

    /// <summary>Text as it is, in a block that none of its lines can end.</summary>
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
