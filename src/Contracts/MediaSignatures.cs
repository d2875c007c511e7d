namespace StoriesCli.Contracts;

/// <summary>A format that the first bytes of a media file name.</summary>
public enum MediaFormat
{
    /// <summary>A JPEG picture.</summary>
    Jpeg,

    /// <summary>A PNG picture.</summary>
    Png,

    /// <summary>A GIF picture.</summary>
    Gif,

    /// <summary>A WebP picture.</summary>
    WebP,

    /// <summary>An AVIF picture.</summary>
    Avif,

    /// <summary>A HEIC picture, which only some servers convert.</summary>
    Heic,

    /// <summary>A WebM or other Matroska file.</summary>
    WebM,

    /// <summary>An MP4 file.</summary>
    Mp4,

    /// <summary>A QuickTime file.</summary>
    QuickTime,

    /// <summary>An M4A file.</summary>
    M4A,

    /// <summary>MP3 audio: a tag, or the sync bits of a frame.</summary>
    Mp3,

    /// <summary>An Ogg file.</summary>
    Ogg,

    /// <summary>A WAV file.</summary>
    Wav,
}

/// <summary>The table of first bytes that client and server recognise media by.</summary>
public static class MediaSignatures
{
    private const int BoxBytes = 12;

    /// <summary>The first eight bytes of a PNG picture.</summary>
    public static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The format of a file, or null when it is none of these.</summary>
    /// <param name="head">The file's first bytes; 64 are enough.</param>
    public static MediaFormat? Recognise(ReadOnlySpan<byte> head) =>
        head switch
        {
            [0xFF, 0xD8, 0xFF, ..] => MediaFormat.Jpeg,
            [0x1A, 0x45, 0xDF, 0xA3, ..] => MediaFormat.WebM,
            _ when head.StartsWith(Png) => MediaFormat.Png,
            _ when head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) => MediaFormat.Gif,
            _ when head.StartsWith("OggS"u8) => MediaFormat.Ogg,
            _ when head.StartsWith("ID3"u8) => MediaFormat.Mp3,
            _ when head.StartsWith("RIFF"u8) && head.Length >= BoxBytes => RecogniseRiff(head[8..BoxBytes]),
            [0xFF, var second, ..] when (second & 0xE0) == 0xE0 && (second & 0x06) != 0 => MediaFormat.Mp3,
            _ when head.Length >= BoxBytes => RecogniseBox(head),
            _ => null,
        };

    /// <summary>The kind of story, one of <see cref="StoryKinds"/>, that a file of this format becomes, as far as its first bytes tell.</summary>
    public static string KindOf(MediaFormat format) =>
        format switch
        {
            MediaFormat.WebM or MediaFormat.Mp4 or MediaFormat.QuickTime => StoryKinds.Video,
            MediaFormat.M4A or MediaFormat.Mp3 or MediaFormat.Ogg or MediaFormat.Wav => StoryKinds.Audio,
            _ => StoryKinds.Image,
        };

    private static MediaFormat? RecogniseRiff(ReadOnlySpan<byte> form) =>
        form.SequenceEqual("WEBP"u8) ? MediaFormat.WebP
        : form.SequenceEqual("WAVE"u8) ? MediaFormat.Wav
        : null;

    private static MediaFormat? RecogniseBox(ReadOnlySpan<byte> head)
    {
        var type = head[4..8];
        if (!type.SequenceEqual("ftyp"u8))
        {
            // QuickTime files older than brands begin with whatever box comes first.
            return
                type.SequenceEqual("moov"u8)
                || type.SequenceEqual("mdat"u8)
                || type.SequenceEqual("wide"u8)
                || type.SequenceEqual("free"u8)
                || type.SequenceEqual("skip"u8)
                ? MediaFormat.QuickTime
                : null;
        }
        var brand = head[8..BoxBytes];
        return HeifBrands.Name(head) switch
        {
            HeifBrands.Avif => MediaFormat.Avif,
            HeifBrands.Heic => MediaFormat.Heic,
            _ when brand.SequenceEqual("M4A "u8) || brand.SequenceEqual("M4B "u8) => MediaFormat.M4A,
            _ when brand.SequenceEqual("qt  "u8) => MediaFormat.QuickTime,
            _ => MediaFormat.Mp4,
        };
    }
}
