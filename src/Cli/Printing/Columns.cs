using System.Text;
using Wcwidth;

namespace StoriesCli.Cli.Printing;

/// <summary>Aligns columns by display width, not by characters.</summary>
internal static class Columns
{
    private const string Gap = "  ";

    /// <summary>Lines with aligned columns. One column gets the remaining width and is cut to it.</summary>
    public static string[] Align(IReadOnlyList<string[]> rows, int width, int cut)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => Measure(row[column]))).ToArray();
        var others = widths.Sum() - widths[cut] + (Gap.Length * (widths.Length - 1));
        widths[cut] = Math.Min(widths[cut], Math.Max(8, width - others));
        return
        [
            .. rows.Select(row =>
                string.Join(Gap, row.Select((cell, column) => Pad(column == cut ? Cut(cell, widths[cut]) : cell, widths[column]))).TrimEnd()
            ),
        ];
    }

    /// <summary>Display width of a text.</summary>
    public static int Measure(string text) => text.EnumerateRunes().Sum(Measure);

    /// <summary>The text, cut with an ellipsis to this width.</summary>
    public static string Cut(string text, int width)
    {
        if (Measure(text) <= width)
        {
            return text;
        }
        var kept = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += Measure(rune);
            if (used > width - 1)
            {
                break;
            }
            kept.Append(rune);
        }
        return kept.Append('…').ToString();
    }

    private static string Pad(string cell, int width) => cell + new string(' ', width - Measure(cell));

    private static int Measure(Rune rune) => rune.Value < 0x300 ? 1 : Math.Max(0, UnicodeCalculator.GetWidth(rune));
}
