namespace StoriesCli.Emulation;

/// <summary>The cells of one screen of a recorded terminal. The caller checks that rows and columns are inside.</summary>
internal sealed class Grid
{
    private readonly Strip[] _rows;

    // Rows that scrolled away and can be written anew: a screen never has more of them than rows.
    private readonly Stack<Glyph[]> _spare = [];
    private Glyph[] _blank;
    private Ink _blankInk = Tone.Plain;
    private int _made;

    /// <summary>Cells of one row. Blank rows share theirs until somebody writes there, so that clearing a screen or scrolling costs a row nothing.</summary>
    private readonly record struct Strip(Glyph[] Cells, bool IsShared);

    public Grid(int columns, int rows)
    {
        Columns = columns;
        _blank = Blank(Tone.Plain, columns);
        _rows = new Strip[rows];
        _rows.AsSpan().Fill(new(_blank, IsShared: true));
    }

    private Grid(int columns, Strip[] rows) => (Columns, _rows, _blank) = (columns, rows, Blank(Tone.Plain, columns));

    public int Columns { get; }

    public int Rows => _rows.Length;

    public Glyph this[int x, int y]
    {
        get => _rows[y].Cells[x];
        set => Own(y)[x] = value;
    }

    public ReadOnlySpan<Glyph> Row(int y) => _rows[y].Cells;

    /// <summary>How many cells were made since it was asked last, for shared rows that somebody wrote to.</summary>
    public int TakeMade()
    {
        var made = _made;
        _made = 0;
        return made;
    }

    public Grid Copy() =>
        new(Columns, [.. _rows.Select(row => row.IsShared ? row : new Strip((Glyph[])row.Cells.Clone(), IsShared: false))]);

    /// <summary>The same from its upper left, without as many rows on top as <paramref name="gone"/> says.</summary>
    public Grid Resized(int columns, int rows, int gone)
    {
        var resized = new Grid(columns, rows);
        for (var y = 0; y < rows && y + gone < Rows; y++)
        {
            Row(y + gone)[..Math.Min(columns, Columns)].CopyTo(resized.Own(y));
            resized.Mend(columns, y);
        }
        return resized;
    }

    public void Clear(int y, int left, int right, Ink ink)
    {
        if (left == 0 && right == Columns)
        {
            Free(y, ink);
            return;
        }
        Mend(left, y);
        Mend(right, y);
        Own(y).AsSpan(left, right - left).Fill(Glyph.Blank(ink));
    }

    /// <summary>Moves the rows from top to bottom (not itself) up, or down where <paramref name="by"/> is negative.</summary>
    public void Scroll(int top, int bottom, int by, Ink ink)
    {
        var rows = _rows.AsSpan(top, bottom - top);
        by = Math.Clamp(by, -rows.Length, rows.Length);
        var count = Math.Abs(by);
        var first = by > 0 ? top : bottom - count;
        for (var y = first; y < first + count; y++)
        {
            Free(y, ink);
        }
        if (by > 0)
        {
            rows[count..].CopyTo(rows);
            rows[^count..].Fill(new(_blank, IsShared: true));
        }
        else
        {
            rows[..^count].CopyTo(rows[count..]);
            rows[..count].Fill(new(_blank, IsShared: true));
        }
    }

    /// <summary>Blanks a row.</summary>
    private void Free(int y, Ink ink)
    {
        if (ink.Back != _blankInk.Back)
        {
            (_blank, _blankInk) = (Blank(ink, Columns), ink);
            _made += Columns;
        }
        if (!_rows[y].IsShared)
        {
            _spare.Push(_rows[y].Cells);
        }
        _rows[y] = new(_blank, IsShared: true);
    }

    /// <summary>A row's cells, to be written to.</summary>
    private Glyph[] Own(int y)
    {
        if (_rows[y].IsShared)
        {
            var cells = _spare.TryPop(out var spare) ? spare : new Glyph[Columns];
            _rows[y].Cells.CopyTo(cells, 0);
            _rows[y] = new(cells, IsShared: false);
            _made += Columns;
        }
        return _rows[y].Cells;
    }

    private static Glyph[] Blank(Ink ink, int columns)
    {
        var cells = new Glyph[columns];
        cells.AsSpan().Fill(Glyph.Blank(ink));
        return cells;
    }

    /// <summary>Makes room at a cell, pushing others out to the right; or takes cells away where <paramref name="by"/> is negative.</summary>
    public void Shift(int x, int y, int by, Ink ink)
    {
        Mend(x, y);
        var cells = Own(y).AsSpan(x);
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
        if (x > 0 && x < Columns && this[x, y].Columns == 0)
        {
            this[x - 1, y] = Glyph.Blank(this[x - 1, y].Ink);
            this[x, y] = Glyph.Blank(this[x, y].Ink);
        }
        else if (x == Columns)
        {
            MendEnd(y);
        }
    }

    private void MendEnd(int y)
    {
        if (this[Columns - 1, y].Columns == 2)
        {
            this[Columns - 1, y] = Glyph.Blank(this[Columns - 1, y].Ink);
        }
    }
}
