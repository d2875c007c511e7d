using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Tests.Images;

/// <summary>What a terminal makes of graphics: pixels, for the tests to look at.</summary>
internal static partial class Decoded
{
    /// <summary>A sixel's pixels; black where nothing was drawn, and an exception where it is no sixel.</summary>
    public static PixelBuffer Sixel(ReadOnlyMemory<byte> data)
    {
        var text = Encoding.ASCII.GetString(data.Span);
        var match = SixelShape().Match(text);
        match.Success.Should().BeTrue();
        var (width, height) = (Number(match.Groups["w"]), Number(match.Groups["h"]));
        var rgb = new byte[width * height * 3];
        var palette = new Dictionary<int, (int Red, int Green, int Blue)>();
        var (x, top, colour) = (0, 0, 0);
        foreach (Match part in SixelPart().Matches(match.Groups["data"].Value))
        {
            if (part.Groups["define"].Success)
            {
                palette[Number(part.Groups["define"])] = (Number(part.Groups["r"]), Number(part.Groups["g"]), Number(part.Groups["b"]));
            }
            else if (part.Groups["use"].Success)
            {
                colour = Number(part.Groups["use"]);
            }
            else if (part.Value == "$")
            {
                x = 0;
            }
            else if (part.Value == "-")
            {
                (x, top) = (0, top + 6);
            }
            else
            {
                var count = part.Groups["count"].Success ? Number(part.Groups["count"]) : 1;
                for (; count > 0; count--, x++)
                {
                    Draw(part.Groups["sixel"].Value[0] - '?', x);
                }
            }
        }
        palette.Count.Should().BeInRange(1, 256);
        return new(width, height, rgb);

        void Draw(int bits, int column)
        {
            for (var row = 0; row < 6; row++)
            {
                if ((bits >> row & 1) == 1)
                {
                    var (red, green, blue) = palette[colour];
                    var i = ((top + row) * width + column) * 3;
                    (rgb[i], rgb[i + 1], rgb[i + 2]) = ((byte)(red * 255 / 100), (byte)(green * 255 / 100), (byte)(blue * 255 / 100));
                }
            }
        }
    }

    /// <summary>A kitty picture's pixels, and the keys it came with.</summary>
    public static (PixelBuffer Pixels, Dictionary<string, string> Keys) Kitty(ReadOnlyMemory<byte> bytes)
    {
        var text = Encoding.ASCII.GetString(bytes.Span);
        var chunks = KittyChunk().Matches(text).ToArray();
        string.Concat(chunks.Select(chunk => chunk.Value)).Should().Be(text);
        chunks.Should().OnlyContain(chunk => chunk.Groups["data"].Length <= 4096);
        chunks[..^1].All(chunk => chunk.Groups["keys"].Value.EndsWith("m=1")).Should().BeTrue();
        chunks[^1].Groups["keys"].Value.Should().EndWith("m=0");
        var keys = chunks[0].Groups["keys"].Value.Split(',').Select(key => key.Split('=')).ToDictionary(key => key[0], key => key[1]);
        var data = new MemoryStream(Convert.FromBase64String(string.Concat(chunks.Select(chunk => chunk.Groups["data"].Value))));
        using Stream pixels = keys.GetValueOrDefault("o") == "z" ? new ZLibStream(data, CompressionMode.Decompress) : data;
        var rgb = new MemoryStream();
        pixels.CopyTo(rgb);
        var (width, height) = (int.Parse(keys["s"], CultureInfo.InvariantCulture), int.Parse(keys["v"], CultureInfo.InvariantCulture));
        rgb.Length.Should().Be(width * height * 3);
        return (new(width, height, rgb.ToArray()), keys);
    }

    /// <summary>A picture of block characters, one pixel for each part of a cell that the shape has.</summary>
    /// <param name="picture">The characters and their colours.</param>
    /// <param name="background">The terminal's own.</param>
    /// <param name="show">What the terminal makes of a colour.</param>
    public static PixelBuffer Blocks(BlockPicture picture, Rgb background, Func<Rgb, Rgb>? show = null)
    {
        var part = BlockGlyphs.PixelsOf(picture.Shape);
        var (width, height) = (picture.Cells.Width * part.Width, picture.Cells.Height * part.Height);
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            var (column, row) = (x / part.Width, y / part.Height);
            var cell = picture.At(column, row);
            var fills = BlockNames.Fills(picture.GlyphAt(column, row), x % part.Width, y % part.Height * 12 / part.Height);
            var colour = fills ? cell.Fore : cell.Back ?? background;
            colour = show?.Invoke(colour) ?? colour;
            (rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]) = (colour.Red, colour.Green, colour.Blue);
        }
        return new(width, height, rgb);
    }

    /// <summary>A file that is shown inline, decoded, and the arguments that it came with.</summary>
    public static (PixelBuffer Pixels, Dictionary<string, string> Arguments) Iterm(ReadOnlyMemory<byte> bytes)
    {
        var match = ItermShape().Match(Encoding.ASCII.GetString(bytes.Span));
        match.Success.Should().BeTrue();
        var file = Convert.FromBase64String(match.Groups["data"].Value);
        var arguments = match.Groups["arguments"].Value.Split(';').Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);
        arguments["size"].Should().Be(file.Length.ToString(CultureInfo.InvariantCulture));
        return (PixelBuffer.Decode(file), arguments);
    }

    /// <summary>What reaches the terminal around tmux.</summary>
    public static byte[] PastTmux(ReadOnlyMemory<byte> bytes)
    {
        var text = Encoding.ASCII.GetString(bytes.Span);
        var parts = TmuxShape().Matches(text).ToArray();
        string.Concat(parts.Select(part => part.Value)).Should().Be(text);
        return Encoding.ASCII.GetBytes(string.Concat(parts.Select(part => part.Groups["inner"].Value.Replace("\e\e", "\e"))));
    }

    /// <summary>The mean distance of a pixel's red, green or blue from that of the other picture.</summary>
    public static double DistanceTo(this PixelBuffer one, PixelBuffer other)
    {
        one.Size.Should().Be(other.Size);
        return one.Rgb.Zip(other.Rgb, (a, b) => Math.Abs(a - b)).Average();
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\x1bP0;1;0q""1;1;(?<w>\d+);(?<h>\d+)(?<data>[!#$\-0-9;?-~]*)\x1b\\$")]
    private static partial Regex SixelShape();

    [GeneratedRegex(@"#(?<define>\d+);2;(?<r>\d+);(?<g>\d+);(?<b>\d+)|#(?<use>\d+)|!(?<count>\d+)(?<sixel>[?-~])|(?<sixel>[?-~])|\$|-")]
    private static partial Regex SixelPart();

    [GeneratedRegex(@"^\x1b\]1337;File=(?<arguments>[a-zA-Z0-9=;]*):(?<data>[A-Za-z0-9+/=]*)\a$")]
    private static partial Regex ItermShape();

    // Each ESC within is doubled, so that a single one ends it.
    [GeneratedRegex(@"\x1bPtmux;(?<inner>(?:[^\x1b]|\x1b\x1b)*)\x1b\\")]
    private static partial Regex TmuxShape();

    [GeneratedRegex(@"\x1b_G(?<keys>[^;]*);(?<data>[A-Za-z0-9+/=]*)\x1b\\")]
    private static partial Regex KittyChunk();
}
