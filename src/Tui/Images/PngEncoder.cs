using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace StoriesCli.Tui.Images;

/// <summary>Writes a PNG, for pictures that exist only as pixels: two that were blended.</summary>
internal static class PngEncoder
{
    private const byte Sub = 1;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Encode(PixelBuffer picture)
    {
        var file = new MemoryStream(picture.Rgb.Length / 2);
        file.Write(Signature);
        // Eight bits of red, green and blue; the only ways of packing and filtering that there are; not interlaced.
        Span<byte> header = [0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        WriteChunk(file, "IHDR"u8, header);
        var packed = new MemoryStream(picture.Rgb.Length / 2);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new byte[1 + picture.Width * 3];
            line[0] = Sub;
            for (var y = 0; y < picture.Height; y++)
            {
                Filter(picture.Rgb.AsSpan(y * picture.Width * 3, picture.Width * 3), line.AsSpan(1));
                zlib.Write(line);
            }
        }
        WriteChunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>What each byte is more than that of the pixel to its left.</summary>
    private static void Filter(ReadOnlySpan<byte> row, Span<byte> filtered)
    {
        for (var i = 0; i < row.Length; i++)
        {
            filtered[i] = (byte)(row[i] - (i < 3 ? 0 : row[i - 3]));
        }
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var sum = new Crc32();
        sum.Append(type);
        sum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
