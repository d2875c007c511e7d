using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Media;

/// <summary>What shall become a story, looked at before any of it is sent.</summary>
/// <param name="Kind">What its first bytes say, one of <see cref="StoryKinds"/>; the server decides.</param>
/// <param name="Media">The bytes.</param>
/// <param name="Text">All of a text card, which is sent as text; null of all other kinds.</param>
public sealed record UploadFile(string Kind, MediaUpload Media, string? Text)
{
    /// <summary>Of a log that is too long, how many of its first bytes <see cref="Text"/> leaves out.</summary>
    public long LeftOut { get; init; }

    /// <summary>A file on the disk. A pipe is none: opening it would wait for whoever writes into it.</summary>
    /// <exception cref="UploadRefusedException">It is a folder, a pipe or a device, or as of <see cref="Look"/>.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static UploadFile Open(string path, ServerLimits limits)
    {
        var label = CleanText.OneLine(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)));
        return Directory.Exists(path) ? throw new UploadRefusedException($"{label} is a folder: name a file in it.")
            : FileKind.IsRegularOrNone(path) ? Look(label, MediaUpload.FromFile(path), limits)
            : throw new UploadRefusedException($"{label} is a pipe or a device: name a file.");
    }

    /// <summary>Reads its beginning, and all of what is text.</summary>
    /// <param name="label">What messages call it.</param>
    /// <param name="media">The bytes.</param>
    /// <param name="limits">Those of the server that it is for.</param>
    /// <exception cref="UploadRefusedException">It is empty, of no type that stories have, too large, or no UTF-8 where it began like text.</exception>
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
                : $"{label} is of no type that stories have: they are JPEG, PNG, GIF, WebP, AVIF, HEIC (where the server converts it), MP4, MOV, WebM, MP3, Ogg, WAV, M4A, asciicast, or text in UTF-8."
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
    /// <param name="what">What stands before its size, such as <c>text of</c>.</param>
    /// <param name="bytes">How many there are.</param>
    /// <param name="limit">How many the server takes.</param>
    public static UploadRefusedException TooLarge(string label, string what, long bytes, long limit)
    {
        var (seen, most) = (Sizes.Format(bytes), Sizes.Format(limit));
        // A byte too many is not said by "64 KiB, and at most 64 KiB".
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

    /// <summary>Of a log, or of what came through a pipe, the end is what matters.</summary>
    private static UploadFile ReadEnd(string label, MediaUpload media)
    {
        using var content = media.Open();
        var tail = new LogTail();
        var buffer = new byte[128 * 1024];
        for (int read; (read = content.Read(buffer)) > 0; )
        {
            tail.Add(buffer.AsSpan(0, read));
        }
        var text = tail.Read() ?? throw new UploadRefusedException($"{label} begins like text but is not UTF-8 throughout.");
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
            throw new UploadRefusedException($"{label} begins like text but is not UTF-8 throughout.");
        }
    }
}

/// <summary>What cannot become a story, and why, before it is sent. The message is one sentence for people.</summary>
public sealed class UploadRefusedException(string message) : Exception(message);
