using System.Text;
using Wcwidth;

namespace StoriesCli.Emulation;

/// <summary>
/// A terminal that exists only as cells: it does what a written list of sequences says, and drops everything else. Nothing it is
/// given reaches the real terminal but single characters, in cells of its own.
/// </summary>
internal sealed partial class Emulator
{
    public const int ColumnsMaximum = 500,
        RowsMaximum = 200;

    // Cells are copied, and rows moved, many at a time.
    private const int CellsAtOnce = 4,
        RowsAtOnce = 16;

    private VtReader _reader = new();
    private Grid _grid;
    private Grid? _other;
    private bool _isAlternate;
    private bool[] _tabs;
    private Cursor _cursor;
    private Cursor _saved;
    private int _top,
        _bottom;
    private bool _wraps = true,
        _inserts;
    private Rune _last = new(' ');
    private long _work;

    public Emulator(int columns, int rows)
    {
        _grid = new(Math.Clamp(columns, 1, ColumnsMaximum), Math.Clamp(rows, 1, RowsMaximum));
        _bottom = Rows;
        _tabs = EveryEighth(Columns);
    }

    /// <summary>Where the next character goes, and how; what ESC 7 keeps.</summary>
    private record struct Cursor(int X, int Y, Ink Ink, bool WrapPending, bool Origin, bool Shifted, bool DrawsG0, bool DrawsG1)
    {
        /// <summary>Letters stand for lines of DEC's drawing set.</summary>
        public readonly bool Draws => Shifted ? DrawsG1 : DrawsG0;
    }

    public int Columns => _grid.Columns;
    public int Rows => _grid.Rows;
    public (int X, int Y) At => (_cursor.X, _cursor.Y);
    public bool CursorIsVisible { get; private set; } = true;

    public ReadOnlySpan<Glyph> Row(int y) => _grid.Row(y);

    public Emulator Copy()
    {
        var copy = (Emulator)MemberwiseClone();
        (copy._reader, copy._grid, copy._other, copy._tabs) = (_reader.Copy(), _grid.Copy(), _other?.Copy(), (bool[])_tabs.Clone());
        return copy;
    }

    /// <summary>Does what the bytes say until the work is used up: a sequence of four bytes can clear a hundred thousand cells.</summary>
    /// <returns>How many bytes were used.</returns>
    public int Feed(ReadOnlySpan<byte> bytes, ref long work)
    {
        _work = work;
        var done = 0;
        while (done < bytes.Length && _work > 0)
        {
            var kind = _reader.Read(bytes[done..], out var used);
            done += used;
            _work -= used;
            Do(kind);
            _work -= _grid.TakeMade() / CellsAtOnce;
        }
        work = _work;
        return done;
    }

    public void Resize(int columns, int rows, ref long work)
    {
        (columns, rows) = (Math.Clamp(columns, 1, ColumnsMaximum), Math.Clamp(rows, 1, RowsMaximum));
        if (columns == Columns && rows == Rows)
        {
            return;
        }
        work -= 2 * columns * rows;
        // The cell below the cursor stays.
        var gone = Math.Max(0, _cursor.Y - rows + 1);
        _grid = _grid.Resized(columns, rows, gone);
        _other = _other?.Resized(columns, rows, 0);
        (_top, _bottom) = (0, rows);
        _tabs = EveryEighth(columns);
        _cursor = Inside(_cursor with { Y = _cursor.Y - gone, WrapPending = false });
    }

    private static bool[] EveryEighth(int columns) => [.. Enumerable.Range(0, columns).Select(x => x % 8 == 0)];

    private Cursor Inside(Cursor cursor) => cursor with { X = Math.Clamp(cursor.X, 0, Columns - 1), Y = Math.Clamp(cursor.Y, 0, Rows - 1) };

