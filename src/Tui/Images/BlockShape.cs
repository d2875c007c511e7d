namespace StoriesCli.Tui.Images;

/// <summary>How block characters divide a cell into pixels.</summary>
internal enum BlockShape
{
    /// <summary>One across, two down. Every font has them, also that of a console.</summary>
    Half,

    /// <summary>Two by two.</summary>
    Quadrant,

    /// <summary>Two across, three down: Unicode 13.</summary>
    Sextant,

    /// <summary>Two across, four down: Unicode 16.</summary>
    Octant,
}

/// <summary>The characters of each shape. Bit i of a pattern is pixel i of the cell, row by row from the upper left.</summary>
internal static class BlockGlyphs
{
    private const string Quadrants = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";

    // The left and the right column alone are characters that were there before.
    private const int LeftColumn = 0b010101,
        RightColumn = 0b101010;

    private static readonly string[] _half = [" ", "▀", "▄", "█"];
    private static readonly string[] _quadrants = [.. Quadrants.Select(glyph => glyph.ToString())];
    private static readonly string[] _sextants = MakeSextants();
    private static readonly string[] _octants = MakeOctants();

    /// <summary>How many pixels a cell has across and down.</summary>
    public static Box PixelsOf(BlockShape shape) =>
        shape switch
        {
            BlockShape.Half => new(1, 2),
            BlockShape.Quadrant => new(2, 2),
            BlockShape.Sextant => new(2, 3),
            _ => new(2, 4),
        };

    /// <summary>The character whose set bits have the foreground.</summary>
    public static string Of(BlockShape shape, int pattern)
    {
        var glyphs = shape switch
        {
            BlockShape.Half => _half,
            BlockShape.Quadrant => _quadrants,
            BlockShape.Sextant => _sextants,
            _ => _octants,
        };
        return glyphs[pattern];
    }

    /// <summary>Whether this is one block character outside the first plane, which every terminal that has it shows in one cell.</summary>
    public static bool IsSextantOrOctant(ReadOnlySpan<char> grapheme) =>
        grapheme.Length == 2
        && char.IsSurrogatePair(grapheme[0], grapheme[1])
        && char.ConvertToUtf32(grapheme[0], grapheme[1]) is (>= 0x1FB00 and <= 0x1FBFF) or (>= 0x1CC00 and <= 0x1CEBF);

    private static string[] MakeSextants()
    {
        var glyphs = new string[64];
        (glyphs[0], glyphs[LeftColumn], glyphs[RightColumn], glyphs[63]) = (" ", "▌", "▐", "█");
        return Fill(glyphs, 0x1FB00);
    }

    /// <summary>Unicode 16 added only the 230 octants that were missing; the others are spread over four blocks.</summary>
    private static string[] MakeOctants()
    {
        var glyphs = new string[256];
        for (var pattern = 0; pattern < 16; pattern++)
        {
            glyphs[Twice(pattern)] = _quadrants[pattern];
        }
        // Quarters of the whole width, from the top and from the bottom.
        (glyphs[0b0000_0011], glyphs[0b0011_1111], glyphs[0b1100_0000], glyphs[0b1111_1100]) = (Text(0x1FB82), Text(0x1FB85), "▂", "▆");
        // Corners.
        (glyphs[0b0000_0001], glyphs[0b0000_0010]) = (Text(0x1CEA8), Text(0x1CEAB));
        (glyphs[0b0100_0000], glyphs[0b1000_0000]) = (Text(0x1CEA3), Text(0x1CEA0));
        // The two middle rows of one column.
        (glyphs[0b0001_0100], glyphs[0b0010_1000]) = (Text(0x1FBE6), Text(0x1FBE7));
        return Fill(glyphs, 0x1CD00);
    }

    /// <summary>A quadrant's pattern where each of its rows is two.</summary>
    private static int Twice(int quadrant)
    {
        var (upper, lower) = (quadrant & 3, quadrant >> 2);
        return upper | upper << 2 | lower << 4 | lower << 6;
    }

    /// <summary>The characters that are missing stand one after the other in the order of their patterns.</summary>
    private static string[] Fill(string[] glyphs, int first)
    {
        foreach (ref var glyph in glyphs.AsSpan())
        {
            glyph ??= Text(first++);
        }
        return glyphs;
    }

    private static string Text(int codePoint) => char.ConvertFromUtf32(codePoint);
}
