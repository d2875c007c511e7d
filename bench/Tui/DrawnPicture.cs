using System.Buffers.Binary;
using System.IO.Compression;

namespace StoriesCli.Bench.Tui;

/// <summary>Pictures without a file, in PNG: a gradient in the colours of its number, with a grain that no packing takes away.</summary>
internal static class DrawnPicture
{
    private const int Width = 800,
        Height = 534,
        // A byte before each row says how it is packed: 0, not at all.
        RowBytes = 1 + 3 * Width;

    public static byte[] Png(int number)
    {
        var pixels = new byte[RowBytes * Height];
        var grain = new Random(number);
        for (var i = 0; i < Width * Height; i++)
        {
            var (x, y) = (i % Width, i / Width);
            var at = y * RowBytes + 1 + 3 * x;
            pixels[at] = (byte)(x * number / 8 + grain.Next(8));
            pixels[at + 1] = (byte)(y + 37 * number + grain.Next(8));
            pixels[at + 2] = (byte)(x + y + 91 * number + grain.Next(8));
        }
        var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n"u8, 0x1A, .. "\n"u8]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        // Eight bits of red, green and blue.
        (header[8], header[9]) = (8, 2);
        Write(file, [.. "IHDR"u8, .. header]);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(pixels);
        }
        Write(file, [.. "IDAT"u8, .. packed.ToArray()]);
        Write(file, [.. "IEND"u8]);
        return file.ToArray();
    }

    /// <param name="file">Gets the chunk.</param>
    /// <param name="chunk">Its name of four letters, and what is in it.</param>
    private static void Write(MemoryStream file, byte[] chunk)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, chunk.Length - 4);
        file.Write(number);
        file.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(chunk));
        file.Write(number);
    }

    private static uint Checksum(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var each in bytes)
        {
            sum ^= each;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 1 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
            }
        }
        return ~sum;
    }
}
