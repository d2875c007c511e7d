using System.Globalization;
using System.Text;

namespace StoriesCli.Tui.Images;

/// <summary>A picture as lines of half blocks, for a terminal that is only printed to.</summary>
public static class PictureLines
{
    /// <summary>Draws a picture as large as its shape allows.</summary>
    /// <param name="file">JPEG, PNG, GIF or BMP.</param>
    /// <param name="columns">Cells across at the most.</param>
    /// <param name="rows">Cells down at the most.</param>
    /// <param name="trueColour">Whether the terminal has all colours; otherwise the nearest of 216.</param>
    /// <exception cref="InvalidDataException">The bytes are no picture.</exception>
    public static IReadOnlyList<string> Draw(byte[] file, int columns, int rows, bool trueColour)
    {
        var decoded = PixelBuffer.Decode(file);
        var picture = decoded.Resize(decoded.Fit(HalfBlocks.PixelsIn(new(columns, rows))));
        return [.. Enumerable.Range(0, HalfBlocks.Rows(picture)).Select(row => DrawRow(picture, row, trueColour))];
    }

    private static string DrawRow(PixelBuffer picture, int row, bool trueColour)
    {
        var line = new StringBuilder();
        var last = "";
        for (var x = 0; x < picture.Width; x++)
        {
            var below = row * 2 + 1 < picture.Height ? Colour(picture, x, row * 2 + 1, 48, trueColour) : "49";
            var colours = $"{Colour(picture, x, row * 2, 38, trueColour)};{below}";
            if (colours != last)
            {
                line.Append("\e[").Append(colours).Append('m');
                last = colours;
            }
            line.Append(HalfBlocks.Glyph);
        }
        return line.Append("\e[0m").ToString();
    }

    private static string Colour(PixelBuffer picture, int x, int y, int what, bool trueColour)
    {
        var rgb = picture.Rgb.AsSpan((y * picture.Width + x) * 3, 3);
        return trueColour
            ? string.Create(CultureInfo.InvariantCulture, $"{what};2;{rgb[0]};{rgb[1]};{rgb[2]}")
            : string.Create(CultureInfo.InvariantCulture, $"{what};5;{16 + (36 * Step(rgb[0])) + (6 * Step(rgb[1])) + Step(rgb[2])}");
    }

    /// <summary>Of the six steps 0, 95, 135, 175, 215, 255 of such terminals the nearest.</summary>
    private static int Step(byte value) =>
        value < 48 ? 0
        : value < 115 ? 1
        : (value - 35) / 40;
}
