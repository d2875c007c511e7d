using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Posix;

namespace StoriesCli.Client.Media;

/// <summary>The content of a new story, checked before sending.</summary>
/// <param name="Kind">What its first bytes say, one of <see cref="StoryKinds"/>; the server decides.</param>
/// <param name="Media">The bytes.</param>
/// <param name="Text">The full text of a text card; null for other kinds.</param>
public sealed record UploadFile(string Kind, MediaUpload Media, string? Text)
{
    /// <summary>Number of bytes cut from the beginning of a log that is too long.</summary>
    public long LeftOut { get; init; }

    /// <summary>Opens a file. Refuses a pipe, because opening it would block.</summary>
    /// <exception cref="UploadRefusedException">It is a directory, pipe or device, or as for <see cref="Look"/>.</exception>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static UploadFile Open(string path, ServerLimits limits)
    {
        var label = CleanText.OneLine(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)));
        return Directory.Exists(path) ? throw new UploadRefusedException($"{label} is a directory. Name a file in it.")
            : FileKind.IsRegularOrNone(path) ? Look(label, MediaUpload.FromFile(path), limits)
            : throw new UploadRefusedException($"{label} is a pipe or a device. Name a file.");
    }

    /// <summary>Reads the beginning, and the whole of a text.</summary>
    /// <param name="label">What messages call it.</param>
    /// <param name="media">The bytes.</param>
    /// <param name="limits">The server's limits.</param>
    /// <exception cref="UploadRefusedException">It is empty, too large, of an unsupported type, or text that is not valid UTF-8.</exception>
    public static UploadFile Look(string label, MediaUpload media, ServerLimits limits)
    {
        ArgumentNullException.ThrowIfNull(media);
        ArgumentNullException.ThrowIfNull(limits);
        using var content = media.Open();
        var head = new byte[MediaKind.HeadBytes];
        var read = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            throw new UploadRefusedException($"{label} is empty.");
        }
        var kind =
            MediaKind.Guess(head.AsSpan(0, read))
            ?? throw new UploadRefusedException(
                MediaKind.IsOldRecording(head.AsSpan(0, read)) ? $"{label} is {Asciicast.Version1}"
                : OtherEncoding.Name(head.AsSpan(0, read)) is { } text ? $"{label} is {text}."
                : $"{label} has no supported type. Supported types: JPEG, PNG, GIF, WebP, AVIF, HEIC (where the server converts it), MP4, MOV, WebM, MP3, Ogg, WAV, M4A, asciicast, and text in UTF-8."
            );
        if (kind == StoryKinds.Text && media.Bytes > limits.TextBytes && (media.FileName is null || LogTail.IsNameOfText(media.FileName)))
        {
            return ReadEnd(label, media);
        }
        var limit = LimitOf(kind, limits);
        return media.Bytes > limit
            ? throw TooLarge(label, $"{kind} of", media.Bytes, limit)
            : new(kind, media, kind == StoryKinds.Text ? ReadText(label, media) : null);
    }

    /// <param name="label">What the message calls it.</param>
    /// <param name="what">Words before the size, such as <c>text of</c>.</param>
    /// <param name="bytes">How many there are.</param>
    /// <param name="limit">The server's limit.</param>
    public static UploadRefusedException TooLarge(string label, string what, long bytes, long limit)
    {
        var (seen, most) = (ByteSize.Format(bytes), ByteSize.Format(limit));
        // Show bytes if both sizes round to the same text.
        return new(
            $"{label} is too large: {what} {(seen == most ? $"{bytes} B" : seen)}, and the server takes at most {most}{(seen == most ? $", {limit} B" : "")}."
        );
    }

    private static long LimitOf(string kind, ServerLimits limits) =>
        kind switch
        {
            StoryKinds.Image => limits.ImageBytes,
            StoryKinds.Video => limits.VideoBytes,
            StoryKinds.Audio => limits.AudioBytes,
            StoryKinds.Recording => limits.RecordingBytes,
            _ => limits.TextBytes,
        };

    /// <summary>For logs and piped text the end matters.</summary>
    private static UploadFile ReadEnd(string label, MediaUpload media)
    {
        using var content = media.Open();
        var tail = new LogTail();
        var buffer = new byte[128 * 1024];
        for (int read; (read = content.Read(buffer)) > 0; )
        {
            tail.Add(buffer.AsSpan(0, read));
        }
        var text = tail.Read() ?? throw new UploadRefusedException($"{label} begins like text but is not valid UTF-8.");
        return new(StoryKinds.Text, media, text) { LeftOut = tail.LeftOut };
    }

    private static string ReadText(string label, MediaUpload media)
    {
        using var content = media.Open();
        using var reader = new StreamReader(content, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            throw new UploadRefusedException($"{label} begins like text but is not valid UTF-8.");
        }
    }
}

/// <summary>The content cannot become a story. The message is one sentence for people.</summary>
public sealed class UploadRefusedException(string message) : Exception(message);
