using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Cards;

namespace StoriesCli.Tui.Screen;

/// <summary>A text card whose lines are being selected.</summary>
internal static class SelectionVm
{
    private const int Gutter = 2;

    /// <summary>The rows around the line that the keys move.</summary>
    public static IEnumerable<Line> From(SelectLines.Selection selection, int width, int height)
    {
        var rows = new List<Line>();
        // Upwards first, for half of the height, so that what is above can be seen too.
        var top = selection.At;
        for (var above = 0; top > 0 && (above += Rows(selection, top - 1, width).Length) <= height / 2; top--) { }
        for (var i = top; i < selection.Lines.Length && rows.Count < height; i++)
        {
            rows.AddRange(Rows(selection, i, width));
        }
        // A card that fits does not get a higher box for its last line.
        return rows.Take(height).Concat(Enumerable.Repeat(Line.Empty, Math.Max(0, Math.Min(height, selection.Lines.Length) - rows.Count)));
    }

    private static Line[] Rows(SelectLines.Selection selection, int line, int width)
    {
        var isSelected = selection.Has(line);
        var wrapped = CardText.Wrapped(
            selection.Lines[line].Runs.Select(run => isSelected ? run with { Ink = Tone.Chosen } : run),
            Math.Max(1, width - Gutter)
        );
        return
        [
            .. (wrapped.IsEmpty ? [Line.Text(isSelected ? " " : "", Tone.Chosen)] : wrapped).Select(
                (row, i) => new Line([new(i == 0 && line == selection.At ? "▸ " : "  ", Tone.Accent), .. row.Runs])
            ),
        ];
    }
}
