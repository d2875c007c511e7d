using System.Collections.Immutable;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.ViewModels;

/// <summary>The one key table, as help.</summary>
internal static class HelpVm
{
    public static ImmutableArray<Line> From(IEnumerable<Binding> keys, Box area, int scroll)
    {
        var rows = keys.Select(key => (key.Label, key.Does)).ToArray();
        // What does not fit in one column stands in two.
        var half = rows.Length > area.Height && area.Width >= 78 && (rows.Length + 1) / 2 <= area.Height ? (rows.Length + 1) / 2 : rows.Length;
        if (half < rows.Length)
        {
            var list = keys.ToArray();
            var width = (area.Width - 6) / 2;
            var (left, right) = (From(list[..half], new(width, half), 0), From(list[half..], new(width, half), 0));
            return [.. left.Select((line, i) => i >= right.Length ? line : new Line([.. line.Runs, new(new(' ', width - line.Columns + 2), Tone.Plain), .. right[i].Runs]))];
        }
        var column = rows.Max(row => Cells.Columns(row.Label)) + 3;
        var top = Math.Clamp(scroll, 0, Math.Max(0, rows.Length - area.Height));
        var lines = rows.Skip(top).Take(area.Height).Select(row => Line.Of(
            new(row.Label + new string(' ', column - Cells.Columns(row.Label)), Tone.Accent),
            new(Cells.Cut(row.Does, area.Width - 2 - column), Tone.Plain))).ToArray();
        if (rows.Length - top > area.Height && area.Height > 1)
        {
            lines[^1] = Line.Text($"▼ {rows.Length - top - area.Height + 1} more: ↓", Tone.Dim);
        }
        return [.. lines];
    }
}
