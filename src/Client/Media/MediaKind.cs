using StoriesCli.Contracts;

namespace StoriesCli.Client.Media;

/// <summary>Guesses a story's kind from the first bytes of its file, to choose a limit before anything is sent; the server decides.</summary>
public static class MediaKind
{
    /// <summary>Number of first bytes to pass.</summary>
    public const int HeadBytes = 4096;

    /// <summary>One of <see cref="StoryKinds"/>, or null for an unsupported type.</summary>
    /// <param name="head">The first <see cref="HeadBytes"/> bytes, or all of a shorter file.</param>
    public static string? Guess(ReadOnlySpan<byte> head) =>
        MediaSignatures.Recognise(head) is { } format ? MediaSignatures.KindOf(format) : GuessText(head);

    /// <summary>Text is UTF-8 without control characters that text does not have.</summary>
    // The server allows them, because a program may have written them and they do no harm. A person who names a file
    // with them most likely named the wrong one, and should learn that before it is sent.
    private static string? GuessText(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("%PDF"u8) || head.IndexOfAnyInRange((byte)0, (byte)6) >= 0 || head.IndexOfAnyInRange((byte)14, (byte)26) >= 0)
        {
            return null;
        }
        // The last character may be cut at the end of the head.
        for (var cut = 0; cut <= (head.Length == HeadBytes ? 3 : 0); cut++)
        {
            if (Utf8Text.Is(head[..^cut]))
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

    /// <summary>Whether it is an asciicast version 1, which gets its own message.</summary>
    internal static bool IsOldRecording(ReadOnlySpan<byte> head) => Asciicast.VersionOf(head) == 1;
}
