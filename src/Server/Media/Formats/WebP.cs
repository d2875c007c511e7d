using System.Buffers.Binary;

namespace StoriesCli.Server.Media.Formats;

/// <summary>WebP, still or animated: chunks in one RIFF form.</summary>
internal static class WebP
{
    private const int Most = 200_000;
    // Measured: pixels with alpha, the decoder's own planes, and what is written of them.
    private const int WholeBytesOfAPixel = 9;
    private const long ShrunkPixels = 2_000_000;
    private const byte ExifFlag = 0x08, XmpFlag = 0x04;

    private readonly record struct Chunk(string Type, long Offset, uint Size)
    {
        public long Payload => Offset + 8;
        public long End => Payload + Size + (Size & 1);
    }

    public static ImageShape Inspect(FileBytes file)
    {
        int width = 0, height = 0, orientation = ExifOrientation.Upright;
        long frames = 0;
        bool picture = false, lossy = true;
        foreach (var chunk in Walk(file))
        {
            if (width == 0) (width, height) = Dimensions(file, chunk);
            if (chunk.Type == "ANMF") frames++;
            if (chunk.Type is "ANMF" or "VP8 " or "VP8L") picture = true;
            lossy &= chunk.Type is not ("VP8L" or "ALPH" or "ANMF");
            if (chunk.Type == "EXIF") orientation = OrientationOf(file, chunk);
        }
        if (!picture || width == 0 || height == 0) throw file.Broken("it has no picture in it");
        var pixels = (long)width * height;
        return new ImageShape(width, height, Math.Max(frames, 1), orientation)
        {
            HeldBytes = WholeBytesOfAPixel * pixels,
            // Only a lossy picture without transparency is scaled while it is read; of others the planes are there as a whole.
            HeldWhenShrunk = (WholeBytesOfAPixel * Math.Min(pixels, ShrunkPixels)) + (frames > 0 ? WholeBytesOfAPixel * pixels : lossy ? pixels / 2 : 5 * pixels),
            Stored = "a WebP, which is decoded as a whole",
        };
    }

    public static void FindMetadata(FileBytes file, FileEdits edits)
    {
        var chunks = Walk(file).ToList();
        var kept = chunks.Select(c => (Chunk: c, With: KeptInstead(file, c))).ToList();
        var end = chunks[^1].End;
        var size = kept.Sum(k => k.With?.Length ?? k.Chunk.End - k.Chunk.Offset);
        var riff = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(riff, (uint)(4 + size));
        edits.Overwrite(4, riff);
        foreach (var (chunk, with) in kept)
        {
            if (chunk.Type == "VP8X")
                edits.Overwrite(chunk.Payload, [WithoutMetadata(file.U8(chunk.Payload), kept.Any(k => k is { Chunk.Type: "EXIF", With: null or { Length: > 0 } }))]);
            else if (with is { Length: 0 })
                edits.Remove(chunk.Offset, chunk.End - chunk.Offset);
            else if (with is not null)
                edits.Replace(chunk.Offset, chunk.End - chunk.Offset, with);
        }
        edits.Remove(end, file.Length - end);
    }

    /// <summary>Null where the chunk stays as it is, empty where it goes.</summary>
    private static byte[]? KeptInstead(FileBytes file, Chunk chunk) => chunk.Type switch
    {
        "VP8X" or "VP8 " or "VP8L" or "ALPH" or "ANIM" or "ANMF" or "ICCP" => null,
        "EXIF" when OrientationOf(file, chunk) is var orientation and not ExifOrientation.Upright => OnlyOrientation(chunk, orientation),
        _ => [],
    };

    private static byte[]? OnlyOrientation(Chunk chunk, int orientation)
    {
        var tiff = ExifOrientation.Write(orientation);
        return chunk.Size < tiff.Length ? null : [.. "EXIF"u8, (byte)tiff.Length, 0, 0, 0, .. tiff];
    }

    private static byte WithoutMetadata(byte flags, bool exif) =>
        (byte)((flags & ~(ExifFlag | XmpFlag)) | (exif ? ExifFlag : 0));

    private static int OrientationOf(FileBytes file, Chunk chunk)
    {
        var block = file.Read(chunk.Payload, (int)Math.Min(chunk.Size, FileBytes.WindowBytes));
        return ExifOrientation.Read(block.StartsWith("Exif\0\0"u8) ? block[6..] : block);
    }

    private static (int Width, int Height) Dimensions(FileBytes file, Chunk chunk)
    {
        var at = file.Read(chunk.Payload, (int)Math.Min(chunk.Size, 10));
        return (chunk.Type, at.Length) switch
        {
            ("VP8X", 10) => (1 + U24(at[4..]), 1 + U24(at[7..])),
            ("VP8L", >= 5) when at[0] == 0x2F => (1 + (U24(at[1..]) & 0x3FFF), 1 + (U24(at[2..]) >> 6 & 0x3FFF)),
            ("VP8 ", 10) when at[3] == 0x9D && at[4] == 0x01 && at[5] == 0x2A => (U24(at[6..]) & 0x3FFF, (at[8] | at[9] << 8) & 0x3FFF),
            _ => throw file.Broken("it does not begin with a picture's header"),
        };
    }

    private static int U24(ReadOnlySpan<byte> at) => at[0] | at[1] << 8 | at[2] << 16;

    private static IEnumerable<Chunk> Walk(FileBytes file)
    {
        var end = 8 + (long)file.U32Little(4);
        if (end > file.Length) throw file.CutOff();
        long at = 12;
        for (var seen = 0; end - at >= 8; seen++)
        {
            if (seen == Most) throw file.Broken($"it has more than {Most} chunks");
            var chunk = new Chunk(file.FourCc(at), at, file.U32Little(at + 4));
            if (chunk.End > end) throw file.CutOff();
            yield return chunk;
            at = chunk.End;
        }
        if (at == 12) throw file.Broken("it is empty");
    }
}
