using System.Buffers;
using System.Text;

namespace StoriesCli.Emulation;

/// <summary>What a terminal's output is made of, once strings for the terminal itself (titles, clipboards, pictures) are left out.</summary>
internal enum VtKind
{
    None,
    Print,
    Control,
    Escape,
    Csi,
}

/// <summary>Takes a terminal's output apart. It remembers a sequence that is not complete, never more of it than its numbers.</summary>
internal sealed class VtReader
{
    private const int ParametersMaximum = 32;
    private const int LargestNumber = 65535;

    private enum Place
    {
        Ground,
        Escape,
        Csi,
        CsiIgnored,
        String,
        StringEscape,
    }

    private int[] _numbers = new int[ParametersMaximum];
    private bool[] _isSub = new bool[ParametersMaximum];
    private byte[] _utf8 = new byte[4];
    private int _utf8Length;
    private int _count;
    private bool _begun;
    private Place _place;

    /// <summary>The character to print.</summary>
    public Rune Rune { get; private set; }

    /// <summary>The control, or the last byte of a sequence.</summary>
    public char Final { get; private set; }

    /// <summary>A sequence's <c>?</c> or <c>&gt;</c>, or an escape's first byte such as <c>(</c>; 0 without.</summary>
    public char Prefix { get; private set; }

    public ReadOnlySpan<int> Numbers => _numbers.AsSpan(0, _count);

    /// <summary>Whether a number stands behind a colon.</summary>
    public bool IsSub(int index) => _isSub[index];

    /// <summary>The number at an index; <paramref name="otherwise"/> where it is 0 or missing.</summary>
    public int Number(int index, int otherwise = 1) => index < _count && _numbers[index] > 0 ? _numbers[index] : otherwise;

    public VtReader Copy()
    {
        var copy = (VtReader)MemberwiseClone();
        (copy._numbers, copy._isSub, copy._utf8) = ((int[])_numbers.Clone(), (bool[])_isSub.Clone(), (byte[])_utf8.Clone());
        return copy;
    }

    /// <summary>Reads up to the end of the next thing; <see cref="VtKind.None"/> where there is none before the end of the bytes.</summary>
    public VtKind Read(ReadOnlySpan<byte> bytes, out int used)
    {
        for (used = 0; used < bytes.Length; )
        {
            if (_place == Place.Ground && (bytes[used] >= 0x80 || _utf8Length > 0))
            {
                if (Decode(bytes[used], out var again))
                {
                    used += again ? 0 : 1;
                    return VtKind.Print;
                }
                used++;
                continue;
            }
            if (Take(bytes[used++]) is var kind and not VtKind.None)
            {
                return kind;
            }
        }
        return VtKind.None;
    }

    private VtKind Take(byte b)
    {
        switch (_place)
        {
            case Place.String:
                _place = b switch
                {
                    0x07 or 0x18 or 0x1a => Place.Ground,
                    0x1b => Place.StringEscape,
                    _ => Place.String,
                };
                return VtKind.None;
            case Place.StringEscape when b == '\\':
                _place = Place.Ground;
                return VtKind.None;
            case Place.StringEscape:
                // The string was never ended: this begins another sequence.
                Begin();
                return TakeEscape(b);
        }
        if (b == 0x1b)
        {
            Begin();
            return VtKind.None;
        }
        if (b is 0x18 or 0x1a)
        {
            _place = Place.Ground;
            return VtKind.None;
        }
        if (b < 0x20)
        {
            Final = (char)b;
            return VtKind.Control;
        }
        return _place switch
        {
            Place.Escape => TakeEscape(b),
            Place.Csi or Place.CsiIgnored => TakeCsi(b),
            _ => Print(b),
        };
    }

    private VtKind Print(byte b)
    {
        Rune = new(b);
        return b == 0x7f ? VtKind.None : VtKind.Print;
    }

    private void Begin()
    {
        (_place, Prefix, _count) = (Place.Escape, '\0', 0);
    }

    private VtKind TakeEscape(byte b)
    {
        if (b is >= 0x20 and < 0x30)
        {
            Prefix = Prefix == '\0' ? (char)b : '\x01';
            return VtKind.None;
        }
        if (Prefix == '\0' && b is (byte)'[' or (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_')
        {
            _place = b == '[' ? Place.Csi : Place.String;
            (_count, _numbers[0], _isSub[0], _begun) = (1, 0, false, false);
            return VtKind.None;
        }
        _place = Place.Ground;
        Final = (char)b;
        return b is >= 0x30 and < 0x7f ? VtKind.Escape : VtKind.None;
    }

    private VtKind TakeCsi(byte b)
    {
        if (b is >= 0x40 and < 0x7f)
        {
            var known = _place == Place.Csi;
            _place = Place.Ground;
            Final = (char)b;
            return known ? VtKind.Csi : VtKind.None;
        }
        if (b is >= (byte)'0' and <= (byte)'9')
        {
            ref var number = ref _numbers[_count - 1];
            number = Math.Min(LargestNumber, number * 10 + b - '0');
        }
        else if (b is (byte)';' or (byte)':' && _count < ParametersMaximum)
        {
            (_numbers[_count], _isSub[_count]) = (0, b == ':');
            _count++;
        }
        else if (!_begun && b is (>= 0x3c and <= 0x3f) or (byte)'!')
        {
            Prefix = (char)b;
        }
        else
        {
            _place = Place.CsiIgnored;
        }
        _begun = true;
        return VtKind.None;
    }

    /// <summary>Adds a byte of a character.</summary>
    /// <returns>Whether there is one to print, <c>�</c> for what is none.</returns>
    private bool Decode(byte b, out bool again)
    {
        again = false;
        _utf8[_utf8Length++] = b;
        var status = Rune.DecodeFromUtf8(_utf8.AsSpan(0, _utf8Length), out var rune, out _);
        if (status == OperationStatus.NeedMoreData)
        {
            return false;
        }
        // The byte that made it wrong may begin something by itself.
        again = status == OperationStatus.InvalidData && _utf8Length > 1;
        _utf8Length = 0;
        Rune = rune;
        return true;
    }
}
