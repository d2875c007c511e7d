namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>GIF: blocks from the screen's header to the trailer. Many writers omit the trailer and just end the file.</summary>
internal static class Gif
{
    private const byte Extension = 0x21,
        Picture = 0x2C,
        Trailer = 0x3B;
    private const int HeldBytesPerPixel = 6;
    private const byte ControlLabel = 0xF9,
        TextLabel = 0x01,
        ApplicationLabel = 0xFF;
    private const int ControlBytes = 8,
        LoopBytes = 19,
        NameBytes = 11,
        MostProfileBytes = 4 * 1024 * 1024;

    /// <summary>An extension with its label, an image, or the trailer.</summary>
    private readonly record struct Block(byte Kind, byte Label, long Offset, long End);

    public static ImageShape Inspect(FileBytes file)
    {
        int width = file.U16Little(6),
            height = file.U16Little(8);
        if (width == 0 || height == 0)
            throw file.Broken($"its picture has {width} × {height} pixels");
        var (frames, largest) = (0L, (Width: width, Height: height));
        foreach (var block in Walk(file))
        {
            if (block.Kind != Picture)
                continue;
            frames++;
            var frame = (Width: (int)file.U16Little(block.Offset + 5), Height: (int)file.U16Little(block.Offset + 7));
            if ((long)frame.Width * frame.Height > (long)largest.Width * largest.Height)
                largest = frame;
        }
        if (frames == 0)
            throw file.Broken("it has no picture in it");
        return new ImageShape(width, height, frames, ExifOrientation.Upright)
        {
            LargestFrame = largest,
            // The canvas with its alpha channel, and a frame.
            HeldBytes = HeldBytesPerPixel * Math.Max((long)width * height, (long)largest.Width * largest.Height),
            Stored = "a GIF, which is decoded as a whole",
        };
    }

    /// <summary>Keeps images, how each is shown, the loop count, and a colour profile. Removes texts and other extensions.</summary>
    public static void FindMetadata(FileBytes file, FileEdits edits)
    {
        var end = file.Length;
        Block? control = null;
        bool loops = false,
            profiled = false;
        foreach (var block in Walk(file))
        {
            end = block.End;
            if (block.Kind == Picture)
            {
                control = null;
                continue;
            }
            // The last control extension before an image applies to it; one before a text is removed with the text.
            if (block is { Kind: Trailer } or { Label: ControlLabel or TextLabel } && control is { } before)
            {
                edits.Remove(before.Offset, before.End - before.Offset);
                control = null;
            }
            if (block.Kind == Trailer)
                break;
            if (block.Label == ControlLabel && IsControl(file, block))
                control = block;
            else if (!loops && FindLoop(file, block) is { } loop)
            {
                loops = true;
                if (block.End - block.Offset != LoopBytes)
                    edits.Replace(block.Offset, block.End - block.Offset, loop);
            }
            else if (!profiled && IsProfile(file, block))
                profiled = true;
            else
                edits.Remove(block.Offset, block.End - block.Offset);
        }
        edits.Remove(end, file.Length - end);
    }

    private static bool IsControl(FileBytes file, Block block) =>
        block.End - block.Offset == ControlBytes && file.U8(block.Offset + 2) == 4;

    /// <summary>The loop extension, with only the loop count; null for another extension.</summary>
    private static byte[]? FindLoop(FileBytes file, Block block)
    {
        if (!IsOf(file, block, "NETSCAPE2.0"u8) && !IsOf(file, block, "ANIMEXTS1.0"u8))
            return null;
        for (var at = block.Offset + 3 + NameBytes; file.U8(at) is > 0 and var size; at += 1 + size)
            if (size == 3 && file.U8(at + 1) == 1)
                return [.. file.Read(block.Offset, 3 + NameBytes), .. file.Read(at, 4), 0];
        return null;
    }

    private static bool IsProfile(FileBytes file, Block block)
    {
        if (!IsOf(file, block, "ICCRGBG1012"u8) || block.End - block.Offset > MostProfileBytes)
            return false;
        var at = block.Offset + 3 + NameBytes;
        if (file.U8(at) < 40 || !file.StartsWith(at + 1 + 36, "acsp"u8))
            return false;
        long stated = file.U32(at + 1),
            bytes = 0;
        for (; file.U8(at) is > 0 and var size; at += 1 + size)
            bytes += size;
        return bytes == stated;
    }

    private static bool IsOf(FileBytes file, Block block, ReadOnlySpan<byte> name) =>
        block.Label == ApplicationLabel && file.U8(block.Offset + 2) == NameBytes && file.StartsWith(block.Offset + 3, name);

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
            if (size == 0)
                return at;
        }
    }
}
