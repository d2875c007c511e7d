namespace StoriesCli.Tui.Images;

internal enum GraphicsKind
{
    Blocks,
    Sixel,
    Kitty,
}

/// <summary>How this terminal draws pictures, and how many of its pixels a cell has.</summary>
internal readonly record struct Graphics(GraphicsKind Kind, Box Cell, int Colours = 0)
{
    // What a cell most often has, where nobody says.
    private static readonly Box _usualCell = new(10, 20);

    public static Graphics Of(GraphicsKind kind, Box? cell, int colours = SixelEncoder.ColoursMaximum) =>
        new(kind, cell ?? _usualCell, kind == GraphicsKind.Sixel ? Math.Clamp(colours, 2, SixelEncoder.ColoursMaximum) : 0);

    /// <summary>What takes back, when the terminal is left, what was set there for pictures.</summary>
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
        return Kind == GraphicsKind.Blocks ? HalfBlocks.PixelsIn(cells) : new(cells.Width * Cell.Width, cells.Height * Cell.Height);
    }
}
