using System.Buffers.Binary;
using System.IO.Compression;

namespace StoriesCli.Tui.Recordings.Svg;

/// <summary>A few pixels as a PNG: a picture in blocks is a fiftieth of what rectangles would take, and shows no seams.</summary>
internal static class PixelPng
{
    /// <param name="pixels">Row by row; null where the ground shows.</param>
    /// <param name="width">Pixels of a row.</param>
    public static byte[] Encode(ReadOnlySpan<Rgb?> pixels, int width)
    {
        var height = pixels.Length / width;
        var rows = new byte[height * (1 + 4 * width)];
        for (var i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] is { } pixel)
            {
                // Each row begins with its filter, which is none.
                ReadOnlySpan<byte> rgba = [pixel.Red, pixel.Green, pixel.Blue, 255];
                rgba.CopyTo(rows.AsSpan(i / width + 1 + 4 * i));
            }
        }
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 6);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(rows);
        }
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
            }
        }
        return ~crc;
    }
}
