using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>Adds a position and an orientation to images, as cameras do.</summary>
internal static class Exif
{
    /// <summary>A TIFF block with the orientation, a description, and a position whose method field also contains the secret.</summary>
    public static byte[] Block(int orientation)
    {
        var text = Encoding.ASCII.GetBytes(SampleMedia.Secret + "\0");
        var block = new MemoryStream();
        var writer = new BinaryWriter(block);
        const int first = 8,
            firstEntries = 3,
            gps = first + 2 + firstEntries * 12 + 4,
            gpsEntries = 3;
        var data = gps + 2 + gpsEntries * 12 + 4;
        writer.Write("II*\0"u8);
        writer.Write(first);
        writer.Write((ushort)firstEntries);
        Entry(writer, 0x010E, 2, text.Length, data);
        Entry(writer, 0x0112, 3, 1, orientation);
        Entry(writer, 0x8825, 4, 1, gps);
        writer.Write(0);
        writer.Write((ushort)gpsEntries);
        Entry(writer, 1, 2, 2, 'N');
        Entry(writer, 2, 5, 3, data + text.Length);
        Entry(writer, 0x1B, 7, text.Length, data);
        writer.Write(0);
        writer.Write(text);
        foreach (var part in new[] { 48, 1, 12, 1, 2952, 100 })
            writer.Write(part);
        if (block.Length % 2 == 1)
            writer.Write((byte)0);
        return block.ToArray();
    }

    public static byte[] IntoJpeg(byte[] jpeg, byte[] tiff)
    {
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        byte[] xmp = [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(SampleMedia.Secret)];
        byte[] iptc = [.. "Photoshop 3.0\0"u8, .. Encoding.UTF8.GetBytes(SampleMedia.Secret)];
        byte[] trailer = Encoding.UTF8.GetBytes("ftypmp42" + SampleMedia.Secret);
        return
        [
            .. jpeg[..2],
            .. Segment(0xE1, exif),
            .. Segment(0xE1, xmp),
            .. Segment(0xED, iptc),
            .. Segment(0xFE, Encoding.UTF8.GetBytes(SampleMedia.Secret)),
            .. jpeg[2..],
            .. trailer,
        ];
    }

    public static byte[] IntoPng(byte[] png, byte[] tiff)
    {
        const int afterHeader = 8 + 25;
        byte[] text = [.. "Comment\0"u8, .. Encoding.UTF8.GetBytes(SampleMedia.Secret)];
        return
        [
            .. png[..afterHeader],
            .. Chunk("eXIf", tiff),
            .. Chunk("tEXt", text),
            .. Chunk("prVt", text),
            .. png[afterHeader..],
            .. text,
        ];
    }

    /// <summary>For a still image in the simple format.</summary>
    public static byte[] IntoWebP(byte[] webp, byte[] tiff, int width, int height)
    {
        byte[] extended = [0x0C, 0, 0, 0, (byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8), 0];
        byte[] xmp = Encoding.UTF8.GetBytes(SampleMedia.Secret + (SampleMedia.Secret.Length % 2 == 0 ? "" : " "));
        byte[] chunks = [.. "WEBP"u8, .. RiffChunk("VP8X", extended), .. webp[12..], .. RiffChunk("EXIF", tiff), .. RiffChunk("XMP ", xmp)];
        return [.. RiffChunk("RIFF", chunks), .. xmp];
    }

    public static byte[] Chunk(string type, byte[] payload)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. payload];
        var chunk = new byte[4 + body.Length + 4];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, (uint)payload.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + body.Length), Crc32.HashToUInt32(body));
        return chunk;
    }

    private static byte[] RiffChunk(string type, byte[] payload)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)payload.Length);
        return [.. Encoding.ASCII.GetBytes(type), .. size, .. payload];
    }

    private static byte[] Segment(byte marker, byte[] payload) =>
        [0xFF, marker, (byte)((payload.Length + 2) >> 8), (byte)(payload.Length + 2), .. payload];

    private static void Entry(BinaryWriter writer, int tag, int type, int count, int value)
    {
        writer.Write((ushort)tag);
        writer.Write((ushort)type);
        writer.Write(count);
        writer.Write(value);
    }
}
