using System.Collections.Immutable;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.ViewModels;

/// <summary>The one key table, as help.</summary>
internal static class HelpVm
{
    public static ImmutableArray<Line> From(IEnumerable<Binding> keys, Box area)
    {
        var rows = keys.Select(key => (key.Label, key.Does)).ToArray();
        var column = rows.Max(row => Cells.Columns(row.Label)) + 3;
        return [.. rows.Take(area.Height).Select(row => Line.Of(
            new(row.Label + new string(' ', column - Cells.Columns(row.Label)), Tone.Accent),
            new(Cells.Cut(row.Does, area.Width - 2 - column), Tone.Plain)))];
    }
}
