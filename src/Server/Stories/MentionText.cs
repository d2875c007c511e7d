using System.Text;
using System.Text.RegularExpressions;

namespace StoriesCli.Server.Stories;

/// <summary>
/// Finds <c>@handle</c> where a text speaks to somebody: as a word of its own, and not in code (a fenced block, or words between
/// backticks as Markdown reads them), a web address, an e-mail address, a path or the name of a package. Work is linear in the text.
/// </summary>
internal static partial class MentionText
{
    // What an address or a path may hold before the sign; a word that is spoken to begins after a space, a bracket or a quote.
    private const string InsideAWord = "@.+=&%~\\$_-#";

    /// <summary>The handles as they are written, without the sign, in order and with repetitions.</summary>
    /// <param name="text">Without colours, whose last letter would stand before the sign.</param>
    public static IEnumerable<string> Handles(string text)
    {
        var plain = Addresses().Replace(WithoutCode(text), "/");
        var end = -1;
        foreach (Match match in Candidates().Matches(plain))
        {
            // "@ana/@bob" speaks to two.
            if (Begins(plain, match.Index, afterMention: match.Index - 1 == end) && Ends(plain, match.Index + match.Length))
            {
                end = match.Index + match.Length;
                yield return match.Groups[1].Value;
            }
        }
    }

    private static bool Begins(string text, int at, bool afterMention) => at == 0
        || (text[at - 1] == '/' ? afterMention : !char.IsLetterOrDigit(text[at - 1]) && !InsideAWord.Contains(text[at - 1], StringComparison.Ordinal));

    private static bool Ends(string text, int at)
    {
        var rest = text.AsSpan(at);
        return rest switch
        {
            ['@', ..] => false,
            // A package, unless another is spoken to.
            ['/', var next, ..] => next == '@' || !char.IsLetterOrDigit(next),
            ['.', var next, ..] => !char.IsLetterOrDigit(next),
            [':', ..] => !Hosts().IsMatch(rest),
            _ => true,
        };
    }

    private static string WithoutCode(string text)
    {
        if (!text.Contains('`', StringComparison.Ordinal) && !text.Contains("~~~", StringComparison.Ordinal))
        {
            return text;
        }
        var (plain, paragraph) = (new StringBuilder(text.Length), new StringBuilder());
        string? fence = null;
        foreach (var line in text.Split('\n'))
        {
            var mark = Fences().Match(line) is { Success: true } match ? match.Groups[1].Value : null;
            if (fence is not null)
            {
                fence = mark is not null && mark[0] == fence[0] && mark.Length >= fence.Length && line.TrimEnd().EndsWith(mark, StringComparison.Ordinal) ? null : fence;
            }
            else if (mark is not null)
            {
                AddParagraph();
                fence = mark;
            }
            else if (line.AsSpan().IsWhiteSpace())
            {
                AddParagraph();
            }
            else
            {
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

    /// <summary>Leaves out what stands between two runs of as many backticks; a run without another is itself.</summary>
    private static void AddWithoutSpans(StringBuilder plain, string paragraph)
    {
        var runs = Backticks().Matches(paragraph);
        // From the end, the next run of each length.
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

    [GeneratedRegex("`+", RegexOptions.CultureInvariant)]
    private static partial Regex Backticks();
}
