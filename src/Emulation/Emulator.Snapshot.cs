using System.Globalization;
using System.Text;

namespace StoriesCli.Emulation;

/// <summary>The terminal as output that draws it: for a viewer who comes late.</summary>
internal sealed partial class Emulator
{
    /// <summary>No colours, no drawing set, and places that count from the corner of the screen.</summary>
    private const string Letters = "\e[m\e(B\e)B\x0f\e[?6l";

    /// <summary>What to write to a new terminal of this size so that it looks like this one, and goes on like it.</summary>
    /// <remarks>The first half of a sequence that was cut in two is not in it.</remarks>
    public string Draw()
    {
        var text = new StringBuilder("\ec");
        DrawTabs(text);
        if ((_top, _bottom) != (0, Rows))
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[{_top + 1};{_bottom}r");
        }
        if (_other is { } hidden)
        {
            Draw(text, hidden);
            // 1049 keeps the place to which the other screen returns.
            MoveTo(text, hidden, _saved);
            text.Append("\e[?1049h");
        }
        Draw(text, _grid);
        if (_other is null)
        {
            MoveTo(text, _grid, _saved);
            text.Append("\e7");
        }
        MoveTo(text, _grid, _cursor);
        text.Append(_inserts ? "\e[4h" : "").Append(_wraps ? "" : "\e[?7l").Append(CursorIsVisible ? "" : "\e[?25l");
        return text.ToString();
    }

    private void DrawTabs(StringBuilder text)
    {
        if (_tabs.AsSpan().SequenceEqual(EveryEighth(Columns)))
        {
            return;
        }
        text.Append("\e[3g");
        for (var x = 0; x < Columns; x++)
        {
            if (_tabs[x])
            {
                text.Append(CultureInfo.InvariantCulture, $"\e[{x + 1}G\eH");
            }
        }
    }

    private static void Draw(StringBuilder text, Grid grid)
    {
        text.Append(Letters);
        var ink = (Ink)Tone.Plain;
        for (var y = 0; y < grid.Rows; y++)
        {
            var row = grid.Row(y);
            var end = row.Length;
            while (end > 0 && row[end - 1] == Glyph.Blank(Tone.Plain))
            {
                end--;
            }
            if (end == 0)
            {
                continue;
            }
            text.Append(CultureInfo.InvariantCulture, $"\e[{y + 1};1H");
            foreach (var glyph in row[..end])
            {
                // The second cell of a wide character is drawn with the first.
                if (glyph.Columns > 0)
                {
                    Change(text, ref ink, glyph.Ink);
                    glyph.AppendTo(text);
                }
            }
        }
        Change(text, ref ink, Tone.Plain);
    }

    /// <summary>The cursor's place, colours and drawing set. A cursor that waits at the edge waits there again.</summary>
    private void MoveTo(StringBuilder text, Grid grid, Cursor cursor)
    {
        text.Append(Letters);
        cursor = Inside(cursor);
        var edge = grid[cursor.X, cursor.Y];
        if (cursor.WrapPending && edge.Columns == 0)
        {
            cursor.X--;
            edge = grid[cursor.X, cursor.Y];
        }
        if (cursor.Origin)
        {
            // This mode puts the cursor to the first row of its region. It may stand outside, where only steps from row to row lead.
            var rows = cursor.Y - _top;
            text.Append("\e[?6h")
                .Append(rows == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\e[{Math.Abs(rows)}{(rows > 0 ? 'E' : 'F')}"));
            text.Append(CultureInfo.InvariantCulture, $"\e[{cursor.X + 1}G");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[{cursor.Y + 1};{cursor.X + 1}H");
        }
        var ink = (Ink)Tone.Plain;
        if (cursor.WrapPending)
        {
            Change(text, ref ink, edge.Ink);
            edge.AppendTo(text);
        }
        Change(text, ref ink, cursor.Ink);
        text.Append(cursor.DrawsG0 ? "\e(0" : "\e(B").Append(cursor.DrawsG1 ? "\e)0" : "\e)B").Append(cursor.Shifted ? '\x0e' : '\x0f');
    }

    private static void Change(StringBuilder text, ref Ink from, Ink to)
    {
        if (from == to)
        {
            return;
        }
        from = to;
        text.Append("\e[0");
        foreach (var (style, code) in Sgr.Styles)
        {
            text.Append(to.Style.HasFlag(style) ? $";{code}" : "");
        }
        AppendColour(text, 38, to.Fore);
        AppendColour(text, 48, to.Back);
        text.Append('m');
    }

    private static void AppendColour(StringBuilder text, int code, Rgb? colour)
    {
        if (colour is { } rgb)
        {
            text.Append(CultureInfo.InvariantCulture, $";{code};2;{rgb.Red};{rgb.Green};{rgb.Blue}");
        }
    }
}
