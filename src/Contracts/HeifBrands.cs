using System.Text;

namespace StoriesCli.Contracts;

/// <summary>Tells AVIF and HEIC pictures by the brands that their first box names; client and server call them the same.</summary>
public static class HeifBrands
{
    /// <summary>What an AVIF picture is called in messages.</summary>
    public const string Avif = "an AVIF image";

    /// <summary>What a HEIC picture is called in messages, the default of many telephones.</summary>
    public const string Heic = "a HEIC image";

    private static readonly string[] OfAvif = ["avif", "avis", "avio", "MA1A", "MA1B"],
        OfHeic = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"],
        General = ["mif1", "mif2", "msf1", "miaf", "1pic"];

    /// <summary><see cref="Avif"/>, <see cref="Heic"/>, or null for what is neither.</summary>
    /// <param name="head">The file's first bytes, 64 or more if it has as many.</param>
    public static string? Name(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head[4..8].SequenceEqual("ftyp"u8))
            return null;
        var major = Encoding.Latin1.GetString(head[8..12]);
        if (OfAvif.Contains(major))
            return Avif;
        if (OfHeic.Contains(major))
            return Heic;
        if (!General.Contains(major))
            return null;
        // A general brand: which codec it is say those that the file is compatible with.
        var size = (int)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length);
        for (var at = 16; at + 4 <= size; at += 4)
        {
            if (OfAvif.Contains(Encoding.Latin1.GetString(head[at..(at + 4)])))
                return Avif;
        }
        return Heic;
    }
}
