using System.Buffers.Binary;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>The only EXIF field that changes how an image looks.</summary>
internal static class ExifOrientation
{
    public const int Upright = 1;

    private const ushort Tag = 0x0112,
        Short = 3;

    /// <summary>Returns 1–8; upright (1) when the block has no valid orientation.</summary>
    /// <param name="tiff">The block, from its byte order mark.</param>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return Upright;
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8))
            return Upright;
        var directory = U32(tiff[4..], little);
        if (directory < 8 || directory > tiff.Length - 2)
            return Upright;
        var entries = tiff[(int)directory..];
        var count = U16(entries, little);
        entries = entries[2..];
        for (var i = 0; i < count && entries.Length >= 12; i++, entries = entries[12..])
        {
            if (U16(entries, little) != Tag || U16(entries[2..], little) != Short)
                continue;
            var value = U16(entries[8..], little);
            return value is >= 1 and <= 8 ? value : Upright;
        }
        return Upright;
    }

    /// <summary>A TIFF block of 26 bytes with only the orientation.</summary>
    public static byte[] Write(int orientation) =>
        [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, (byte)Short, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    private static ushort U16(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint U32(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
