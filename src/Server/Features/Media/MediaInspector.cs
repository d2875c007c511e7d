using System.Text;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media.Formats;

namespace StoriesCli.Server.Features.Media;

/// <summary>Detects a file's type from its own bytes, and removes metadata from it.</summary>
internal static class MediaInspector
{
    /// <summary>Bytes that <see cref="Guess"/> wants, if the file has as many.</summary>
    public const int GuessBytes = 4096;

    private delegate MediaFacts Reader(FileBytes file);

    /// <summary>What a file can be, by its first bytes; null when it is nothing that is accepted.</summary>
    public static MediaGuess? Guess(ReadOnlySpan<byte> first) => Recognise(first) is { } known ? new MediaGuess(known.Kind) : null;

    /// <summary>Why <see cref="Guess"/> returned null, for the person who sent the file.</summary>
    public static MediaRefusedException Refuse(ReadOnlySpan<byte> first) =>
        new($"The file is {OtherTypes.Name(first) ?? NameOther(first) ?? OtherTypes.Show(first)}. Accepted are {MediaTypes.Accepted}.");

    /// <param name="file">The file, open for reading.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="limits">Limits to apply.</param>
    /// <exception cref="MediaRefusedException">The file is of no accepted type, or broken.</exception>
    /// <exception cref="MediaTooLargeException">The file exceeds a limit of its kind.</exception>
    public static MediaFacts Inspect(SafeFileHandle file, long bytes, MediaLimits limits)
    {
        using var reader = new FileBytes(file, bytes);
        var first = reader.ReadUpTo(0, GuessBytes);
        if (Recognise(first) is not { } known)
            throw Refuse(first);
        reader.Format = known.Name;
        limits.CheckBytes(known.Kind, bytes);
        var facts = known.Read is { } read ? read(reader) : ReadImage(reader, known, limits);
        if (facts.Kind != known.Kind)
            limits.CheckBytes(facts.Kind, bytes);
        limits.CheckDuration(facts.Kind, facts.DurationMs);
        return facts;
    }

