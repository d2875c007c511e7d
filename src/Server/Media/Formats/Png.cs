using System.Buffers.Binary;
using System.IO.Hashing;

namespace StoriesCli.Server.Media.Formats;

/// <summary>PNG and animated PNG: chunks from the signature to IEND.</summary>
internal static class Png
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private const int Most = 200_000;

    // Of the chunks that a decoder may ignore, those that it needs to show the picture as it was meant.
    private static readonly HashSet<string> Kept =
        ["tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT"];

    private readonly record struct Chunk(string Type, long Offset, uint Size)
    {
        public long Payload => Offset + 8;
        public long End => Payload + Size + 4;
    }

    public static ImageShape Inspect(FileBytes file)
    {
        uint width = 0, height = 0;
        var orientation = ExifOrientation.Upright;
        long frames = 0, data = 0;
        var (depth, colours, interlaced, transparent) = (0, 0, false, false);
        foreach (var chunk in Walk(file))
        {
            if (chunk.Type == "IHDR" && width == 0)
            {
                if (chunk.Size != 13) throw file.Broken("its header has the wrong size");
                (width, height) = (file.U32(chunk.Payload), file.U32(chunk.Payload + 4));
                (depth, colours, interlaced) = (file.U8(chunk.Payload + 8), file.U8(chunk.Payload + 9), file.U8(chunk.Payload + 12) != 0);
                if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue) throw file.Broken($"its picture has {width} × {height} pixels");
            }
            else if (width == 0)
                throw file.Broken("its header does not come first");
            else if (chunk.Type == "IDAT")
                data += chunk.Size;
            else if (chunk.Type == "fcTL")
                frames++;
            else if (chunk.Type == "eXIf")
                orientation = OrientationOf(file, chunk);
            else if (chunk.Type == "tRNS")
                transparent = true;
        }
        if (data == 0) throw file.Broken("it has no picture in it");
        var pixelBytes = PixelBytes(depth, colours, transparent);
        return new ImageShape((int)width, (int)height, Math.Max(frames, 1), orientation)
        {
            PixelBytes = pixelBytes,
            // The first rows of an interlaced picture are whole only when the last pass is in.
            HeldBytes = interlaced ? (long)width * height * pixelBytes : 0,
            Stored = interlaced ? "interlaced" : "stored in rows",
            Remedy = interlaced ? "Save it without interlacing, or smaller." : "Post a smaller picture.",
        };
    }

    private static int PixelBytes(int depth, int colours, bool transparent)
    {
        var channels = colours switch { 0 => 1, 2 or 3 => 3, 4 => 2, _ => 4 } + (transparent && colours is (0 or 2 or 3) ? 1 : 0);
        return channels * (depth > 8 ? 2 : 1);
    }

    public static void FindMetadata(FileBytes file, FileEdits edits)
    {
        var end = file.Length;
        foreach (var chunk in Walk(file))
        {
            if (chunk.Type == "eXIf" && OrientationOf(file, chunk) is var orientation and not ExifOrientation.Upright)
                KeepOrientation(chunk, orientation, edits);
            else if (char.IsAsciiLetterLower(chunk.Type[0]) && !Kept.Contains(chunk.Type))
                edits.Remove(chunk.Offset, chunk.End - chunk.Offset);
            end = chunk.End;
        }
        edits.Remove(end, file.Length - end);
    }

    private static void KeepOrientation(Chunk chunk, int orientation, FileEdits edits)
    {
        var tiff = ExifOrientation.Write(orientation);
        if (chunk.Size < tiff.Length) return;
        byte[] kept = [0, 0, 0, (byte)tiff.Length, .. "eXIf"u8, .. tiff, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(kept.AsSpan(^4), Crc32.HashToUInt32(kept.AsSpan(4..^4)));
        edits.Replace(chunk.Offset, chunk.End - chunk.Offset, kept);
    }

    private static int OrientationOf(FileBytes file, Chunk chunk) =>
        ExifOrientation.Read(file.Read(chunk.Payload, (int)Math.Min(chunk.Size, FileBytes.WindowBytes)));

    private static IEnumerable<Chunk> Walk(FileBytes file)
    {
        long at = Signature.Length;
        for (var seen = 0; ; seen++)
        {
            if (seen == Most) throw file.Broken($"it has more than {Most} chunks");
            var chunk = new Chunk(file.FourCc(at + 4), at, file.U32(at));
            if (!chunk.Type.All(char.IsAsciiLetter)) throw file.Broken($"there is no chunk at byte {at}");
            if (chunk.End > file.Length) throw file.CutOff();
            yield return chunk;
            if (chunk.Type == "IEND") yield break;
            at = chunk.End;
        }
    }
}
