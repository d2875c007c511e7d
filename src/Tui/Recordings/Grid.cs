using StoriesCli.Tui.ViewModels;

namespace StoriesCli.Tui.Recordings;

/// <summary>The cells of one screen of a recorded terminal. Whoever calls has seen to it that rows and columns are inside.</summary>
internal sealed class Grid
{
    private readonly Glyph[][] _rows;

    public Grid(int columns, int rows)
    {
        Columns = columns;
        _rows = new Glyph[rows][];
        for (var y = 0; y < rows; y++)
        {
            _rows[y] = new Glyph[columns];
            _rows[y].AsSpan().Fill(Glyph.Blank(Tone.Plain));
        }
    }

    private Grid(int columns, Glyph[][] rows) => (Columns, _rows) = (columns, rows);

    public int Columns { get; }

    public int Rows => _rows.Length;

    public ref Glyph this[int x, int y] => ref _rows[y][x];

    public ReadOnlySpan<Glyph> Row(int y) => _rows[y];

    public Grid Copy() => new(Columns, [.. _rows.Select(row => (Glyph[])row.Clone())]);

    /// <summary>The same from its upper left, without as many rows on top as <paramref name="gone"/> says.</summary>
    public Grid Resized(int columns, int rows, int gone)
    {
        var resized = new Grid(columns, rows);
        for (var y = 0; y < rows && y + gone < Rows; y++)
        {
            Row(y + gone)[..Math.Min(columns, Columns)].CopyTo(resized._rows[y]);
            resized.Mend(columns, y);
        }
        return resized;
    }

    public void Clear(int y, int left, int right, Ink ink)
    {
        Mend(left, y);
        Mend(right, y);
        _rows[y].AsSpan(left, right - left).Fill(Glyph.Blank(ink));
    }

    /// <summary>Moves the rows from top to bottom (not itself) up, or down where <paramref name="by"/> is negative.</summary>
    public void Scroll(int top, int bottom, int by, Ink ink)
    {
        var rows = _rows.AsSpan(top, bottom - top);
        by = Math.Clamp(by, -rows.Length, rows.Length);
        var count = Math.Abs(by);
        var free = by > 0 ? rows[..count].ToArray() : rows[^count..].ToArray();
        if (by > 0)
        {
            rows[count..].CopyTo(rows);
            free.CopyTo(rows[^count..]);
        }
        else
        {
            rows[..^count].CopyTo(rows[count..]);
            free.CopyTo(rows);
        }
        foreach (var row in free)
        {
            row.AsSpan().Fill(Glyph.Blank(ink));
        }
    }

    /// <summary>Makes room at a cell, pushing others out to the right; or takes cells away where <paramref name="by"/> is negative.</summary>
    public void Shift(int x, int y, int by, Ink ink)
    {
        Mend(x, y);
        var cells = _rows[y].AsSpan(x);
        var count = Math.Min(Math.Abs(by), cells.Length);
        if (by > 0)
        {
            cells[..^count].CopyTo(cells[count..]);
            cells[..count].Fill(Glyph.Blank(ink));
            MendEnd(y);
            return;
        }
        Mend(x + count, y);
        cells[count..].CopyTo(cells);
        cells[^count..].Fill(Glyph.Blank(ink));
    }

    /// <summary>A wide character that reaches over the edge left of a cell is taken away: half of it is about to go.</summary>
    public void Mend(int x, int y)
    {
        if (x > 0 && x < Columns && _rows[y][x].Columns == 0)
        {
            _rows[y][x - 1] = Glyph.Blank(_rows[y][x - 1].Ink);
            _rows[y][x] = Glyph.Blank(_rows[y][x].Ink);
        }
        else if (x == Columns)
        {
            MendEnd(y);
        }
    }

    private void MendEnd(int y)
    {
        if (_rows[y][^1].Columns == 2)
        {
            _rows[y][^1] = Glyph.Blank(_rows[y][^1].Ink);
        }
    }
}
