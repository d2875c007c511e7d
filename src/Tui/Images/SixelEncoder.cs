namespace StoriesCli.Tui.Images;

/// <summary>DEC's sixel: bands of six rows, each drawn once for every colour in it, with runs of alike columns shortened.</summary>
internal static class SixelEncoder
{
    public const int ColoursMaximum = 256;

    /// <summary>Has the terminal use as many colours as there are; xterm begins with 16. The answer says how many there are.</summary>
    public const string AskForColours = "\e[?1;3;256S";

    /// <summary>As many colours as it began with.</summary>
    public const string OwnColours = "\e[?1;2S";

    private const int BandRows = 6;

    public static ReadOnlyMemory<byte> Encode(Palette256 picture)
    {
        var (width, height) = (picture.Size.Width, picture.Size.Height);
        var text = new AsciiWriter(width * height / 2 + 4096);
        // 1: what is not drawn stays as it is, which is less than a row of cells at the lower edge.
        text.Add("\eP0;1;0q\"1;1;").Add(width).Add(';').Add(height);
        for (var colour = 0; colour < picture.Count; colour++)
        {
            var rgb = picture.Colours.AsSpan(colour * 3, 3);
            text.Add('#').Add(colour).Add(";2;").Add(Percent(rgb[0])).Add(';').Add(Percent(rgb[1])).Add(';').Add(Percent(rgb[2]));
        }
        var band = new byte[picture.Count][];
        var isUsed = new bool[picture.Count];
        for (var top = 0; top < height; top += BandRows)
        {
            Gather(picture, top, band, isUsed);
            var first = true;
            for (var colour = 0; colour < band.Length; colour++)
            {
                if (isUsed[colour])
                {
                    text.Add(first ? "#" : "$#").Add(colour);
                    Append(text, band[colour]);
                    first = false;
                }
            }
            text.Add('-');
        }
        return text.Add("\e\\").Written;
    }

    private static int Percent(byte value) => (value * 100 + 127) / 255;

    /// <summary>For each colour, which of the band's rows it has in each column.</summary>
    private static void Gather(Palette256 picture, int top, byte[][] band, bool[] isUsed)
    {
        for (var colour = 0; colour < band.Length; colour++)
        {
            if (isUsed[colour])
            {
                Array.Clear(band[colour]);
                isUsed[colour] = false;
            }
        }
        var width = picture.Size.Width;
        for (var row = 0; row < BandRows && top + row < picture.Size.Height; row++)
        {
            var pixels = picture.Pixels.AsSpan((top + row) * width, width);
            for (var x = 0; x < width; x++)
            {
                var colour = pixels[x];
                (band[colour] ??= new byte[width])[x] |= (byte)(1 << row);
                isUsed[colour] = true;
            }
        }
    }

    private static void Append(AsciiWriter text, byte[] columns)
    {
        var end = columns.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        for (var x = 0; x < end; )
        {
            var run = columns.AsSpan(x, end - x).IndexOfAnyExcept(columns[x]);
            run = run < 0 ? end - x : run;
            var sixel = (char)('?' + columns[x]);
            if (run > 3)
            {
                text.Add('!').Add(run).Add(sixel);
            }
            else
            {
                text.Add(sixel, run);
            }
            x += run;
        }
    }
}
