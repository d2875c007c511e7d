namespace StoriesCli.Tui.Images;

internal enum GraphicsKind { Blocks, Sixel, Kitty }

/// <summary>How this terminal draws pictures, and how many of its pixels a cell has.</summary>
internal readonly record struct Graphics(GraphicsKind Kind, Box Cell)
{
    /// <summary>Half blocks: any terminal can.</summary>
    public static Graphics Blocks => default;

    // What a cell most often has, where nobody says.
    private static readonly Box _usualCell = new(10, 20);

    public static Graphics Of(GraphicsKind kind, Box? cell) => kind == GraphicsKind.Blocks ? Blocks : new(kind, cell ?? _usualCell);

    /// <summary>The pixels of an area of cells that are worth sending.</summary>
    public Box PixelsIn(Box cells)
    {
        if (Kind == GraphicsKind.Blocks)
        {
            return HalfBlocks.PixelsIn(cells);
        }
        return new(cells.Width * Cell.Width, cells.Height * Cell.Height);
    }
}
