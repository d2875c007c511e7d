using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Images;

/// <summary>Two pixels a cell: the upper is the colour of <c>▀</c>, the lower its background.</summary>
internal static class HalfBlocks
{
    public const char Glyph = '▀';

    /// <summary>How many pixels an area of cells holds.</summary>
    public static Box PixelsIn(Box cells) => new(cells.Width, cells.Height * 2);

    /// <summary>The picture in the largest size that keeps its shape: half a cell is seldom square.</summary>
    public static PixelBuffer Of(PixelBuffer source, Box area, Box cell)
    {
        var (width, height) = cell.Width > 0 && cell.Height > 0 ? (cell.Width, cell.Height / 2.0) : (1.0, 1.0);
        var scale = Math.Min(area.Width * width / source.Width, area.Height * 2 * height / source.Height);
        return source.Resize(
            new(Math.Max(1, (int)Math.Round(source.Width * scale / width)), Math.Max(1, (int)Math.Round(source.Height * scale / height)))
        );
    }

    public static int Rows(PixelBuffer picture) => (picture.Height + 1) / 2;

    /// <summary>The colours of one cell; below the last row of an odd picture stands the terminal's own background.</summary>
    public static Attribute Cell(PixelBuffer picture, int x, int row) =>
        new(Pixel(picture, x, row * 2), row * 2 + 1 < picture.Height ? Pixel(picture, x, row * 2 + 1) : Color.None);

    private static Color Pixel(PixelBuffer picture, int x, int y)
    {
        var i = (y * picture.Width + x) * 3;
        return new Color(picture.Rgb[i], picture.Rgb[i + 1], picture.Rgb[i + 2]);
    }
}