    private void Do(VtKind kind)
    {
        switch (kind)
        {
            case VtKind.Print:
                Print(_reader.Rune);
                break;
            case VtKind.Control:
                Control(_reader.Final);
                break;
            case VtKind.Escape:
                Escape(_reader.Prefix, _reader.Final);
                break;
            case VtKind.Csi:
                Csi(_reader.Prefix, _reader.Final);
                break;
        }
    }

    private void Print(Rune rune)
    {
        _work -= 4;
        if (rune.Value >= 0x80 && RuneKinds.IsMark(rune))
        {
            Mark(rune);
            return;
        }
        if (rune.Value >= 0x80 && RuneKinds.IsDropped(rune))
        {
            return;
        }
        var shown = _cursor.Draws ? DecDrawing.Of(rune) : rune;
        var columns = shown.Value < 0x80 ? 1 : Math.Clamp(UnicodeCalculator.GetWidth(shown.Value), 1, 2);
        if (columns > Columns)
        {
            return;
        }
        if (_cursor.WrapPending || _cursor.X + columns > Columns)
        {
            if (_wraps)
            {
                _cursor.X = 0;
                LineFeed();
            }
            else
            {
                _cursor.X = Columns - columns;
            }
        }
        if (_inserts)
        {
            _work -= Columns;
            _grid.Shift(_cursor.X, _cursor.Y, columns, _cursor.Ink);
        }
        Put(shown, columns);
        _last = rune;
        _cursor.WrapPending = _cursor.X + columns == Columns;
        _cursor.X = Math.Min(_cursor.X + columns, Columns - 1);
    }

    private void Put(Rune rune, int columns)
    {
        var (x, y) = (_cursor.X, _cursor.Y);
        _grid.Mend(x, y);
        _grid.Mend(x + columns, y);
        _grid[x, y] = new(rune.Value, _cursor.Ink, columns);
        if (columns == 2)
        {
            _grid[x + 1, y] = new(0, _cursor.Ink, 0);
        }
    }

    private void Mark(Rune mark)
    {
        var x = _cursor.WrapPending ? _cursor.X : _cursor.X - 1;
        if (RuneKinds.IsDropped(mark) || x < 0)
        {
            return;
        }
        if (_grid[x, _cursor.Y].Columns == 0)
        {
            x--;
        }
        _grid[x, _cursor.Y] = _grid[x, _cursor.Y].With(mark);
    }

    private void Control(char control)
    {
        switch (control)
        {
            case '\b':
                Go(_cursor.X - 1, _cursor.Y);
                break;
            case '\t':
                Tab(1);
                break;
            case '\n' or '\v' or '\f':
                LineFeed();
                break;
            case '\r':
                Go(0, _cursor.Y);
                break;
            case '\x0e' or '\x0f':
                _cursor.Shifted = control == '\x0e';
                break;
        }
    }

    private void LineFeed()
    {
        _cursor.WrapPending = false;
        if (_cursor.Y == _bottom - 1)
        {
            Scroll(_top, 1);
        }
        else if (_cursor.Y < Rows - 1)
        {
            _cursor.Y++;
        }
    }

    private void ReverseLineFeed()
    {
        _cursor.WrapPending = false;
        if (_cursor.Y == _top)
        {
            Scroll(_top, -1);
        }
        else if (_cursor.Y > 0)
        {
            _cursor.Y--;
        }
    }

    private void Scroll(int top, int by)
    {
        _work -= 1 + Rows / RowsAtOnce + Math.Min(Math.Abs(by), Rows);
        _grid.Scroll(top, _bottom, by, _cursor.Ink);
    }

    private void Tab(int by)
    {
        var x = _cursor.X;
        for (; by != 0; by -= Math.Sign(by))
        {
            do
            {
                x += Math.Sign(by);
            } while (x > 0 && x < Columns && !_tabs[x]);
            if (x <= 0 || x >= Columns)
            {
                break;
            }
        }
        _work -= Columns;
        Go(x, _cursor.Y);
    }

    private void Go(int x, int y) => _cursor = Inside(_cursor with { X = x, Y = y, WrapPending = false });
}
