namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>AVIF stills: one AV1 image, or a grid of them, in a HEIF file.</summary>
internal static class Avif
{
    // Measured with libaom 3.15: its frames, libheif's planes and the pixels made from them. High bit depth or full chroma takes more.
    private const int PlainBytes = 17,
        DeepBytes = 21,
        AlphaBytes = 4,
        GridBytes = 10,
        TilesAtOnce = 4;

    public static ImageShape Inspect(FileBytes file)
    {
        var heif = Heif.Read(file);
        var primary = heif.Primary;
        var (width, height) = heif.ShownSize();
        long held;
        (int Width, int Height) largest;
        switch (primary.Type)
        {
            case "av01":
                largest = LargestFrame(heif, primary);
                held = Pixels(largest) * BytesOf(heif, primary);
                break;
            case "grid":
                largest = GridSize(heif, primary);
                var tiles = heif.TilesOf(primary).DistinctBy(tile => tile.Id).ToList();
                if (tiles.Count == 0 || tiles.Any(tile => tile.Type != "av01"))
                    throw file.Broken("its grid has no tiles of AV1");
                held =
                    (Pixels(largest) * GridBytes)
                    + (tiles.Max(tile => Pixels(LargestFrame(heif, tile)) * BytesOf(heif, tile)) * TilesAtOnce);
                break;
            default:
                throw new MediaRefusedException(
                    $"The file is {file.Format} whose picture is put together in a way ('{primary.Type}') that is not accepted."
                );
        }
        foreach (var alpha in heif.AlphaOf(primary))
            held += Pixels(alpha.Type == "av01" ? LargestFrame(heif, alpha) : GridSize(heif, alpha)) * AlphaBytes;
        return new ImageShape(width, height, 1, ExifOrientation.Upright)
        {
            LargestFrame = Pixels(largest) > (long)width * height ? largest : (width, height),
            HeldBytes = held,
            IsDecodedFirst = true,
            Stored = "an AVIF, which is decoded as a whole",
        };
    }

    private static long Pixels((int Width, int Height) size) => (long)size.Width * size.Height;

    private static int BytesOf(Heif heif, HeifItem item)
    {
        if (item.Find("av1C") is not { Size: >= 4 } codec)
            throw heif.File.Broken("one of its pictures does not say how it is coded");
        var flags = heif.File.U8(codec.Payload + 2);
        var (deep, subsampled) = ((flags & 0x40) != 0, (flags & 0x0C) == 0x0C);
        return deep || !subsampled ? DeepBytes : PlainBytes;
    }

    /// <summary>The size in the container, or that of the coded frames if larger: the decoder uses the latter.</summary>
    private static (int Width, int Height) LargestFrame(Heif heif, HeifItem item)
    {
        var stated = heif.SizeOf(item);
        var coded = Av1.LargestFrame(heif, item);
        return (Math.Max(stated.Width, coded.Width), Math.Max(stated.Height, coded.Height));
    }

    /// <summary>The decoder uses the size in the grid itself.</summary>
    private static (int Width, int Height) GridSize(Heif heif, HeifItem grid)
    {
        var at = 0;
        uint Read(int bytes)
        {
            var value = 0U;
            for (; bytes > 0; bytes--)
                value = value << 8 | (heif.ByteOf(grid, at++) ?? throw heif.File.CutOff());
            return value;
        }
        if (grid.Type != "grid" || Read(1) != 0)
            throw heif.File.Broken("its grid is of no known kind");
        var bytes = (Read(1) & 1) == 0 ? 2 : 4;
        Read(2);
        var (width, height) = (Read(bytes), Read(bytes));
        return (width, height) is (> 0 and < int.MaxValue, > 0 and < int.MaxValue)
            ? ((int)width, (int)height)
            : throw heif.File.Broken($"its grid has {width} × {height} pixels");
    }
}
