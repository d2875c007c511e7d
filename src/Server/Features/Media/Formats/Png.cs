using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>PNG and animated PNG: chunks from the signature to IEND.</summary>
internal static class Png
{
    public static ReadOnlySpan<byte> Signature => MediaSignatures.Png;

    private const int Most = 200_000,
        MostProfileBytes = 4 * 1024 * 1024,
        ControlBytes = 26,
        NameBytes = 79;

    // The critical chunks. A file with any other critical chunk is refused.
    private static readonly HashSet<string> Needed = ["IHDR", "PLTE", "IDAT", "IEND"];

    private readonly record struct Chunk(string Type, long Offset, uint Size)
    {
        public long Payload => Offset + 8;
        public long End => Payload + Size + 4;
    }

    public static ImageShape Inspect(FileBytes file)
    {
        uint width = 0,
            height = 0;
        var orientation = ExifOrientation.Upright;
        long frames = 0,
            data = 0;
        var (depth, colours, interlaced, transparent, told) = (0, 0, false, false, false);
        foreach (var chunk in Walk(file))
        {
            if (chunk.Type == "IHDR" && width == 0)
            {
                if (chunk.Size != 13)
                    throw file.Broken("its header has the wrong size");
                (width, height) = (file.U32(chunk.Payload), file.U32(chunk.Payload + 4));
                (depth, colours, interlaced) = (file.U8(chunk.Payload + 8), file.U8(chunk.Payload + 9), file.U8(chunk.Payload + 12) != 0);
                if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
                    throw file.Broken($"its picture has {width} × {height} pixels");
            }
            else if (width == 0)
                throw file.Broken("its header does not come first");
            else if (char.IsAsciiLetterUpper(chunk.Type[0]) && !Needed.Contains(chunk.Type))
                throw file.Broken($"no decoder knows its chunk '{chunk.Type}'");
            else if (chunk.Type == "IDAT")
                data += chunk.Size;
            else if (chunk.Type == "fcTL")
                frames++;
            else if (chunk.Type == "eXIf" && !told)
                (told, orientation) = (true, OrientationOf(file, chunk));
            else if (chunk.Type == "tRNS")
                transparent = true;
        }
        if (data == 0)
            throw file.Broken("it has no picture in it");
        var pixelBytes = PixelBytes(depth, colours, transparent);
        return new ImageShape((int)width, (int)height, Math.Max(frames, 1), orientation)
        {
            PixelBytes = pixelBytes,
            // The first rows of an interlaced image are complete only after the last pass.
            HeldBytes = interlaced ? (long)width * height * pixelBytes : 0,
            Stored = interlaced ? "interlaced" : "stored in rows",
            Remedy = interlaced ? "Save it without interlacing, or smaller." : "Post a smaller picture.",
        };
    }

    private static int PixelBytes(int depth, int colours, bool transparent)
    {
        var channels =
            colours switch
            {
                0 => 1,
                2 or 3 => 3,
                4 => 2,
                _ => 4,
            } + (transparent && colours is (0 or 2 or 3) ? 1 : 0);
        return channels * (depth > 8 ? 2 : 1);
    }

    /// <summary>Keeps the image, its animation, and the first of each chunk that a decoder needs to show it right, if its length is valid.</summary>
    public static void FindMetadata(FileBytes file, FileEdits edits)
    {
        var end = file.Length;
        var colours = 0;
        var seen = new HashSet<string>();
        foreach (var chunk in Walk(file))
        {
            end = chunk.End;
            if (chunk.Type == "IHDR")
                colours = file.U8(chunk.Payload + 9);
            // No decoder shows frames without the animation's header.
            var isFrame = seen.Contains("acTL") && (chunk.Type == "fdAT" || (chunk.Type == "fcTL" && chunk.Size == ControlBytes));
            if (chunk.Type == "IDAT" || isFrame)
                continue;
            var isFirst = seen.Add(chunk.Type);
            if (chunk.Type == "eXIf" && isFirst && OrientationOf(file, chunk) is var orientation and not ExifOrientation.Upright)
                KeepOrientation(chunk, orientation, edits);
            else if (chunk.Type == "iCCP" && isFirst && Rename(file, chunk) is { } profile)
                edits.Replace(chunk.Offset, chunk.End - chunk.Offset, profile);
            else if (chunk.Type == "IEND" && chunk.Size > 0)
                edits.Replace(chunk.Offset, chunk.End - chunk.Offset, Build("IEND", []));
            else if (!isFirst || !HasItsLength(chunk, colours))
                edits.Remove(chunk.Offset, chunk.End - chunk.Offset);
        }
        edits.Remove(end, file.Length - end);
    }

