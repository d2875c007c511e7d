namespace StoriesCli.Tui.Images;

/// <summary>A picture in the terminal's own graphics, ready to be written where the cursor stands.</summary>
/// <param name="Cells">How many cells it covers, its last row and column perhaps in part.</param>
/// <param name="Kind">Never <see cref="GraphicsKind.Blocks"/>.</param>
/// <param name="Id">The number by which kitty knows it.</param>
/// <param name="Data">What is written, in ASCII.</param>
internal sealed record Raster(Box Cells, GraphicsKind Kind, int Id, ReadOnlyMemory<byte> Data)
{
    /// <summary>More is not sent: a sixel is some bytes a pixel, and kitty enlarges by itself.</summary>
    private const int PixelsMaximum = 1_000_000,
        KittyPixelsMaximum = 500_000,
        FramePixelsMaximum = 100_000;

    private static int _lastId = Random.Shared.Next(0x5000, 0x10_0000) << 8;

    /// <summary>Whether it is part of the cells, which go with it and it with them: what is written there replaces it.</summary>
    public bool IsInCells => Kind is GraphicsKind.Sixel or GraphicsKind.Iterm;

    /// <summary>The picture as large as the area lets it be.</summary>
    /// <param name="source">Its pixels.</param>
    /// <param name="area">The room, in cells.</param>
    /// <param name="graphics">What the terminal can.</param>
    /// <param name="file">The file that the pixels are from, if it is just this picture.</param>
    public static Raster Of(PixelBuffer source, Box area, Graphics graphics, byte[]? file = null)
    {
        if (graphics.Kind == GraphicsKind.Placeholders)
        {
            area = new(Math.Min(area.Width, KittyPlaceholders.SideMaximum), Math.Min(area.Height, KittyPlaceholders.SideMaximum));
        }
        var fit = source.Fit(graphics.PixelsIn(area));
        var cells = CellsOf(fit, graphics, area);
        switch (graphics.Kind)
        {
            case GraphicsKind.Kitty:
                var sent = AtMost(fit, KittyPixelsMaximum);
                var id = Interlocked.Increment(ref _lastId);
                return new(cells, graphics.Kind, id, KittyEncoder.Encode(source.Resize(sent), id, sent == fit ? null : cells));
            case GraphicsKind.Placeholders:
                var number = KittyPlaceholders.NextId();
                var part = AtMost(AtMost(fit, source.Size), KittyPixelsMaximum);
                return new(cells, graphics.Kind, number, KittyPlaceholders.Encode(source.Resize(part), number, cells));
            case GraphicsKind.Iterm:
                // Better small and enlarged there than enlarged here.
                return new(
                    cells,
                    graphics.Kind,
                    0,
                    ItermEncoder.Encode(
                        file is not null && ItermEncoder.Takes(file)
                            ? file
                            : PngEncoder.Encode(source.Resize(AtMost(AtMost(fit, source.Size), KittyPixelsMaximum))),
                        cells
                    )
                );
            default:
                // A sixel cannot be enlarged: it is as large as it is sent.
                var size = AtMost(fit, PixelsMaximum);
                return new(
                    CellsOf(size, graphics, area),
                    graphics.Kind,
                    0,
                    SixelEncoder.Encode(Palette256.Of(source.Resize(size), graphics.Colours))
                );
        }
    }

    /// <summary>One of many pictures a second, as few pixels as it comes in: the terminal enlarges it. For kitty alone.</summary>
    /// <param name="frame">Its pixels.</param>
    /// <param name="area">The room, in cells.</param>
    /// <param name="graphics">What the terminal can.</param>
    public static Raster OfFrame(PixelBuffer frame, Box area, Graphics graphics)
    {
        var (cells, id) = (CellsOf(frame.Fit(graphics.PixelsIn(area)), graphics, area), Interlocked.Increment(ref _lastId));
        return new(cells, GraphicsKind.Kitty, id, KittyEncoder.Encode(frame, id, cells));
    }

    /// <summary>The size in pixels of a frame: kitty gets it for each of many a second.</summary>
    /// <param name="source">The video's own size.</param>
    /// <param name="area">The room, in cells.</param>
    /// <param name="graphics">What the terminal can.</param>
    public static Box SizeOfFrame(Box source, Box area, Graphics graphics)
    {
        var fit = new PixelBuffer(source.Width, source.Height, []).Fit(graphics.PixelsIn(area));
        return AtMost(AtMost(fit, source), FramePixelsMaximum);
    }

    private static Box CellsOf(Box pixels, Graphics graphics, Box area) =>
        new(Cover(pixels.Width, graphics.Cell.Width, area.Width), Cover(pixels.Height, graphics.Cell.Height, area.Height));

    private static int Cover(int pixels, int cell, int most) => Math.Clamp((pixels + cell - 1) / cell, 1, Math.Max(1, most));

    private static Box AtMost(Box size, Box most) => size.Width > most.Width || size.Height > most.Height ? most : size;

    private static Box AtMost(Box size, int pixels)
    {
        var scale = Math.Min(1, Math.Sqrt((double)pixels / ((double)size.Width * size.Height)));
        return scale == 1 ? size : new(Math.Max(1, (int)(size.Width * scale)), Math.Max(1, (int)(size.Height * scale)));
    }
}
