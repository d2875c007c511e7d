using System.Buffers.Binary;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Ogg's CRC-32, which is not reflected and has no final inversion. The .NET library has no such variant.</summary>
internal static class OggChecksum
{
    private const uint Polynomial = 0x04C11DB7;
    private const int At = 22;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static void Write(Span<byte> page)
    {
        page.Slice(At, 4).Clear();
        uint sum = 0;
        foreach (var b in page)
            sum = sum << 8 ^ Table[sum >> 24 ^ b];
        BinaryPrimitives.WriteUInt32LittleEndian(page[At..], sum);
    }

    private static uint Entry(int index)
    {
        var value = (uint)index << 24;
        for (var bit = 0; bit < 8; bit++)
            value = (value & 0x80000000) != 0 ? value << 1 ^ Polynomial : value << 1;
        return value;
    }
}