    private static bool HasItsLength(Chunk chunk, int colours) =>
        chunk.Type switch
        {
            "IHDR" or "IEND" => true,
            "PLTE" => colours == 3 && chunk.Size is > 0 and <= 3 * 256 && chunk.Size % 3 == 0,
            "tRNS" => colours switch
            {
                0 => chunk.Size == 2,
                2 => chunk.Size == 6,
                3 => chunk.Size is > 0 and <= 256,
                _ => false,
            },
            "bKGD" => chunk.Size
                == colours switch
                {
                    0 or 4 => 2,
                    3 => 1,
                    _ => 6,
                },
            "sBIT" => chunk.Size
                == colours switch
                {
                    0 => 1,
                    4 => 2,
                    6 => 4,
                    _ => 3,
                },
            "cHRM" => chunk.Size == 32,
            "gAMA" or "cICP" => chunk.Size == 4,
            "sRGB" => chunk.Size == 1,
            "mDCV" => chunk.Size == 24,
            "cLLI" or "acTL" => chunk.Size == 8,
            "pHYs" => chunk.Size == 9,
            _ => false,
        };

    /// <summary>The colour profile under a neutral name; null when it is not a profile.</summary>
    private static byte[]? Rename(FileBytes file, Chunk chunk)
    {
        if (chunk.Size is < 16 or > MostProfileBytes)
            return null;
        var name = file.Read(chunk.Payload, (int)Math.Min(chunk.Size, NameBytes + 1)).IndexOf((byte)0);
        if (name < 1)
            return null;
        var bytes = new byte[chunk.Size];
        for (var at = 0; at < bytes.Length; )
        {
            var part = file.ReadUpTo(chunk.Payload + at, bytes.Length - at);
            part.CopyTo(bytes.AsSpan(at));
            at += part.Length;
        }
        if (!IsProfile(bytes.AsSpan(name + 2)))
            return null;
        // Never longer than before.
        var kept = Math.Min(name, 3);
        var named = bytes.AsSpan(name - kept);
        "ICC"u8[..kept].CopyTo(named);
        return Build("iCCP", named);
    }

    private static bool IsProfile(ReadOnlySpan<byte> compressed)
    {
        try
        {
            using var profile = new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
            Span<byte> head = stackalloc byte[40];
            profile.ReadExactly(head);
            return head[36..].SequenceEqual("acsp"u8);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
    }

    private static byte[] Build(string type, ReadOnlySpan<byte> payload)
    {
        var chunk = new byte[12 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, payload.Length);
        System.Text.Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        payload.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc32.HashToUInt32(chunk.AsSpan(4..^4)));
        return chunk;
    }

    private static void KeepOrientation(Chunk chunk, int orientation, FileEdits edits)
    {
        var tiff = ExifOrientation.Write(orientation);
        if (chunk.Size < tiff.Length)
            return;
        edits.Replace(chunk.Offset, chunk.End - chunk.Offset, Build("eXIf", tiff));
    }

    private static int OrientationOf(FileBytes file, Chunk chunk) =>
        ExifOrientation.Read(file.Read(chunk.Payload, (int)Math.Min(chunk.Size, FileBytes.WindowBytes)));

    private static IEnumerable<Chunk> Walk(FileBytes file)
    {
        long at = Signature.Length;
        for (var seen = 0; ; seen++)
        {
            if (seen == Most)
                throw file.Broken($"it has more than {Most} chunks");
            var chunk = new Chunk(file.FourCc(at + 4), at, file.U32(at));
            if (!chunk.Type.All(char.IsAsciiLetter))
                throw file.Broken($"there is no chunk at byte {at}");
            if (chunk.End > file.Length)
                throw file.CutOff();
            yield return chunk;
            if (chunk.Type == "IEND")
                yield break;
            at = chunk.End;
        }
    }
}
