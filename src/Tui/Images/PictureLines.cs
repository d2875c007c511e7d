using System.Globalization;
using System.Text;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Images;

/// <summary>A picture as lines of block characters, for a terminal that is only printed to.</summary>
public static class PictureLines
{
    /// <summary>Draws a picture as large as its shape allows.</summary>
    /// <param name="file">JPEG, PNG, GIF or BMP.</param>
    /// <param name="columns">Cells across at the most.</param>
    /// <param name="rows">Cells down at the most.</param>
    /// <param name="trueColour">Whether the terminal has all colours; otherwise it is dithered in 240.</param>
    /// <param name="mode">The viewer's setting; <see cref="ImageMode.Off"/> is not looked at.</param>
    /// <param name="environment">Reads <c>TERM</c>.</param>
    /// <exception cref="InvalidDataException">The bytes are no picture.</exception>
    public static IReadOnlyList<string> Draw(
        byte[] file,
        int columns,
        int rows,
        bool trueColour,
        ImageMode mode,
        Func<string, string?> environment
    )
    {
        ArgumentNullException.ThrowIfNull(environment);
        var picture = BlockPicture.Of(
            PixelBuffer.Decode(file),
            new(columns, rows),
            new Graphics
            {
                Blocks = GraphicsChoice.ShapeFor(mode, environment, new()),
                Dithering = trueColour ? Dithering.None : Dithering.Indexed,
            }
        );
        return [.. Enumerable.Range(0, picture.Cells.Height).Select(row => DrawRow(picture, row, trueColour))];
    }

    private static string DrawRow(BlockPicture picture, int row, bool trueColour)
    {
        var line = new StringBuilder();
        var last = "";
        for (var column = 0; column < picture.Cells.Width; column++)
        {
            var cell = picture.At(column, row);
            var colours = $"{Colour(cell.Fore, 38, trueColour)};{(cell.Back is { } back ? Colour(back, 48, trueColour) : "49")}";
            if (colours != last)
            {
                line.Append("\e[").Append(colours).Append('m');
                last = colours;
            }
            line.Append(picture.GlyphAt(column, row));
        }
        return line.Append("\e[0m").ToString();
    }

    private static string Colour(Rgb colour, int what, bool trueColour) =>
        trueColour
            ? string.Create(CultureInfo.InvariantCulture, $"{what};2;{colour.Red};{colour.Green};{colour.Blue}")
            : string.Create(CultureInfo.InvariantCulture, $"{what};5;{Colours.NearestIndexed(colour)}");
}
