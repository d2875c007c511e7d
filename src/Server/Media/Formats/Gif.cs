namespace StoriesCli.Server.Media.Formats;

/// <summary>GIF: blocks from the screen's header to the trailer, or to the file's end, which many writers take for one.</summary>
internal static class Gif
{
    private const byte Extension = 0x21, Picture = 0x2C, Trailer = 0x3B;
    private const int HeldBytesOfAPixel = 6;
    private const byte CommentLabel = 0xFE, ApplicationLabel = 0xFF;

    /// <summary>An extension with its label, a picture, or the trailer.</summary>
    private readonly record struct Block(byte Kind, byte Label, long Offset, long End);

    public static ImageShape Inspect(FileBytes file)
    {
        int width = file.U16Little(6), height = file.U16Little(8);
        if (width == 0 || height == 0) throw file.Broken($"its picture has {width} × {height} pixels");
        var (frames, largest) = (0L, (Width: width, Height: height));
        foreach (var block in Walk(file))
        {
            if (block.Kind != Picture) continue;
            frames++;
            var frame = (Width: (int)file.U16Little(block.Offset + 5), Height: (int)file.U16Little(block.Offset + 7));
            if ((long)frame.Width * frame.Height > (long)largest.Width * largest.Height) largest = frame;
        }
        if (frames == 0) throw file.Broken("it has no picture in it");
        return new ImageShape(width, height, frames, ExifOrientation.Upright)
        {
            LargestFrame = largest,
            // The canvas with its alpha, and a frame beside it.
            HeldBytes = HeldBytesOfAPixel * Math.Max((long)width * height, (long)largest.Width * largest.Height),
            Stored = "a GIF, which is decoded as a whole",
        };
    }

    public static void FindMetadata(FileBytes file, FileEdits edits)
    {
        var end = file.Length;
        foreach (var block in Walk(file))
        {
            if (block.Kind == Extension && !IsKept(file, block)) edits.Remove(block.Offset, block.End - block.Offset);
            end = block.End;
        }
        edits.Remove(end, file.Length - end);
    }

    private static bool IsKept(FileBytes file, Block block) => block.Label switch
    {
        CommentLabel => false,
        ApplicationLabel => file.StartsWith(block.Offset + 3, "NETSCAPE2.0"u8) || file.StartsWith(block.Offset + 3, "ANIMEXTS1.0"u8)
            || file.StartsWith(block.Offset + 3, "ICCRGBG1012"u8),
        _ => true,
    };

    private static IEnumerable<Block> Walk(FileBytes file)
    {
        var at = 13 + ColourTableBytes(file.U8(10));
        while (at < file.Length)
        {
            var kind = file.U8(at);
            if (kind == Trailer)
            {
                yield return new Block(kind, 0, at, at + 1);
                yield break;
            }
            var block = kind switch
            {
                Extension => new Block(kind, file.U8(at + 1), at, SkipParts(file, at + 2)),
                Picture => new Block(kind, 0, at, SkipParts(file, at + 10 + ColourTableBytes(file.U8(at + 9)) + 1)),
                _ => throw file.Broken($"there is no block at byte {at}"),
            };
            yield return block;
            at = block.End;
        }
    }

    private static long ColourTableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3L << ((flags & 7) + 1);

    private static long SkipParts(FileBytes file, long at)
    {
        while (true)
        {
            var size = file.U8(at);
            at += 1 + size;
            if (size == 0) return at;
        }
    }
}
