using System.Collections.Immutable;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>The palette: what was typed, and below it the actions that fit, with their keys at the right.</summary>
internal static class PaletteVm
{
    /// <summary>As high as it was before it was narrowed.</summary>
    public static IEnumerable<Line> From(OpenPalette.ActionList list, int width, int height)
    {
        var shown = list.Shown;
        var rows = Math.Max(1, height - 1);
        Line[] lines =
        [
            Line.Of(
                new(": ", Tone.Accent),
                list.Filter.Length > 0 ? new(Cells.Cut(list.Filter, width - 4), Tone.Strong) : new("type to narrow", Tone.Dim),
                new(list.Filter.Length > 0 ? "▏" : "", Tone.Accent)
            ),
            .. shown.IsEmpty
                ? [Line.Text("  Nothing here is called so.", Tone.Dim)]
                : Window(shown, list.At, rows).Select(row => Row(row.Choice, row.IsChosen, row.Mark, width)),
        ];
        return lines.Concat(Enumerable.Repeat(Line.Empty, Math.Max(0, 1 + Math.Min(rows, list.All.Length) - lines.Length)));
    }

    /// <summary>The lines around the chosen one that fit, and marks at the edges where there are others.</summary>
    public static IEnumerable<(T Choice, bool IsChosen, string Mark)> Window<T>(ImmutableArray<T> all, int at, int rows)
    {
        var top = Math.Clamp(at - rows / 2, 0, Math.Max(0, all.Length - rows));
        var end = Math.Min(all.Length, top + rows);
        for (var i = top; i < end; i++)
        {
            yield return (all[i], i == at, (i == top && top > 0 ? "▲" : "") + (i == end - 1 && end < all.Length ? "▼" : ""));
        }
    }

    private static Line Row(Choice choice, bool isChosen, string mark, int width)
    {
        var key = Cells.Cut(choice.Detail, width / 2);
        var name = Cells.Cut(SafeText.OneLine(choice.Label), width - Cells.Columns(key) - 4);
        return Line.Of(
            new(isChosen ? "▸ " : mark.PadRight(2), isChosen ? Tone.Accent : Tone.Dim),
            new(name, isChosen ? Tone.Chosen : Tone.Plain),
            new(new(' ', Math.Max(1, width - 2 - Cells.Columns(name) - Cells.Columns(key))), Tone.Plain),
            new(key, Tone.Accent)
        );
    }
}
