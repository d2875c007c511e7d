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
        KittyPixelsMaximum = 500_000;

    private static int _lastId = Random.Shared.Next(0x5000, 0x10_0000) << 8;

    /// <summary>The picture as large as the area lets it be.</summary>
    public static Raster Of(PixelBuffer source, Box area, Graphics graphics)
    {
        var fit = source.Fit(graphics.PixelsIn(area));
        var cells = new Box(Cover(fit.Width, graphics.Cell.Width, area.Width), Cover(fit.Height, graphics.Cell.Height, area.Height));
        var sent = AtMost(fit, graphics.Kind == GraphicsKind.Kitty ? KittyPixelsMaximum : PixelsMaximum);
        if (graphics.Kind == GraphicsKind.Kitty)
        {
            var id = Interlocked.Increment(ref _lastId);
            return new(cells, graphics.Kind, id, KittyEncoder.Encode(source.Resize(sent), id, sent == fit ? null : cells));
        }
        // A sixel cannot be enlarged: it is as large as it is sent.
        cells = new(Cover(sent.Width, graphics.Cell.Width, area.Width), Cover(sent.Height, graphics.Cell.Height, area.Height));
        return new(cells, graphics.Kind, 0, SixelEncoder.Encode(Palette256.Of(source.Resize(sent), graphics.Colours)));
    }

    private static int Cover(int pixels, int cell, int most) => Math.Clamp((pixels + cell - 1) / cell, 1, Math.Max(1, most));

    private static Box AtMost(Box size, int pixels)
    {
        var scale = Math.Min(1, Math.Sqrt((double)pixels / ((double)size.Width * size.Height)));
        return scale == 1 ? size : new(Math.Max(1, (int)(size.Width * scale)), Math.Max(1, (int)(size.Height * scale)));
    }
}
