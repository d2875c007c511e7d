using System.Collections.Immutable;
using System.Text;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Recordings;

/// <summary>A recorded terminal as lines. If there is less room, the part around its cursor.</summary>
internal sealed class RecordingView
{
    // Recorded colours were chosen on a dark ground, and most are unreadable on a light one: they bring theirs along.
    private static readonly Rgb _ground = new(18, 18, 18),
        _letters = new(204, 204, 204);

    private int _left,
        _top;

    /// <returns>At most as many lines as there are rows.</returns>
    public ImmutableArray<Line> Draw(Emulator screen, int columns, int rows)
    {
        (columns, rows) = (Math.Min(screen.Columns, columns), Math.Min(screen.Rows, rows));
        if (columns <= 0 || rows <= 0)
        {
            return [];
        }
        _left = Follow(_left, screen.At.X, columns, screen.Columns);
        _top = Follow(_top, screen.At.Y, rows, screen.Rows);
        var lines = ImmutableArray.CreateBuilder<Line>();
        for (var y = _top; y < _top + rows; y++)
        {
            var cursor = screen.CursorIsVisible && screen.At.Y == y ? screen.At.X - _left : -1;
            lines.Add(Row(screen.Row(y).Slice(_left, columns), cursor));
        }
        return lines.ToImmutable();
    }

    /// <summary>The first row or column to be seen: moved no more than the cursor needs.</summary>
    private static int Follow(int first, int cursor, int seen, int all) =>
        Math.Clamp(first, Math.Max(0, Math.Min(cursor - seen + 1, all - seen)), Math.Max(0, Math.Min(cursor, all - seen)));

    private static Line Row(ReadOnlySpan<Glyph> row, int cursor)
    {
        var runs = ImmutableArray.CreateBuilder<Run>();
        var text = new StringBuilder();
        Ink ink = default;
        for (var x = 0; x < row.Length; x++)
        {
            var glyph = row[x];
            if (glyph.Columns == 0 && x > 0)
            {
                continue;
            }
            if (glyph.Columns == 0 || x + glyph.Columns > row.Length)
            {
                // Half of a wide character stands beyond the edge.
                glyph = Glyph.Blank(glyph.Ink);
            }
            var next = OnGround(glyph.Ink, reverse: x == cursor);
            if (text.Length > 0 && next != ink)
            {
                runs.Add(new(text.ToString(), ink));
                text.Clear();
            }
            ink = next;
            glyph.AppendTo(text);
        }
        runs.Add(new(text.ToString(), ink));
        return new(runs.ToImmutable());
    }

    private static Ink OnGround(Ink ink, bool reverse) =>
        ink with
        {
            Fore = ink.Fore ?? _letters,
            Back = ink.Back ?? _ground,
            Style = reverse ? ink.Style ^ InkStyle.Reverse : ink.Style,
        };
}
