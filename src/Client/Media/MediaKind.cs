using StoriesCli.Contracts;

namespace StoriesCli.Client.Media;

/// <summary>Guesses a story's kind from the first bytes of its file, to choose a limit before anything is sent; the server decides.</summary>
public static class MediaKind
{
    /// <summary>How many first bytes are enough.</summary>
    public const int HeadBytes = 4096;

    /// <summary>One of <see cref="StoryKinds"/>, or null for what no server takes.</summary>
    /// <param name="head">The first <see cref="HeadBytes"/> bytes, or all of a shorter file.</param>
    public static string? Guess(ReadOnlySpan<byte> head) =>
        head switch
        {
            [0xff, 0xd8, 0xff, ..] => StoryKinds.Image,
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => StoryKinds.Image,
            [0x1a, 0x45, 0xdf, 0xa3, ..] => StoryKinds.Video,
            _ when head.StartsWith("GIF8"u8) => StoryKinds.Image,
            _ when head.StartsWith("OggS"u8) || head.StartsWith("ID3"u8) => StoryKinds.Audio,
            _ when head.StartsWith("RIFF"u8) && head.Length >= 12 => GuessRiff(head[8..12]),
            _ when head.Length >= 12 && IsBox(head[4..8]) => GuessBox(head),
            [0xff, var second, ..] when (second & 0xe0) == 0xe0 && (second & 0x06) != 0 => StoryKinds.Audio,
            _ => GuessText(head),
        };

    private static string? GuessRiff(ReadOnlySpan<byte> form) =>
        form.SequenceEqual("WEBP"u8) ? StoryKinds.Image
        : form.SequenceEqual("WAVE"u8) ? StoryKinds.Audio
        : null;

    private static bool IsBox(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("ftyp"u8)
        || type.SequenceEqual("moov"u8)
        || type.SequenceEqual("mdat"u8)
        || type.SequenceEqual("wide"u8)
        || type.SequenceEqual("free"u8);

    private static string? GuessBox(ReadOnlySpan<byte> head)
    {
        if (!head[4..8].SequenceEqual("ftyp"u8))
        {
            return StoryKinds.Video;
        }
        // Whether it takes HEIC, which some convert, says the server.
        return HeifBrands.Name(head) is not null ? StoryKinds.Image
            : head[8..12].SequenceEqual("M4A "u8) || head[8..12].SequenceEqual("M4B "u8) ? StoryKinds.Audio
            : StoryKinds.Video;
    }

    /// <summary>Text is what is UTF-8 without the control characters that no text has.</summary>
    private static string? GuessText(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("%PDF"u8) || head.IndexOfAnyInRange((byte)0, (byte)6) >= 0 || head.IndexOfAnyInRange((byte)14, (byte)26) >= 0)
        {
            return null;
        }
        // The last character may be cut off where the head ends.
        for (var cut = 0; cut <= (head.Length == HeadBytes ? 3 : 0); cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(head[..^cut]))
            {
                return Asciicast.VersionOf(head) switch
                {
                    0 => StoryKinds.Text,
                    1 => null,
                    _ => StoryKinds.Recording,
                };
            }
        }
        return null;
    }

    /// <summary>Whether it is a recording of the first version, which is refused by its name.</summary>
    internal static bool IsOldRecording(ReadOnlySpan<byte> head) => Asciicast.VersionOf(head) == 1;
}
