using System.Text;

namespace StoriesCli.Contracts;

/// <summary>Other people's text in Markdown, where it is text and nothing else: no markup, no HTML, no heading, no list, no link.</summary>
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
                    // A forge would call the person, or link an issue.
                    '@' => "&#64;",
                    '.' when IsListed(line.AsSpan(0, i)) || line.AsSpan(0, i).EndsWith("www", StringComparison.OrdinalIgnoreCase) => "\\.",
                    // Of an address, or of an emoji's name.
                    ':' when i + 1 < line.Length && line[i + 1] != ' ' => "\\:",
                    _ when Marks.Contains(c, StringComparison.Ordinal) => "\\" + c,
                    _ => c.ToString(),
                }
            );
        }
        return escaped.ToString();
    }

    /// <summary>A number that a dot would make an item of a list.</summary>
    private static bool IsListed(ReadOnlySpan<char> before) => before.Length > 0 && before.IndexOfAnyExceptInRange('0', '9') < 0;
}
