using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>Puts other people's text into Markdown, where it is text and nothing else: no markup, no HTML, no heading.</summary>
internal static class Markdown
{
    private const string Marks = "\\`*_{}[]()#+-!|~$=^";

    /// <summary>One line.</summary>
    public static string Escape(string text) => EscapeLine(CleanText.OneLine(text));

    /// <summary>Several lines, each of them kept.</summary>
    public static string EscapeLines(string text) => string.Join("\\\n", CleanText.Lines(text).Replace("\r", "", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(EscapeLine));

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

    private static string EscapeLine(string line)
    {
        var escaped = new StringBuilder(line.Length + 16);
        var trimmed = line.Trim();
        for (var i = 0; i < trimmed.Length; i++)
        {
            var c = trimmed[i];
            escaped.Append(c switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                // A forge would call the person, or link an issue.
                '@' => "&#64;",
                // "1." begins a list where it begins a line.
                '.' when i > 0 && trimmed.AsSpan(0, i).IndexOfAnyExceptInRange('0', '9') < 0 => "\\.",
                _ when Marks.Contains(c, StringComparison.Ordinal) => "\\" + c,
                _ => c.ToString(),
            });
        }
        return escaped.ToString();
    }
}
