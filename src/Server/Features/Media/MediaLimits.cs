using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media;

/// <summary>Limits of media files; the defaults are those of <see cref="Limits"/>.</summary>
internal sealed record MediaLimits
{
    // Encoders end on a complete frame, so a clip cut at exactly the limit comes out a little longer.
    private static readonly TimeSpan LastFrame = TimeSpan.FromMilliseconds(250);

    public long ImageBytes { get; init; } = Limits.ImageBytes;
    public long ImagePixels { get; init; } = Limits.ImagePixels;
    public long ImagePixelsAllFrames { get; init; } = Limits.ImagePixelsAllFrames;
    public long VideoBytes { get; init; } = Limits.VideoBytes;
    public TimeSpan VideoDuration { get; init; } = Limits.VideoDuration;
    public long AudioBytes { get; init; } = Limits.AudioBytes;
    public TimeSpan AudioDuration { get; init; } = Limits.AudioDuration;
    public long RecordingBytes { get; init; } = Limits.RecordingBytes;
    public long TextBytes { get; init; } = Limits.TextBytes;

    /// <summary>Largest file of all kinds.</summary>
    public long LargestBytes => new[] { ImageBytes, VideoBytes, AudioBytes, RecordingBytes }.Max();

    public long BytesOf(string kind) =>
        kind switch
        {
            StoryKinds.Image => ImageBytes,
            StoryKinds.Video => VideoBytes,
            StoryKinds.Audio => AudioBytes,
            StoryKinds.Recording => RecordingBytes,
            _ => TextBytes,
        };

    /// <exception cref="MediaTooLargeException">The file has more bytes than its kind may have.</exception>
    public void CheckBytes(string kind, long bytes)
    {
        if (bytes > BytesOf(kind))
            throw new MediaTooLargeException(Invariant($"The {kind} has {bytes:N0} bytes; the limit is {BytesOf(kind):N0}."));
    }

    /// <exception cref="MediaTooLargeException">One frame, or all frames together, have too many pixels.</exception>
    public void CheckPixels(Formats.ImageShape image)
    {
        if ((Int128)image.Width * image.Height > ImagePixels)
            throw new MediaTooLargeException(
                Invariant($"The picture has {image.Width:N0} × {image.Height:N0} pixels; the limit is {ImagePixels:N0} in all.")
            );
        var (width, height) = image.LargestFrame;
        var pixels = (Int128)width * height;
        if (pixels > ImagePixels)
            throw new MediaTooLargeException(
                Invariant($"A frame of the animation has {width:N0} × {height:N0} pixels; the limit is {ImagePixels:N0} in all.")
            );
        if (pixels * image.Frames > ImagePixelsAllFrames)
            throw new MediaTooLargeException(
                Invariant(
                    $"The animation has {image.Frames:N0} frames of {width:N0} × {height:N0} pixels; the limit is {ImagePixelsAllFrames:N0} over all frames."
                )
            );
    }

    /// <exception cref="MediaTooLargeException">A video or audio is too long.</exception>
    public void CheckDuration(string kind, long? milliseconds)
    {
        var limit = kind switch
        {
            StoryKinds.Video => VideoDuration,
            StoryKinds.Audio => AudioDuration,
            _ => TimeSpan.MaxValue - LastFrame,
        };
        if (milliseconds > (limit + LastFrame).TotalMilliseconds)
            throw new MediaTooLargeException(
                Invariant($"The {kind} lasts {milliseconds / 1000.0:0.0##} s; the limit is {limit.TotalSeconds:0.###} s.")
            );
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
