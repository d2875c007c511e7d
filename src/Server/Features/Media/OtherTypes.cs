using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media;

/// <summary>Names file types that are not accepted, so that an error can say what was seen.</summary>
internal static class OtherTypes
{
    private static readonly (int At, byte[] Magic, string Name)[] Table =
    [
        (0, [.. "%PDF-"u8], "a PDF document"),
        (0, [.. "PK\x03\x04"u8], "a ZIP archive"),
        (0, [0x1F, 0x8B, 0x08], "a gzip archive"),
        (0, [0xFD, .. "7zXZ\0"u8], "an XZ archive"),
        (0, [0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive"),
        (0, [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive"),
        (0, [.. "BZh"u8], "a bzip2 archive"),
        (0, [.. "Rar!"u8], "a RAR archive"),
        (257, [.. "ustar"u8], "a tar archive"),
        (0, [0x7F, .. "ELF"u8], "a program (ELF)"),
        (0, [.. "MZ"u8, 0x90, 0x00], "a program (Windows)"),
        (0, [.. "SQLite format 3\0"u8], "an SQLite database"),
        (0, [.. "II*\0"u8], "a TIFF picture"),
        (0, [.. "MM\0*"u8], "a TIFF picture"),
        (0, [.. "8BPS"u8], "a Photoshop picture"),
        (0, [0, 0, 1, 0], "an icon (ICO)"),
        (0, [0xFF, 0x0A], "a JPEG XL picture"),
        (4, [.. "JXL "u8], "a JPEG XL picture"),
        (4, [.. "jP  "u8], "a JPEG 2000 picture"),
        (0, [.. "fLaC"u8], "FLAC audio"),
        (0, [.. "#!AMR"u8], "AMR audio"),
        (0, [.. "MThd"u8], "a MIDI file"),
        (0, [.. "RF64"u8], "RF64 audio"),
        (8, [.. "AIFF"u8], "AIFF audio"),
        (8, [.. "AVI "u8], "an AVI video"),
        (0, [.. "FLV\x01"u8], "a Flash video"),
        (0, [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], "a Windows Media file"),
        (0, [0, 0, 1, 0xBA], "an MPEG program stream"),
        (0, [0, 0, 1, 0xB3], "an MPEG video"),
        (0, [0xFF, 0xFE], "UTF-16 text; text is accepted in UTF-8"),
        (0, [0xFE, 0xFF], "UTF-16 text; text is accepted in UTF-8"),
    ];

    /// <summary>Null when the type has no name here.</summary>
    public static string? Name(ReadOnlySpan<byte> first)
    {
        foreach (var (at, magic, name) in Table)
            if (first.Length >= at + magic.Length && first[at..].StartsWith(magic))
                return name;
        if (first.Length > 188 && first[0] == 0x47 && first[188] == 0x47)
            return "an MPEG transport stream";
        if (first.Length >= 14 && first.StartsWith("BM"u8) && first[6..10].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 0]))
            return "a BMP picture";
        if (first.Length >= 2 && first[0] == 0xFF && (first[1] & 0xF6) == 0xF0)
            return "AAC audio (ADTS)";
        if (first.Length >= 2 && first[0] == 0xFF && (first[1] & 0xE6) == 0xE4)
            return "MPEG audio of layer II";
        return null;
    }

    /// <summary>The first bytes themselves, for a type without a name.</summary>
    public static string Show(ReadOnlySpan<byte> first)
    {
        if (first.IsEmpty)
            return "empty";
        var head = first[..Math.Min(first.Length, 12)];
        var begin = $"begin with {Convert.ToHexStringLower(head)} ({Printable(head)})";
        return OtherEncoding.Name(first) is { } text ? $"{text}; its bytes {begin}" : $"bytes that {begin}";
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes)
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '.');
        return text.ToString();
    }
}
