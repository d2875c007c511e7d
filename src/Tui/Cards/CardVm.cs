using System.Collections.Immutable;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

/// <summary>The visible rows of a text card, and how many follow.</summary>
internal static class CardVm
{
    /// <summary>The space around the text inside of its card, in columns at each side and in rows above and below, where there is room for it.</summary>
    private const int Beside = 3,
        Above = 1,
        RoomyRows = 7,
        RoomyColumns = 30;

    /// <summary>A card is at least this large where there is room for it.</summary>
    public static Box SmallestCard { get; } = new(46, 7);

    /// <summary>The room of the text in a card as large as the stage.</summary>
    public static Box Room(Box area) =>
        IsRoomy(area) ? new(area.Width - 2 * (Beside + 1), area.Height - 2 * Above) : new(Math.Max(0, area.Width - 2), area.Height);

    /// <summary>The space around the text, in columns and rows.</summary>
    public static Box Margin(Box area) => IsRoomy(area) ? new(Beside, Above) : default;

    /// <summary>A number that an author always has, for the ground of a card.</summary>
    public static int GroundOf(string handle) => handle.Aggregate(0, (sum, sign) => (sum * 31 + sign) & 0xffff);

    public static ImmutableArray<Line> From(string text, string? fileName, Box area, int scroll, string moreKey)
    {
        var rows = TextCards.Rows(text, fileName, area);
        var room = Room(area);
        if (rows.Length <= room.Height || room.Height <= 0)
        {
            return rows;
        }
        var top = Math.Clamp(scroll, 0, rows.Length - room.Height);
        var shown = rows.AsSpan(top, room.Height).ToArray();
        // The widest row of all sets the position of the block, so that nothing moves sideways.
        var widest = rows.Max(row => row.Columns);
        shown[0] = top > 0 && room.Height > 2 ? Line.Text(Cells.Cut($"▲ {top + 1} rows above", room.Width), Tone.Dim) : shown[0];
        shown[0] = new([.. shown[0].Runs, new(new(' ', Math.Max(0, widest - shown[0].Columns)), Tone.Plain)]);
        var left = rows.Length - top - room.Height;
        if (left > 0 && room.Height > 1)
        {
            shown[^1] = Line.Text(Cells.Cut($"▼ {left + 1} more rows: {moreKey}", room.Width), Tone.Dim);
        }
        return [.. shown];
    }

    private static bool IsRoomy(Box area) => area is { Width: >= RoomyColumns, Height: >= RoomyRows };
}
