using System.Runtime.InteropServices;

namespace StoriesCli.Server.Storage;

/// <summary>
/// Compares ids of rows. It hashes only their ends, which are random or counted up, several times as fast as the hash that .NET
/// guards against chosen keys: the server chooses the keys of its maps.
/// </summary>
internal sealed class IdComparer : IEqualityComparer<string>
{
    // 16 bytes: the random part of a ULID that two of the same millisecond differ in.
    private const int EndCharacters = 8;

    public static readonly IdComparer Instance = new();

    private IdComparer() { }

    public bool Equals(string? x, string? y) => string.Equals(x, y);

    public int GetHashCode(string obj)
    {
        if (obj.Length < EndCharacters)
            return obj.Length;
        var end = MemoryMarshal.Cast<char, ulong>(obj.AsSpan(obj.Length - EndCharacters));
        // Multiplying spreads each bit over those above it: the upper half depends on all.
        var hash = (end[0] * 0x9E37_79B9_7F4A_7C15) ^ (end[1] * 0xC2B2_AE3D_27D4_EB4F);
        hash = (hash ^ (hash >> 32)) * 0x9E37_79B9_7F4A_7C15;
        return (int)(hash >> 32);
    }
}
