using System.Collections.Immutable;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Screen;

/// <summary>The help: all keys and what they do.</summary>
internal static class HelpVm
{
    public static ImmutableArray<Line> From(IEnumerable<Binding> keys, Box area, int scroll)
    {
        var rows = keys.Select(key => (key.Label, key.Action.Help)).ToArray();
        // Two columns if one is not enough; they scroll if needed.
        if (rows.Length > area.Height && area.Width >= 78 && area.Height > 1)
        {
            var list = keys.ToArray();
            var half = Math.Min(area.Height, (rows.Length + 1) / 2);
            var begin = Math.Clamp(scroll, 0, Math.Max(0, rows.Length - 2 * half));
            var below = rows.Length - begin - 2 * half;
            var width = (area.Width - 6) / 2;
            var left = From(list[begin..(begin + half)], new(width, half), 0);
            var right = From(list[(begin + half)..Math.Min(rows.Length, begin + 2 * half)], new(width, half), 0);
            right = below > 0 ? right.SetItem(half - 1, Line.Text($"▼ {below + 1} more: ↓", Tone.Dim)) : right;
            return
            [
                .. left.Select(
                    (line, i) =>
                        i >= right.Length
                            ? line
                            : new Line([.. line.Runs, new(new(' ', width - line.Columns + 2), Tone.Plain), .. right[i].Runs])
                ),
            ];
        }
        var column = rows.Max(row => Cells.Columns(row.Label)) + 3;
        var top = Math.Clamp(scroll, 0, Math.Max(0, rows.Length - area.Height));
        var lines = rows.Skip(top)
            .Take(area.Height)
            .Select(row =>
                Line.Of(
                    new(row.Label + new string(' ', column - Cells.Columns(row.Label)), Tone.Accent),
                    new(Cells.Cut(row.Help, area.Width - 2 - column), Tone.Plain)
                )
            )
            .ToArray();
        if (rows.Length - top > area.Height && area.Height > 1)
        {
            lines[^1] = Line.Text($"▼ {rows.Length - top - area.Height + 1} more: ↓", Tone.Dim);
        }
        return [.. lines];
    }
}
