namespace StoriesCli.Tui.Images;

/// <summary>Finds the two colours of each cell, and which pixel has which: 2-means, from the ends of the channel that differs most.</summary>
internal static class TwoColours
{
    private const int PixelsMaximum = 8,
        RoundsMaximum = 6;

    /// <param name="pixels">The picture; its last cells may be covered in part.</param>
    /// <param name="cells">Columns and rows.</param>
    /// <param name="part">Pixels of a cell, at most eight.</param>
    public static BlockCell[] Choose(PixelBuffer pixels, Box cells, Box part)
    {
        var content = new BlockCell[cells.Width * cells.Height];
        Span<Pixel> cell = stackalloc Pixel[PixelsMaximum];
        for (var row = 0; row < cells.Height; row++)
        {
            for (var column = 0; column < cells.Width; column++)
            {
                var (left, top) = (column * part.Width, row * part.Height);
                var (count, covered) = (0, 0);
                for (var i = 0; i < part.Width * part.Height; i++)
                {
                    var (x, y) = (left + i % part.Width, top + i / part.Width);
                    if (x < pixels.Width && y < pixels.Height)
                    {
                        cell[count++] = Pixel.At(pixels.Rgb, (y * pixels.Width + x) * 3);
                        covered |= 1 << i;
                    }
                }
                content[row * cells.Width + column] =
                    count < part.Width * part.Height ? new((byte)covered, Mean(cell[..count], -1, 0), null)
                    : count == 2 ? new(1, cell[0].Colour, cell[1].Colour)
                    : Split(cell[..count]);
            }
        }
        return content;
    }

    private static BlockCell Split(ReadOnlySpan<Pixel> cell)
    {
        var (one, other) = FindEnds(cell);
        var pattern = 0;
        for (var round = 0; round < RoundsMaximum; round++)
        {
            var nearer = 0;
            for (var i = 0; i < cell.Length; i++)
            {
                if (cell[i].DistanceTo(one) < cell[i].DistanceTo(other))
                {
                    nearer |= 1 << i;
                }
            }
            if (nearer == pattern)
            {
                break;
            }
            pattern = nearer;
            (one, other) = (Pixel.Of(Mean(cell, pattern, 1)), Pixel.Of(Mean(cell, pattern, 0)));
        }
        return new((byte)pattern, one.Colour, other.Colour);
    }

    private static (Pixel One, Pixel Other) FindEnds(ReadOnlySpan<Pixel> cell)
    {
        Pixel lowRed = cell[0],
            highRed = cell[0],
            lowGreen = cell[0],
            highGreen = cell[0],
            lowBlue = cell[0],
            highBlue = cell[0];
        foreach (var pixel in cell[1..])
        {
            lowRed = pixel.Red < lowRed.Red ? pixel : lowRed;
            highRed = pixel.Red > highRed.Red ? pixel : highRed;
            lowGreen = pixel.Green < lowGreen.Green ? pixel : lowGreen;
            highGreen = pixel.Green > highGreen.Green ? pixel : highGreen;
            lowBlue = pixel.Blue < lowBlue.Blue ? pixel : lowBlue;
            highBlue = pixel.Blue > highBlue.Blue ? pixel : highBlue;
        }
        var (red, green, blue) = (highRed.Red - lowRed.Red, highGreen.Green - lowGreen.Green, highBlue.Blue - lowBlue.Blue);
        return green >= red && green >= blue ? (lowGreen, highGreen)
            : red >= blue ? (lowRed, highRed)
            : (lowBlue, highBlue);
    }

    /// <summary>Of those pixels whose bit of the pattern is this one; of one pixel where there are none, which nobody will see.</summary>
    private static Rgb Mean(ReadOnlySpan<Pixel> cell, int pattern, int bit)
    {
        int red = 0,
            green = 0,
            blue = 0,
            count = 0;
        for (var i = 0; i < cell.Length; i++)
        {
            if (pattern < 0 || (pattern >> i & 1) == bit)
            {
                (red, green, blue, count) = (red + cell[i].Red, green + cell[i].Green, blue + cell[i].Blue, count + 1);
            }
        }
        return count == 0 ? cell[0].Colour : new((byte)(red / count), (byte)(green / count), (byte)(blue / count));
    }

    private readonly record struct Pixel(int Red, int Green, int Blue)
    {
        public Rgb Colour => new((byte)Red, (byte)Green, (byte)Blue);

        public static Pixel At(byte[] rgb, int i) => new(rgb[i], rgb[i + 1], rgb[i + 2]);

        public static Pixel Of(Rgb colour) => new(colour.Red, colour.Green, colour.Blue);

        /// <summary>Eyes tell greens apart best.</summary>
        public int DistanceTo(Pixel other)
        {
            var (red, green, blue) = (Red - other.Red, Green - other.Green, Blue - other.Blue);
            return 2 * red * red + 4 * green * green + 3 * blue * blue;
        }
    }
}
