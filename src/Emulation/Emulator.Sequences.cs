namespace StoriesCli.Emulation;

/// <summary>The written list: what escape sequences do. One that is not here does nothing.</summary>
internal sealed partial class Emulator
{
    private readonly Queue<int> _codes = new();

    private void Escape(char prefix, char final)
    {
        switch (prefix, final)
        {
            case ('\0', '7'):
                _saved = _cursor;
                break;
            case ('\0', '8'):
                _cursor = Inside(_saved);
                break;
            case ('\0', 'D'):
                LineFeed();
                break;
            case ('\0', 'E'):
                _cursor.X = 0;
                LineFeed();
                break;
            case ('\0', 'M'):
                ReverseLineFeed();
                break;
            case ('\0', 'H'):
                _tabs[_cursor.X] = true;
                break;
            case ('\0', 'c'):
                Reset();
                break;
            case ('(', _):
                _cursor.DrawsG0 = final == '0';
                break;
            case (')', _):
                _cursor.DrawsG1 = final == '0';
                break;
        }
    }

    private void Csi(char prefix, char final)
    {
        if (prefix == '?' && final is 'h' or 'l')
        {
            foreach (var mode in _reader.Numbers)
            {
                SetPrivate(mode, final == 'h');
            }
            return;
        }
        if (prefix != '\0')
        {
            if (prefix == '!' && final == 'p')
            {
                SoftReset();
            }
            return;
        }
        var n = _reader.Number(0);
        var (x, y) = At;
        switch (final)
        {
            case 'A':
                Go(x, Math.Max(y - n, y >= _top ? _top : 0));
                break;
            case 'B' or 'e':
                Go(x, Math.Min(y + n, y < _bottom ? _bottom - 1 : Rows - 1));
                break;
            case 'C' or 'a':
                Go(x + n, y);
                break;
            case 'D':
                Go(x - n, y);
                break;
            case 'E':
                Go(0, y + n);
                break;
            case 'F':
                Go(0, y - n);
                break;
            case 'G' or '`':
                Go(n - 1, y);
                break;
            case 'd':
                GoTo(x, n - 1);
                break;
            case 'H' or 'f':
                GoTo(_reader.Number(1) - 1, n - 1);
                break;
            case 'I':
                Tab(Math.Min(n, Columns));
                break;
            case 'Z':
                Tab(-Math.Min(n, Columns));
                break;
            case 'J':
                EraseScreen(_reader.Number(0, 0));
                break;
            case 'K':
                EraseLine(_reader.Number(0, 0));
                break;
            case 'X':
                Clear(y, x, Math.Min(Columns, x + n));
                break;
            case 'L' or 'M' when y >= _top && y < _bottom:
                Scroll(y, final == 'M' ? n : -n);
                Go(0, y);
                break;
            case '@' or 'P':
                _work -= Columns;
                _grid.Shift(x, y, final == '@' ? n : -n, _cursor.Ink);
                Go(x, y);
                break;
            case 'S' or 'T':
                Scroll(_top, final == 'S' ? n : -n);
                break;
            case 'b':
                for (var left = Math.Min(n, Columns * Rows); left > 0; left--)
                {
                    Print(_last);
                }
                break;
            case 'r':
                SetRegion(n - 1, Math.Min(Rows, _reader.Number(1, Rows)));
                break;
            case 's':
                _saved = _cursor;
                break;
            case 'u':
                _cursor = Inside(_saved);
                break;
            case 'g' when _reader.Number(0, 0) is 0:
                _tabs[x] = false;
                break;
            case 'g' when n == 3:
                Array.Clear(_tabs);
                break;
            case 'h' or 'l' when n == 4:
                _inserts = final == 'h';
                break;
            case 'm':
                Colour();
                break;
        }
    }

