using System.Text;

namespace StoriesCli.Contracts;

/// <summary>Recognises AVIF and HEIC pictures by the brands in their first box, with the same names in client and server.</summary>
public static class HeifBrands
{
    /// <summary>Name of an AVIF picture in messages.</summary>
    public const string Avif = "an AVIF picture";

    /// <summary>Name of a HEIC picture in messages. Many phones make HEIC by default.</summary>
    public const string Heic = "a HEIC picture";

    private static readonly string[] OfAvif = ["avif", "avis", "avio", "MA1A", "MA1B"],
        OfHeic = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"],
        General = ["mif1", "mif2", "msf1", "miaf", "1pic"];

    /// <summary><see cref="Avif"/>, <see cref="Heic"/>, or null for any other file.</summary>
    /// <param name="head">First bytes of the file, 64 or all if it has fewer.</param>
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
        // A generic brand: the list of compatible brands says which codec it is.
        var size = (int)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length);
        for (var at = 16; at + 4 <= size; at += 4)
        {
            if (OfAvif.Contains(Encoding.Latin1.GetString(head[at..(at + 4)])))
                return Avif;
        }
        return Heic;
    }
}
