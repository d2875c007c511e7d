using System.Globalization;
using System.IO.Compression;

namespace StoriesCli.Tui.Images;

/// <summary>The graphics protocol of kitty, Ghostty, Konsole and WezTerm: RGB, packed by zlib, in chunks of base64, placed at the cursor, which stays.</summary>
internal static class KittyEncoder
{
    /// <summary>Before they become 4,096 of base64.</summary>
    private const int ChunkBytes = 3072;

    private const string Begin = "\e_G",
        End = "\e\\";

    /// <summary>One pixel that is looked at and thrown away: who answers can draw.</summary>
    public const string Query = "\e_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\e\\";

    /// <summary>What such a terminal says to <see cref="Query"/>.</summary>
    public const string Answer = "\e_Gi=31;OK";

    /// <summary>Whatever was sent is let go of.</summary>
    public const string DeleteAll = "\e_Ga=d,d=A,q=2\e\\";

    public static string Delete(int id) => string.Create(CultureInfo.InvariantCulture, $"\e_Ga=d,d=I,i={id},q=2\e\\");

    /// <param name="picture">The pixels that are sent.</param>
    /// <param name="id">To delete it by.</param>
    /// <param name="stretch">The cells to fill; null to show it pixel by pixel.</param>
    public static ReadOnlyMemory<byte> Encode(PixelBuffer picture, int id, Box? stretch)
    {
        var size = stretch is { } cells ? string.Create(CultureInfo.InvariantCulture, $",c={cells.Width},r={cells.Height}") : "";
        return Encode(picture, string.Create(CultureInfo.InvariantCulture, $"a=T,i={id},p=1,C=1{size}"), Begin, End);
    }

    /// <param name="picture">The pixels that are sent.</param>
    /// <param name="keys">What is to be done with them.</param>
    /// <param name="begin">Before the keys of each chunk.</param>
    /// <param name="end">After its data.</param>
    public static ReadOnlyMemory<byte> Encode(PixelBuffer picture, string keys, string begin, string end)
    {
        // kitty refuses what is longer packed than it is unpacked, as noise is.
        var packed = Compress(picture.Rgb);
        var isPacked = packed.Length < picture.Rgb.Length;
        ReadOnlySpan<byte> data = isPacked ? packed.Span : picture.Rgb;
        var text = new AsciiWriter(data.Length / 3 * 4 + data.Length / 100 + 200);
        for (var at = 0; at == 0 || at < data.Length; at += ChunkBytes)
        {
            text.Add(begin);
            if (at == 0)
            {
                text.Add(keys)
                    .Add(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $",f=24,{(isPacked ? "o=z," : "")}s={picture.Width},v={picture.Height},q=2,"
                        )
                    );
            }
            text.Add(at + ChunkBytes < data.Length ? "m=1;" : "m=0;")
                .AddBase64(data.Slice(at, Math.Min(ChunkBytes, data.Length - at)))
                .Add(end);
        }
        return text.Written;
    }

    private static ReadOnlyMemory<byte> Compress(byte[] rgb)
    {
        var packed = new MemoryStream(rgb.Length / 2);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rgb);
        }
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }
}