    private void SetPrivate(int mode, bool on)
    {
        switch (mode)
        {
            case 6:
                _cursor.Origin = on;
                GoTo(0, 0);
                break;
            case 7:
                _wraps = on;
                break;
            case 25:
                CursorIsVisible = on;
                break;
            case 47 or 1047:
                Alternate(on);
                break;
            case 1048:
                Keep(on);
                break;
            case 1049 when on != _isAlternate:
                if (on)
                {
                    Keep(true);
                    Alternate(true);
                }
                else
                {
                    Alternate(false);
                    Keep(false);
                }
                break;
        }
    }

    private void Keep(bool on)
    {
        if (on)
        {
            _saved = _cursor;
        }
        else
        {
            _cursor = Inside(_saved);
        }
    }

    /// <summary>The alternate screen is new each time.</summary>
    private void Alternate(bool on)
    {
        if (on == _isAlternate)
        {
            return;
        }
        _isAlternate = on;
        if (on)
        {
            _work -= Columns * Rows;
            (_other, _grid) = (_grid, new(Columns, Rows));
        }
        else
        {
            (_grid, _other) = (_other!, null);
        }
    }

    private void GoTo(int x, int y) => Go(x, _cursor.Origin ? Math.Min(_top + y, _bottom - 1) : y);

    private void SetRegion(int top, int bottom)
    {
        if (top < bottom - 1)
        {
            (_top, _bottom) = (top, bottom);
            GoTo(0, 0);
        }
    }

    private void EraseScreen(int what)
    {
        var (_, y) = At;
        if (what is 0 or 1)
        {
            EraseLine(what);
        }
        var (first, end) = what switch
        {
            0 => (y + 1, Rows),
            1 => (0, y),
            2 => (0, Rows),
            _ => (0, 0),
        };
        for (var row = first; row < end; row++)
        {
            Clear(row, 0, Columns);
        }
    }

    private void EraseLine(int what)
    {
        var (x, y) = At;
        var (left, right) = what switch
        {
            0 => (x, Columns),
            1 => (0, x + 1),
            2 => (0, Columns),
            _ => (0, 0),
        };
        Clear(y, left, right);
    }

    private void Clear(int y, int left, int right)
    {
        _work -= left == 0 && right == Columns ? 1 : right - left;
        if (right > left)
        {
            _grid.Clear(y, left, right, _cursor.Ink);
        }
    }

    private void Reset()
    {
        _work -= Columns * Rows;
        _grid = new(Columns, Rows);
        (_other, _isAlternate) = (null, false);
        _tabs = EveryEighth(Columns);
        SoftReset();
        Go(0, 0);
    }

    private void SoftReset()
    {
        (_top, _bottom) = (0, Rows);
        (_wraps, _inserts, CursorIsVisible) = (true, false, true);
        _cursor = new() { X = _cursor.X, Y = _cursor.Y };
        _saved = default;
    }

    /// <summary>Colours and styles. A colon's numbers belong to the one before them, and hold a colour space that nobody fills in.</summary>
    private void Colour()
    {
        _codes.Clear();
        var numbers = _reader.Numbers;
        for (var i = 0; i < numbers.Length; )
        {
            var end = i + 1;
            while (end < numbers.Length && _reader.IsSub(end))
            {
                end++;
            }
            if (end == i + 1)
            {
                _codes.Enqueue(numbers[i]);
                // An underline's own colour is not shown, and its numbers are no codes.
                i +=
                    numbers[i] == 58 && end < numbers.Length
                        ? numbers[end] switch
                        {
                            5 => 3,
                            2 => 5,
                            _ => 1,
                        }
                        : 1;
                continue;
            }
            Group(numbers[i..end]);
            i = end;
        }
        _work -= 8 * numbers.Length;
        _cursor.Ink = Sgr.Apply(_cursor.Ink, _codes);
    }

    private void Group(ReadOnlySpan<int> group)
    {
        if (group[0] == 4)
        {
            _codes.Enqueue(group[1] == 0 ? 24 : 4);
        }
        else if (group[0] is 38 or 48)
        {
            foreach (var number in group.Length == 6 && group[1] == 2 ? [group[0], 2, .. group[3..]] : group)
            {
                _codes.Enqueue(number);
            }
        }
    }
}
