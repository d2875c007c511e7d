using System.Text;
using System.Text.RegularExpressions;

namespace StoriesCli.Server.Features.Stories;

/// <summary>
/// Finds <c>@handle</c> where a text mentions somebody, as a word of its own. Ignores code (fenced, indented or between backticks, as in
/// Markdown), URLs, e-mail addresses, paths and package names. Takes linear time.
/// </summary>
internal static partial class MentionText
{
    // Characters that a URL or path may have before the @. A mention follows a space, a bracket or a quote.
    private const string InsideAWord = "@.+=&%~\\$_-#\uff20\ufe6b";

    private const int CodeIndent = 4;

    /// <summary>The handles as written, without the @, in order and with repetitions.</summary>
    /// <param name="text">Text without colours, whose last letter would precede the @.</param>
    public static IEnumerable<string> Handles(string text)
    {
        var plain = Addresses().Replace(WithoutCode(text), "/");
        var end = -1;
        foreach (Match match in Candidates().Matches(plain))
        {
            // "@ana/@bob" mentions two people.
            if (Begins(plain, match.Index, afterMention: match.Index - 1 == end) && Ends(plain, match.Index + match.Length))
            {
                end = match.Index + match.Length;
                yield return match.Groups[1].Value;
            }
        }
    }

    private static bool Begins(string text, int at, bool afterMention) =>
        at == 0
        || (
            text[at - 1] == '/'
                ? afterMention
                : !char.IsLetterOrDigit(text[at - 1]) && !InsideAWord.Contains(text[at - 1], StringComparison.Ordinal)
        );

    private static bool Ends(string text, int at)
    {
        var rest = text.AsSpan(at);
        return rest switch
        {
            ['@', ..] => false,
            // A package name, unless another mention follows.
            ['/', var next, ..] => next == '@' || !char.IsLetterOrDigit(next),
            ['.', var next, ..] => !char.IsLetterOrDigit(next),
            [':', ..] => !Hosts().IsMatch(rest),
            _ => true,
        };
    }

    private static string WithoutCode(string text)
    {
        if (!MayHaveCode(text))
        {
            return text;
        }
        var (plain, paragraph) = (new StringBuilder(text.Length), new StringBuilder());
        string? fence = null;
        // Four columns of space begin a code block only after a blank line. Inside a list they count from the item's text.
        var (afterBlank, item) = (true, 0);
        foreach (var line in text.Split('\n'))
        {
            var body = WithoutQuotes(line);
            var indent = ColumnsBefore(body);
            if (fence is null && afterBlank && indent >= item + CodeIndent && !body.IsWhiteSpace())
            {
                continue;
            }
            var mark = Fences().Match(line) is { Success: true } match ? match.Groups[1].Value : null;
            if (fence is not null)
            {
                fence =
                    mark is not null
                    && mark[0] == fence[0]
                    && mark.Length >= fence.Length
                    && line.TrimEnd().EndsWith(mark, StringComparison.Ordinal)
                        ? null
                        : fence;
                afterBlank = fence is null;
            }
            else if (mark is not null)
            {
                AddParagraph();
                fence = mark;
                item = ItemAfter(body, indent, afterBlank, item);
            }
            else if (body.IsWhiteSpace())
            {
                AddParagraph();
                afterBlank = true;
            }
            else
            {
                item = ItemAfter(body, indent, afterBlank, item);
                afterBlank = false;
                paragraph.Append(line).Append('\n');
            }
        }
        AddParagraph();
        return plain.ToString();

        void AddParagraph()
        {
            AddWithoutSpans(plain, paragraph.ToString());
            plain.Append('\n');
            paragraph.Clear();
        }
    }

    private static bool MayHaveCode(string text) =>
        text.AsSpan().ContainsAny('`', '\t')
        || text.Contains("~~~", StringComparison.Ordinal)
        || text.Contains("    ", StringComparison.Ordinal);

    private static ReadOnlySpan<char> WithoutQuotes(ReadOnlySpan<char> line)
    {
        while (line.IndexOfAnyExcept(' ') is >= 0 and < CodeIndent and var at && line[at] == '>')
        {
            line = line[(at + 1)..];
            line = line is [' ', ..] ? line[1..] : line;
        }
        return line;
    }

    private static int ColumnsBefore(ReadOnlySpan<char> line)
    {
        var columns = 0;
        foreach (var c in line)
        {
            if (c is not (' ' or '\t'))
            {
                break;
            }
            columns += c == '\t' ? CodeIndent - (columns % CodeIndent) : 1;
        }
        return columns;
    }

    /// <summary>Column of the text of the list item to which the next lines may belong; 0 outside of lists.</summary>
    private static int ItemAfter(ReadOnlySpan<char> line, int indent, bool afterBlank, int item)
    {
        foreach (var marker in Items().EnumerateMatches(line))
        {
            return indent + ColumnsOf(line[..marker.Length].TrimStart(" \t"));
        }
        return afterBlank && indent < item ? 0 : item;
    }

    /// <summary>Width of a marker and the space after it. More space than a marker can have begins code.</summary>
    private static int ColumnsOf(ReadOnlySpan<char> marker)
    {
        var sign = marker.IndexOfAny(' ', '\t') is >= 0 and var at ? at : marker.Length;
        var space = ColumnsBefore(marker[sign..]);
        return sign + (space is 0 or > CodeIndent ? 1 : space);
    }

    /// <summary>Adds the text without code spans: runs of equally many backticks and the text between them. A single run is plain text.</summary>
    private static void AddWithoutSpans(StringBuilder plain, string paragraph)
    {
        var runs = Backticks().Matches(paragraph);
        // For each run, from the end, the next run of the same length.
        var (next, following) = (new int[runs.Count], new Dictionary<int, int>());
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            next[i] = following.GetValueOrDefault(runs[i].Length, -1);
            following[runs[i].Length] = i;
        }
        var from = 0;
        for (var i = 0; i < runs.Count; i++)
        {
            if (next[i] is > 0 and var closing)
            {
                plain.Append(paragraph, from, runs[i].Index - from).Append(' ');
                from = runs[closing].Index + runs[closing].Length;
                i = closing;
            }
        }
        plain.Append(paragraph, from, paragraph.Length - from);
    }

    [GeneratedRegex(@"@([A-Za-z0-9_-]{2,32})(?![A-Za-z0-9_-])", RegexOptions.CultureInvariant)]
    private static partial Regex Candidates();

    [GeneratedRegex(@"(?:[A-Za-z][A-Za-z0-9+.-]{0,30}://|\bwww\.|\bmailto:|\bxmpp:|\bsip:)[^\s<>""]*", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    [GeneratedRegex(@"\G:[A-Za-z0-9-]{1,63}\.[A-Za-z0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Hosts();

    [GeneratedRegex(@"\G[\s>]*(?:(?:[-*+]|[0-9]{1,9}[.)])\s+)?(`{3,}(?=[^`]*\z)|~{3,})", RegexOptions.CultureInvariant)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\A[ \t]*(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]+|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Items();

    [GeneratedRegex("`+", RegexOptions.CultureInvariant)]
    private static partial Regex Backticks();
}