    /// <summary>What decoding an image costs, from its header.</summary>
    /// <param name="path">Path of an image that was accepted before.</param>
    /// <exception cref="MediaRefusedException">It is not an image, or broken.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static ImageShape ReadShape(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new FileBytes(file, RandomAccess.GetLength(file));
        return Recognise(reader.ReadUpTo(0, GuessBytes)) is { Shape: { } shape } ? shape(reader) : throw reader.Broken("it is no picture");
    }

    /// <summary>Removes positions and other metadata in place, without re-encoding; from a recording also what was typed. Looks and sound stay the same. The file may become shorter.</summary>
    /// <param name="file">The file, open for reading and writing: a temporary one, because an interruption leaves it broken.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="facts">What <see cref="Inspect"/> returned for it.</param>
    /// <param name="keepSubtitles">Whether a video keeps its text tracks, in which drones write positions.</param>
    /// <returns>The new length, and whether any byte changed. If none did, a hash of the received bytes still holds.</returns>
    public static (long Bytes, bool Changed) RemoveMetadata(SafeFileHandle file, long bytes, MediaFacts facts, bool keepSubtitles = false)
    {
        using var reader = new FileBytes(file, bytes);
        reader.Format = Recognise(reader.ReadUpTo(0, GuessBytes))?.Name ?? reader.Format;
        var edits = new FileEdits(reader);
        switch (facts.Type)
        {
            case MediaTypes.Jpeg:
                Jpeg.FindMetadata(reader, edits);
                break;
            case MediaTypes.Png:
                Png.FindMetadata(reader, edits);
                break;
            case MediaTypes.Gif:
                Gif.FindMetadata(reader, edits);
                break;
            case MediaTypes.WebP:
                WebP.FindMetadata(reader, edits);
                break;
            case MediaTypes.Avif:
                HeifMetadata.Find(reader, edits);
                break;
            case MediaTypes.Mp4 or MediaTypes.Mov or MediaTypes.M4A:
                IsoMetadata.Find(reader, edits, keepSubtitles);
                break;
            case MediaTypes.WebM or MediaTypes.WebMAudio:
                WebMMetadata.Find(reader, edits, keepSubtitles);
                break;
            case MediaTypes.Mp3:
                Mp3.FindMetadata(reader, edits);
                break;
            case MediaTypes.Ogg:
                OggComments.Find(reader, edits);
                break;
            case MediaTypes.Cast:
                CastEnvironment.Find(reader, edits);
                CastInput.Find(reader, edits);
                break;
            case MediaTypes.Wav:
                Wav.FindMetadata(reader, edits);
                break;
            default:
                return (bytes, false);
        }
        return edits.Apply(file);
    }

    private sealed record Known(
        string Kind,
        string Name,
        Reader? Read,
        string? ImageType = null,
        Func<FileBytes, ImageShape>? Shape = null
    );

    private static MediaFacts ReadImage(FileBytes file, Known known, MediaLimits limits)
    {
        var shape = known.Shape!(file);
        limits.CheckPixels(shape);
        return new MediaFacts(StoryKinds.Image, known.ImageType!, shape.UprightWidth, shape.UprightHeight, Frames: shape.Frames);
    }

    private static Known Image(string name, string type, Func<FileBytes, ImageShape> shape) =>
        new(StoryKinds.Image, name, null, type, shape);

    private static Known? Recognise(ReadOnlySpan<byte> first) =>
        MediaSignatures.Recognise(first) switch
        {
            MediaFormat.Jpeg => Image("a JPEG picture", MediaTypes.Jpeg, Jpeg.Inspect),
            MediaFormat.Png => Image("a PNG picture", MediaTypes.Png, Png.Inspect),
            MediaFormat.Gif => Image("a GIF picture", MediaTypes.Gif, Gif.Inspect),
            MediaFormat.WebP => Image("a WebP picture", MediaTypes.WebP, WebP.Inspect),
            MediaFormat.Avif => Image(HeifBrands.Avif, MediaTypes.Avif, Avif.Inspect),
            MediaFormat.Wav => new Known(StoryKinds.Audio, "WAV audio", Wav.Inspect),
            MediaFormat.Ogg => new Known(StoryKinds.Audio, "Ogg audio", Ogg.Inspect),
            MediaFormat.WebM => new Known(StoryKinds.Video, "a WebM video", WebM.Inspect),
            MediaFormat.Mp3 when first.StartsWith("ID3"u8) || Mp3.IsFrame(first) => new Known(StoryKinds.Audio, "MP3 audio", Mp3.Inspect),
            MediaFormat.M4A => new Known(StoryKinds.Audio, "M4A audio", Iso.Inspect),
            MediaFormat.QuickTime => new Known(StoryKinds.Video, "a QuickTime video", Iso.Inspect),
            MediaFormat.Mp4 when NameOther(first) is null => new Known(StoryKinds.Video, "an MP4 video", Iso.Inspect),
            _ => RecogniseText(first),
        };

    private static Known? RecogniseText(ReadOnlySpan<byte> first)
    {
        if (first.IsEmpty || OtherTypes.Name(first) is not null || !PlainText.Seems(first) || Cast.IsVersion1(first))
            return null;
        return Cast.Seems(first)
            ? new Known(StoryKinds.Recording, "an asciicast recording", Cast.Inspect)
            : new Known(StoryKinds.Text, "text", PlainText.Inspect);
    }

    private static string? NameOther(ReadOnlySpan<byte> first) =>
        Cast.IsVersion1(first) ? Asciicast.Version1
        : first.Length >= 12 && first[4..8].SequenceEqual("ftyp"u8)
            ? HeifBrands.Name(first) ?? Iso.NameOther(Encoding.Latin1.GetString(first[8..12]))
        : null;
}
