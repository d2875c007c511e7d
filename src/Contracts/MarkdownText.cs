using System.Text;

namespace StoriesCli.Contracts;

/// <summary>Turns other people's text into plain Markdown text: no markup, HTML, heading, list or link.</summary>
public static class MarkdownText
{
    private const string Marks = "\\`*_{}[]()#+-!|~$=^";

    /// <summary>Text on one line, cleaned as <see cref="CleanText.OneLine"/> does.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = CleanText.OneLine(text).Trim();
        var escaped = new StringBuilder(line.Length + 16);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            escaped.Append(
                c switch
                {
                    '<' => "&lt;",
                    '>' => "&gt;",
                    '&' => "&amp;",
                    // A forge would notify the person, or link an issue.
                    '@' => "&#64;",
                    '.' when IsListed(line.AsSpan(0, i)) || line.AsSpan(0, i).EndsWith("www", StringComparison.OrdinalIgnoreCase) => "\\.",
                    // Part of a URL, or of an emoji's name.
                    ':' when i + 1 < line.Length && line[i + 1] != ' ' => "\\:",
                    _ when Marks.Contains(c, StringComparison.Ordinal) => "\\" + c,
                    _ => c.ToString(),
                }
            );
        }
        return escaped.ToString();
    }

    /// <summary>A number that a following dot would turn into a list item.</summary>
    private static bool IsListed(ReadOnlySpan<char> before) => before.Length > 0 && before.IndexOfAnyExceptInRange('0', '9') < 0;
}
