using NetVips;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media;

/// <summary>Image format of a poster.</summary>
internal enum PosterFormat
{
    Jpeg,
    Png,
}

/// <summary>There can be no poster. The message says why.</summary>
internal sealed class PosterUnavailableException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>Makes small upright images of stories: the first frame, without metadata, never larger than the original.</summary>
/// <remarks>Decodes each for at most ten seconds (by default).</remarks>
internal sealed class PosterMaker(VipsLibrary vips, Decoding decoding, TimeSpan? timeLimit = null)
{
    public const int MaximumPixelsPerSide = 1920;

    private const int JpegQuality = 82,
        PngCompression = 3;
    private const double White = 255;

    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(10);

    /// <summary>Makes a poster of a file that <see cref="MediaInspector"/> has seen.</summary>
    /// <exception cref="PosterUnavailableException">Not an image, broken, too large to decode, or too slow.</exception>
    /// <exception cref="Http.ApiProblem"><c>unavailable</c>: too many images wait to be decoded.</exception>
    public async Task<byte[]> MakeAsync(
        string path,
        MediaFacts facts,
        int maxWidth,
        int maxHeight,
        PosterFormat format,
        CancellationToken cancel
    )
    {
        if (facts.Kind != StoryKinds.Image)
            throw new PosterUnavailableException($"There is no poster of {facts.Type}.");
        vips.Load();
        var (width, height) = (Math.Clamp(maxWidth, 1, MaximumPixelsPerSide), Math.Clamp(maxHeight, 1, MaximumPixelsPerSide));
        try
        {
            var bytes = DecodingCost.OfPoster(MediaInspector.ReadShape(path));
            return await decoding
                .RunAsync(bytes, _timeLimit, stop => Decode(path, width, height, format, stop), cancel)
                .ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new PosterUnavailableException($"The picture takes longer than {_timeLimit.TotalSeconds:0.#} s to decode.", e);
        }
        catch (DecodingTooLargeException e)
        {
            throw new PosterUnavailableException($"There is no poster of this picture: {e.Message}.", e);
        }
        catch (Exception e) when (e is VipsException or MediaRefusedException or FileNotFoundException)
        {
            throw new PosterUnavailableException("The picture cannot be decoded.", e);
        }
    }

    private static byte[] Decode(string path, int width, int height, PosterFormat format, CancellationToken stop)
    {
        using var small = Image.Thumbnail(
            path,
            width,
            height: height,
            size: Enums.Size.Down,
            outputProfile: "srgb",
            failOn: Enums.FailOn.Error
        );
        using var plain = small.Colourspace(Enums.Interpretation.Srgb);
        using var shown = format == PosterFormat.Jpeg && plain.HasAlpha() ? plain.Flatten(background: [White, White, White]) : plain.Copy();
        using var registration = stop.Register(() => shown.SetKill(true));
        return format == PosterFormat.Jpeg
            ? shown.JpegsaveBuffer(q: JpegQuality, keep: Enums.ForeignKeep.None)
            : shown.PngsaveBuffer(compression: PngCompression, keep: Enums.ForeignKeep.None);
    }
}
