using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Images;

/// <summary>The colours that a terminal makes do with.</summary>
internal enum Dithering
{
    /// <summary>It has all.</summary>
    None,

    /// <summary>The 256 of xterm without the first sixteen, which viewers choose.</summary>
    Indexed,

    /// <summary>The first sixteen.</summary>
    Sixteen,
}

/// <summary>
/// Draws with few colours: what a pixel's colour is too much or too little is spread over its neighbours (Floyd and Steinberg), and a cell has
/// only two colours, so those that its pixels would most often have.
/// </summary>
internal sealed class Ditherer
{
    private const int Unit = 16,
        PixelsMaximum = 8;

    // Errors that add up where no colour comes near must not flood what follows.
    private const int Least = -64 * Unit,
        Most = (255 + 64) * Unit;

    private readonly Box _size,
        _part;
    private readonly bool _isSixteen;

    // Red, green and blue, in sixteenths.
    private readonly int[] _wanted;

    /// <param name="pixels">The picture.</param>
    /// <param name="part">Pixels of a cell, at most eight.</param>
    /// <param name="isSixteen">Whether there are 16 colours; else 240.</param>
    public Ditherer(PixelBuffer pixels, Box part, bool isSixteen)
    {
        (_size, _part, _isSixteen) = (pixels.Size, part, isSixteen);
        _wanted = new int[pixels.Rgb.Length];
        for (var i = 0; i < _wanted.Length; i++)
        {
            _wanted[i] = pixels.Rgb[i] * Unit;
        }
    }

    /// <param name="cells">Columns and rows.</param>
    public BlockCell[] Draw(Box cells)
    {
        var content = new BlockCell[cells.Width * cells.Height];
        for (var row = 0; row < cells.Height; row++)
        {
            for (var column = 0; column < cells.Width; column++)
            {
                content[row * cells.Width + column] = DrawCell(column * _part.Width, row * _part.Height);
            }
        }
        return content;
    }

    private BlockCell DrawCell(int left, int top)
    {
        var (width, height) = (Math.Min(_part.Width, _size.Width - left), Math.Min(_part.Height, _size.Height - top));
        var isWhole = width == _part.Width && height == _part.Height;
        var (one, other) = ChooseTwo(left, top, width, height);
        var pattern = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = ((top + y) * _size.Width + left + x) * 3;
                var isOne = !isWhole || Distance(at, one) <= Distance(at, other);
                if (isOne)
                {
                    pattern |= 1 << (y * _part.Width + x);
                }
                var drawn = isOne ? one : other;
                Spread(at, drawn.Red * Unit, 0, left + x, top + y, left);
                Spread(at, drawn.Green * Unit, 1, left + x, top + y, left);
                Spread(at, drawn.Blue * Unit, 2, left + x, top + y, left);
            }
        }
        return new((byte)pattern, one, isWhole ? other : null);
    }

    /// <summary>The two colours that most pixels would have if they could have any.</summary>
    private (Rgb One, Rgb Other) ChooseTwo(int left, int top, int width, int height)
    {
        Span<Rgb> colours = stackalloc Rgb[PixelsMaximum];
        Span<int> counts = stackalloc int[PixelsMaximum];
        Span<int> error = stackalloc int[3];
        var known = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = ((top + y) * _size.Width + left + x) * 3;
                var colour = Nearest(Byte(_wanted[at] + error[0]), Byte(_wanted[at + 1] + error[1]), Byte(_wanted[at + 2] + error[2]));
                // Within a cell the whole error goes to the next pixel: this is only a try.
                error[0] = Math.Clamp(_wanted[at] + error[0], Least, Most) - colour.Red * Unit;
                error[1] = Math.Clamp(_wanted[at + 1] + error[1], Least, Most) - colour.Green * Unit;
                error[2] = Math.Clamp(_wanted[at + 2] + error[2], Least, Most) - colour.Blue * Unit;
                var i = colours[..known].IndexOf(colour);
                if (i < 0)
                {
                    (i, colours[known]) = (known, colour);
                    known++;
                }
                counts[i]++;
            }
        }
        var first = Largest(counts[..known], -1);
        return (colours[first], known == 1 ? colours[first] : colours[Largest(counts[..known], first)]);
    }

    private static int Largest(ReadOnlySpan<int> counts, int except)
    {
        var best = except == 0 ? 1 : 0;
        for (var i = best + 1; i < counts.Length; i++)
        {
            best = i != except && counts[i] > counts[best] ? i : best;
        }
        return best;
    }

    private void Spread(int at, int drawn, int channel, int x, int y, int left)
    {
        var error = Math.Clamp(_wanted[at + channel], Least, Most) - drawn;
        var right = x + 1 < _size.Width;
        if (right)
        {
            _wanted[at + 3 + channel] += error * 7 / 16;
        }
        if (y + 1 >= _size.Height)
        {
            return;
        }
        var below = at + _size.Width * 3 + channel;
        // The cell to the left is drawn already, so that its share goes straight down.
        var isLeftOpen = x > left;
        if (isLeftOpen)
        {
            _wanted[below - 3] += error * 3 / 16;
        }
        _wanted[below] += error * (isLeftOpen ? 5 : 8) / 16;
        if (right)
        {
            _wanted[below + 3] += error / 16;
        }
    }

    private int Distance(int at, Rgb colour)
    {
        var (red, green, blue) = (
            _wanted[at] / Unit - colour.Red,
            _wanted[at + 1] / Unit - colour.Green,
            _wanted[at + 2] / Unit - colour.Blue
        );
        return 2 * red * red + 4 * green * green + 3 * blue * blue;
    }

    private Rgb Nearest(byte red, byte green, byte blue)
    {
        var colour = new Rgb(red, green, blue);
        return _isSixteen ? Sgr.Sixteen[Colours.Nearest(colour)] : Sgr.Indexed(Colours.NearestIndexed(colour))!.Value;
    }

    private static byte Byte(int sixteenths) => (byte)Math.Clamp(sixteenths / Unit, 0, 255);
}
