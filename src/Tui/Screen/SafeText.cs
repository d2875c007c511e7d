using System.Globalization;
using System.Text;
using StoriesCli.Contracts;
using Wcwidth;

namespace StoriesCli.Tui.Screen;

/// <summary>The content of one or two cells of the terminal.</summary>
internal readonly record struct Cluster(string Text, int Columns);

/// <summary>Text of other people, as clusters that have the same width in every terminal.</summary>
internal static class SafeText
{
    private const int MarksMaximum = 2;
    private const int FirstRegionalIndicator = 0x1F1E6;

    public static string OneLine(string? text) => string.Concat(Clusters(CleanText.OneLine(text ?? "")).Select(c => c.Text));

    /// <summary>
    /// Joined emoji, skin tones and variation selectors are cut to their base, flags to their letters, towers of marks to two:
    /// terminals disagree about their width. Newlines stay, as clusters of no column.
    /// </summary>
    public static IEnumerable<Cluster> Clusters(string text)
    {
        var cluster = new StringBuilder();
        var columns = 0;
        var marks = 0;
        var joined = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\u200d')
            {
                joined = cluster.Length > 0;
                continue;
            }
            if (RuneKinds.IsMark(rune))
            {
                if (cluster.Length > 0 && !RuneKinds.IsDropped(rune) && marks++ < MarksMaximum)
                {
                    cluster.Append(rune);
                }
                continue;
            }
            if (RuneKinds.IsDropped(rune) || (joined && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol))
            {
                joined = false;
                continue;
            }
            joined = false;
            if (cluster.Length > 0)
            {
                yield return new(cluster.ToString(), columns);
                cluster.Clear();
            }
            marks = 0;
            if (rune.Value == '\n')
            {
                yield return new("\n", 0);
                continue;
            }
            var shown = Shown(rune);
            columns = Math.Clamp(UnicodeCalculator.GetWidth(shown.Value), 1, 2);
            cluster.Append(shown);
        }
        if (cluster.Length > 0)
        {
            yield return new(cluster.ToString(), columns);
        }
    }

    private static Rune Shown(Rune rune) =>
        rune.Value switch
        {
            '\t' => new(' '),
            >= FirstRegionalIndicator and < FirstRegionalIndicator + 26 => new('A' + rune.Value - FirstRegionalIndicator),
            _ => rune,
        };
}
