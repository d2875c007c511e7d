namespace StoriesCli.Tui.Images;

/// <summary>One character of a picture.</summary>
/// <param name="Pattern">Which of its pixels have <paramref name="Fore"/>; see <see cref="BlockGlyphs"/>.</param>
/// <param name="Fore">The colour of the pattern.</param>
/// <param name="Back">The colour of the rest; null: the terminal's own background, beyond the edge of the picture.</param>
internal readonly record struct BlockCell(byte Pattern, Rgb Fore, Rgb? Back);

/// <summary>A picture in block characters, two colours a cell. Immutable.</summary>
/// <param name="Shape">Into how many pixels each cell is divided.</param>
/// <param name="Cells">Columns and rows.</param>
/// <param name="Content">The cells, row by row.</param>
internal sealed record BlockPicture(BlockShape Shape, Box Cells, BlockCell[] Content)
{
    public BlockCell At(int column, int row) => Content[row * Cells.Width + column];

    /// <summary>The character of a cell.</summary>
    public string GlyphAt(int column, int row) => BlockGlyphs.Of(Shape, At(column, row).Pattern);

    /// <summary>The picture in the largest size that keeps its shape: a part of a cell is seldom square.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="area">The room, in cells.</param>
    /// <param name="graphics">The shape of blocks, the pixels of a cell, and the colours that there are.</param>
    public static BlockPicture Of(PixelBuffer source, Box area, Graphics graphics) =>
        FromPixels(source.Resize(SizeOf(source.Size, area, graphics)), graphics.Blocks, graphics.Dithering);

    /// <summary>Takes pixels as they are.</summary>
    /// <param name="pixels">As many as the blocks have.</param>
    /// <param name="shape">Of the blocks.</param>
    /// <param name="dithering">The colours to make do with.</param>
    public static BlockPicture FromPixels(PixelBuffer pixels, BlockShape shape, Dithering dithering = Dithering.None)
    {
        var part = BlockGlyphs.PixelsOf(shape);
        var cells = new Box((pixels.Width + part.Width - 1) / part.Width, (pixels.Height + part.Height - 1) / part.Height);
        var content =
            dithering == Dithering.None
                ? TwoColours.Choose(pixels, cells, part)
                : new Ditherer(pixels, part, dithering == Dithering.Sixteen).Draw(cells);
        return new(shape, cells, content);
    }

    /// <summary>Two pixels a cell.</summary>
    public static implicit operator BlockPicture(PixelBuffer pixels) => FromPixels(pixels, BlockShape.Half);

    /// <summary>The size in pixels of the blocks that the picture gets.</summary>
    /// <param name="source">Its pixels.</param>
    /// <param name="area">The room, in cells.</param>
    /// <param name="graphics">As for <see cref="Of"/>.</param>
    public static Box SizeOf(Box source, Box area, Graphics graphics)
    {
        var part = BlockGlyphs.PixelsOf(graphics.Blocks);
        var cell = graphics.Cell is { Width: > 0, Height: > 0 } known ? known : new(1, 2);
        var (width, height) = ((double)cell.Width / part.Width, (double)cell.Height / part.Height);
        var scale = Math.Min(area.Width * part.Width * width / source.Width, area.Height * part.Height * height / source.Height);
        return new(Side(source.Width * scale / width), Side(source.Height * scale / height));

        static int Side(double pixels) => Math.Max(1, (int)Math.Round(pixels));
    }
}
