namespace StoriesCli.Tui.Images;

/// <summary>How pictures are drawn.</summary>
internal enum GraphicsKind
{
    /// <summary>In block characters.</summary>
    Blocks,

    /// <summary>As DEC's sixel.</summary>
    Sixel,

    /// <summary>As a file, by iTerm2's inline images.</summary>
    Iterm,

    /// <summary>By kitty's graphics protocol, over the cells.</summary>
    Kitty,

    /// <summary>By kitty's graphics protocol through tmux: characters of the text stand for parts of the picture.</summary>
    Placeholders,
}

/// <summary>How this terminal draws pictures, and how many of its pixels a cell has.</summary>
internal readonly record struct Graphics(GraphicsKind Kind, Box Cell, int Colours = 0)
{
    // The most common size of a cell, for a terminal that does not report it.
    private static readonly Box _usualCell = new(10, 20);

    /// <summary>The shape of block characters, which stand for the picture until it is there.</summary>
    public BlockShape Blocks { get; init; }

    /// <summary>The colours of block characters.</summary>
    public Dithering Dithering { get; init; }

    public static Graphics Of(GraphicsKind kind, Box? cell, int colours = SixelEncoder.ColoursMaximum) =>
        new(kind, cell ?? _usualCell, kind == GraphicsKind.Sixel ? Math.Clamp(colours, 2, SixelEncoder.ColoursMaximum) : 0);

    /// <summary>What takes back, when the terminal is left, what was set there for pictures.</summary>
    /// <remarks>Nothing in tmux: the terminal around it may have pictures of other programs, and ours go with their cells.</remarks>
    public string ResetSequence =>
        Kind switch
        {
            GraphicsKind.Kitty => KittyEncoder.DeleteAll,
            GraphicsKind.Sixel => SixelEncoder.OwnColours,
            _ => "",
        };

    /// <summary>The pixels that an area of cells has.</summary>
    public Box PixelsIn(Box cells)
    {
        var cell = Kind == GraphicsKind.Blocks ? BlockGlyphs.PixelsOf(Blocks) : Cell;
        return new(cells.Width * cell.Width, cells.Height * cell.Height);
    }
}
