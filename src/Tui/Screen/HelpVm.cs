using System.Collections.Immutable;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Screen;

/// <summary>The help: all keys and what they do.</summary>
internal static class HelpVm
{
    public const int WidestColumns = 100;
    private const int TwoColumnsFrom = 76,
        Between = 2;

    /// <summary>In two columns if one is not enough and there is room for them. They scroll if needed.</summary>
    public static ImmutableArray<Line> From(IEnumerable<Binding> keys, Box area, int scroll)
    {
        var all = keys.Where(binding => binding.HasKeys).ToArray();
        var columns = ColumnsFor(all.Length, area);
        var room = Math.Max(0, area.Height) * columns;
        var top = Math.Clamp(scroll, 0, Math.Max(0, all.Length - room));
        var below = Math.Max(0, all.Length - top - room);
        var rows = Math.Min(area.Height, (all.Length + columns - 1) / columns);
        var width = columns == 1 ? area.Width : (area.Width - columns * Between) / columns;
        var lines = Enumerable.Range(0, columns).SelectMany(i => Column(all.Skip(top + i * rows).Take(rows).ToArray(), width)).ToArray();
        if (top > 0 && lines.Length > 1)
        {
            lines[0] = Line.Text($"▲ {top + 1} more: ↑", Tone.Dim);
        }
        if (below > 0 && lines.Length > 1)
        {
            lines[^1] = Line.Text($"▼ {below + 1} more: ↓", Tone.Dim);
        }
        return
        [
            .. lines
                .Take(rows)
                .Select(
                    (left, i) =>
                        i + rows >= lines.Length
                            ? left
                            : new Line([
                                .. left.Runs,
                                new(new(' ', Math.Max(0, width - left.Columns) + Between), Tone.Plain),
                                .. lines[i + rows].Runs,
                            ])
                ),
        ];
    }

    /// <summary>Whether there is nothing to scroll to.</summary>
    public static bool IsWhole(IEnumerable<Binding> keys, Box area) =>
        keys.Count(binding => binding.HasKeys) is var count && count <= Math.Max(0, area.Height) * ColumnsFor(count, area);

    private static int ColumnsFor(int count, Box area) => count > area.Height && area.Width >= TwoColumnsFrom ? 2 : 1;

    private static IEnumerable<Line> Column(Binding[] keys, int width)
    {
        var label = keys.Select(key => Cells.Columns(key.HelpLabel)).DefaultIfEmpty().Max() + 3;
        return keys.Select(key =>
            Line.Of(
                new(key.HelpLabel + new string(' ', label - Cells.Columns(key.HelpLabel)), Tone.Accent),
                new(Cells.Cut(key.Action.Help, width - label), Tone.Plain)
            )
        );
    }
}
