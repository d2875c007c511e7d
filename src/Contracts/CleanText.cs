using System.Text;

namespace StoriesCli.Contracts;

/// <summary>Removes from other people's text what could control a terminal. It drops such characters and never refuses the text.</summary>
public static class CleanText
{
    /// <summary>For text that is stored: keeps SGR colour sequences, newlines and tabs; drops other escapes and control characters.</summary>
    public static string KeepColours(string text) => Clean(text, keepColours: true, keepLines: true, dropBidi: false);

    /// <summary>For a terminal, several lines: keeps newlines and tabs; drops other control characters, escapes and bidirectional controls.</summary>
    public static string Lines(string text) => Clean(text, keepColours: false, keepLines: true, dropBidi: true);

    /// <summary>For a terminal, one line: as <see cref="Lines"/>, with newlines and tabs turned into spaces.</summary>
    public static string OneLine(string text) => Clean(text, keepColours: false, keepLines: false, dropBidi: true);

    private static string Clean(string text, bool keepColours, bool keepLines, bool dropBidi)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = IndexOfSuspect(text, keepLines, dropBidi);
        if (first < 0)
        {
            return text;
        }
        var clean = new StringBuilder(text.Length).Append(text, 0, first);
        for (var i = first; i < text.Length; )
        {
            var c = text[i];
            if (c is '\e' or '\u009b')
            {
                var end = EscapeEnd(text, i);
                if (keepColours && IsColour(text.AsSpan(i, end - i)))
                {
                    clean.Append(text, i, end - i);
                }
                i = end;
                continue;
            }
            if (c is '\n' or '\t')
            {
                clean.Append(keepLines ? c : ' ');
            }
            else if (c is '\r' or '\u2028' or '\u2029' && !keepLines)
            {
                clean.Append(' ');
            }
            else if (!char.IsControl(c) && !(dropBidi && IsBidi(c)) && !IsLoneSurrogate(text, i))
            {
                clean.Append(c);
            }
            i++;
        }
        return clean.ToString();
    }

    private static int IndexOfSuspect(string text, bool keepLines, bool dropBidi)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (
                (char.IsControl(c) && !(keepLines && c is '\n' or '\t'))
                || (dropBidi && IsBidi(c))
                || c is '\u2028' or '\u2029'
                || IsLoneSurrogate(text, i)
            )
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>End of the escape sequence that begins at <paramref name="start"/>, by ECMA-48. A broken sequence ends where it breaks.</summary>
    private static int EscapeEnd(string text, int start)
    {
        var i = start + 1;
        var introducer =
            text[start] == '\u009b' ? '['
            : i < text.Length ? text[i++]
            : '\0';
        switch (introducer)
        {
            case '[':
                while (i < text.Length && text[i] is >= ' ' and <= '?')
                {
                    i++;
                }
                return i < text.Length && text[i] is >= '@' and <= '~' ? i + 1 : i;
            case ']' or 'P' or 'X' or '^' or '_':
                // A string command ends at BEL or ST. One that never ends swallows only its line, so that the rest stays readable.
                while (
                    i < text.Length
                    && text[i] is not ('\a' or '\u009c' or '\n')
                    && !(text[i] == '\e' && i + 1 < text.Length && text[i + 1] == '\\')
                )
                {
                    i++;
                }
                return i >= text.Length || text[i] == '\n' ? i
                    : text[i] == '\e' ? i + 2
                    : i + 1;
            case >= ' ' and <= '/':
                while (i < text.Length && text[i] is >= ' ' and <= '/')
                {
                    i++;
                }
                return Math.Min(i + 1, text.Length);
            case >= '0' and <= '~':
                return i;
            default:
                return start + 1;
        }
    }

    private static bool IsColour(ReadOnlySpan<char> sequence) =>
        sequence is ['\e', '[', .., 'm'] && sequence[2..^1].IndexOfAnyExceptInRange('0', ';') < 0; // 0–9, colon and semicolon are consecutive in ASCII

    private static bool IsBidi(char c) =>
        c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static bool IsLoneSurrogate(string text, int i) =>
        char.IsHighSurrogate(text[i])
            ? i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1])
            : char.IsLowSurrogate(text[i]) && (i == 0 || !char.IsHighSurrogate(text[i - 1]));
}
