using System.Buffers.Binary;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>WebP, still or animated: chunks in one RIFF form.</summary>
internal static class WebP
{
    private const int Most = 200_000;

    // Measured: pixels with alpha, the decoder's planes, and the output.
    private const int WholeBytesPerPixel = 9;
    private const long ShrunkPixels = 2_000_000;

    // Flags of profile, alpha and animation.
    private const byte ExifFlag = 0x08,
        DrawnFlags = 0x32;
    private const int HeaderBytes = 10,
        AnimationBytes = 6,
        FrameBytes = 16,
        ProfileHeaderBytes = 128;

    private readonly record struct Chunk(string Type, long Offset, uint Size)
    {
        public long Payload => Offset + 8;
        public long End => Payload + Size + (Size & 1);
    }

    public static ImageShape Inspect(FileBytes file)
    {
        int width = 0,
            height = 0,
            orientation = ExifOrientation.Upright;
        long frames = 0;
        bool picture = false,
            lossy = true,
            told = false;
        foreach (var chunk in Walk(file))
        {
            if (width == 0)
                (width, height) = Dimensions(file, chunk);
            if (chunk.Type == "ANMF")
                frames++;
            if (chunk.Type is "ANMF" or "VP8 " or "VP8L")
                picture = true;
            lossy &= chunk.Type is not ("VP8L" or "ALPH" or "ANMF");
            if (chunk.Type == "EXIF" && !told)
                (told, orientation) = (true, OrientationOf(file, chunk));
        }
        if (!picture || width == 0 || height == 0)
            throw file.Broken("it has no picture in it");
        var pixels = (long)width * height;
        return new ImageShape(width, height, Math.Max(frames, 1), orientation)
        {
            HeldBytes = WholeBytesPerPixel * pixels,
            // Only a lossy image without alpha is scaled while it is read. For others the decoder holds complete planes.
            HeldWhenShrunk =
                (WholeBytesPerPixel * Math.Min(pixels, ShrunkPixels))
                + (
                    frames > 0 ? WholeBytesPerPixel * pixels
                    : lossy ? pixels / 2
                    : 5 * pixels
                ),
            Stored = "a WebP, which is decoded as a whole",
        };
    }

    public static void FindMetadata(FileBytes file, FileEdits edits)
    {
        var seen = new HashSet<string>();
        long end = 12,
            size = 0;
        var chunks = Walk(file).ToList();
        var exif = chunks.Find(chunk => chunk.Type == "EXIF");
        var turned =
            exif.Type is not null
            && exif.Size >= ExifOrientation.Write(OrientationOf(file, exif)).Length
            && OrientationOf(file, exif) != ExifOrientation.Upright;
        foreach (var chunk in chunks)
        {
            end = chunk.End;
            var isFirst = seen.Add(chunk.Type is "VP8L" ? "VP8 " : chunk.Type);
            var removed = chunk.Type switch
            {
                "ANMF" => CleanFrame(file, chunk, edits),
                "EXIF" when turned && isFirst => Replace(chunk, OnlyOrientation(OrientationOf(file, chunk)), edits),
                "VP8X" when isFirst => CleanHeader(file, chunk, turned, edits),
                _ when isFirst && IsKept(file, chunk) => 0,
                _ => Replace(chunk, [], edits),
            };
            size += chunk.End - chunk.Offset - removed;
        }
        var riff = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(riff, (uint)(4 + size));
        edits.Overwrite(4, riff);
        edits.Remove(end, file.Length - end);
    }

    private static bool IsKept(FileBytes file, Chunk chunk) =>
        chunk.Type switch
        {
            "VP8 " or "VP8L" or "ALPH" => true,
            "ANIM" => chunk.Size == AnimationBytes,
            "ICCP" => chunk.Size >= ProfileHeaderBytes
                && file.StartsWith(chunk.Payload + 36, "acsp"u8)
                && chunk.Size - (long)file.U32(chunk.Payload) is >= 0 and < 4,
            _ => false,
        };

    /// <summary>Returns by how many bytes this shortens the file.</summary>
    private static long Replace(Chunk chunk, byte[] with, FileEdits edits)
    {
        var before = chunk.End - chunk.Offset;
        if (with.Length == 0)
            edits.Remove(chunk.Offset, before);
        else
            edits.Replace(chunk.Offset, before, with);
        return before - with.Length;
    }

    private static long CleanHeader(FileBytes file, Chunk chunk, bool hasExif, FileEdits edits)
    {
        edits.Overwrite(chunk.Payload, [(byte)((file.U8(chunk.Payload) & DrawnFlags) | (hasExif ? ExifFlag : 0)), 0, 0, 0]);
        edits.Zero(chunk.Payload + HeaderBytes, chunk.End);
        return 0;
    }

    /// <summary>Keeps a frame's image and alpha. Writers may add anything after them.</summary>
    private static long CleanFrame(FileBytes file, Chunk frame, FileEdits edits)
    {
        var seen = new HashSet<string>();
        long removed = 0,
            at = frame.Payload + FrameBytes,
            end = frame.Payload + frame.Size;
        var cut = new List<(long Offset, long Bytes)>();
        while (end - at >= 8)
        {
            var chunk = new Chunk(file.FourCc(at), at, file.U32Little(at + 4));
            if (chunk.Payload + chunk.Size > end)
                break;
            var next = Math.Min(chunk.End, end);
            if (chunk.Type is not ("VP8 " or "VP8L" or "ALPH") || !seen.Add(chunk.Type is "VP8L" ? "VP8 " : chunk.Type))
                cut.Add((at, next - at));
            at = next;
        }
        if (at < end)
            cut.Add((at, end - at));
        // The padding byte goes too, because the remaining length is even.
        if (cut.Count > 0 && frame.End > end)
            cut.Add((end, frame.End - end));
        foreach (var (_, bytes) in cut)
            removed += bytes;
        if (removed == 0)
            return 0;
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)(frame.End - frame.Payload - removed));
        edits.Overwrite(frame.Offset + 4, size);
        foreach (var (offset, bytes) in cut)
            edits.Remove(offset, bytes);
        return removed;
    }

    private static byte[] OnlyOrientation(int orientation)
    {
        var tiff = ExifOrientation.Write(orientation);
        return [.. "EXIF"u8, (byte)tiff.Length, 0, 0, 0, .. tiff];
    }

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
        if (end > file.Length)
            throw file.CutOff();
        long at = 12;
        for (var seen = 0; end - at >= 8; seen++)
        {
            if (seen == Most)
                throw file.Broken($"it has more than {Most} chunks");
            var chunk = new Chunk(file.FourCc(at), at, file.U32Little(at + 4));
            if (chunk.End > end)
                throw file.CutOff();
            yield return chunk;
            at = chunk.End;
        }
        if (at == 12)
            throw file.Broken("it is empty");
    }
}
