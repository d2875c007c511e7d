using System.Collections.Immutable;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

/// <summary>The visible rows of a text card, and how many follow.</summary>
internal static class CardVm
{
    public static ImmutableArray<Line> From(string text, string? fileName, Box area, int scroll, string moreKey)
    {
        var rows = TextCards.Rows(text, fileName, area);
        if (rows.Length <= area.Height || area.Height <= 0)
        {
            return rows;
        }
        var top = Math.Clamp(scroll, 0, rows.Length - area.Height);
        var shown = rows.AsSpan(top, area.Height).ToArray();
        // The widest row of all sets the position of the block, so that nothing moves sideways.
        var widest = rows.Max(row => row.Columns);
        shown[0] = new([.. shown[0].Runs, new(new(' ', widest - shown[0].Columns), Tone.Plain)]);
        var left = rows.Length - top - area.Height;
        if (left > 0 && area.Height > 1)
        {
            shown[^1] = Line.Text(Cells.Cut($"▼ {left + 1} more rows: {moreKey}", area.Width - 2), Tone.Dim);
        }
        return [.. shown];
    }
}
