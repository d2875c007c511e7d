using System.Globalization;
using NetVips;

namespace StoriesCli.Server.Features.Media;

/// <summary>Lets the decoder confirm an image: its header, then all of its data, at a reduced scale where the format allows it.</summary>
/// <remarks>Checks only the first frame of an animation, for at most twenty seconds (by default).</remarks>
internal sealed class ImageCheck(VipsLibrary vips, Decoding decoding, TimeSpan? timeLimit = null)
{
    // Smaller images are faster to decode completely than to open a second time. A JPEG is opened a second time anyway.
    private const long PixelsWorthShrinking = 1_000_000;
    private const int Shrink = 8;

    private static readonly string[] DamageWarnings =
    [
        "premature end of data segment",
        "Premature end of JPEG file",
        "bad Huffman code",
        "bad arithmetic code",
    ];

    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(20);

    /// <summary>Checks a file; does nothing if it is not an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="facts">What <see cref="MediaInspector"/> found out about it.</param>
    /// <param name="cancel">Cancels the check.</param>
    /// <exception cref="MediaRefusedException">The decoder finds another type or size, finds it damaged, or takes too long.</exception>
    /// <exception cref="MediaTooLargeException">Decoding it needs more memory than allowed.</exception>
    /// <exception cref="PosterUnavailableException">There is no decoder.</exception>
    /// <exception cref="Http.ApiProblem"><c>unavailable</c>: too many images wait to be decoded.</exception>
    public async Task ConfirmAsync(string path, MediaFacts facts, CancellationToken cancel)
    {
        if (LoaderOf(facts.Type) is not { } loader)
            return;
        vips.Load();
        var shape = MediaInspector.ReadShape(path);
        try
        {
            // An image that can have no poster is refused.
            decoding.VerifyFits(DecodingCost.OfPoster(shape));
            await decoding
                .RunAsync(DecodingCost.OfCheck(shape), _timeLimit, stop => Confirm(path, facts, loader, stop), cancel)
                .ConfigureAwait(false);
        }
        catch (DecodingTooLargeException e)
        {
            throw new MediaTooLargeException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The picture has {shape.Width:N0} × {shape.Height:N0} pixels and is {shape.Stored}: {e.Message}. {shape.Remedy}"
                )
            );
        }
        catch (TimeoutException)
        {
            throw new MediaRefusedException($"The picture takes longer than {_timeLimit.TotalSeconds:0.#} s to decode.");
        }
        catch (VipsException)
        {
            throw new MediaRefusedException(
                $"The file looks like {facts.Type}, but its decoder cannot read it: it is damaged, or breaks off."
            );
        }
    }

    private static bool Confirm(string path, MediaFacts facts, string loader, CancellationToken stop)
    {
        using var image = Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        var seen = (string)image.Get("vips-loader");
        if (!seen.StartsWith(loader, StringComparison.Ordinal))
            throw new MediaRefusedException($"The file begins as {facts.Type}, but its decoder takes it for something else.");
        var same = (image.Width, image.Height) == (facts.Width, facts.Height) || (image.Height, image.Width) == (facts.Width, facts.Height);
        if (!same)
            throw new MediaRefusedException(
                $"The picture says it has {facts.Width} × {facts.Height} pixels, but its decoder sees {image.Width} × {image.Height}."
            );
        // These two formats read all their data, but spend little on discarded pixels.
        if (facts.Type == MediaTypes.Jpeg)
        {
            ReadJpeg(path, Math.Min(image.Width, image.Height) < Shrink ? 1 : Shrink, stop);
        }
        else if (facts.Type == MediaTypes.WebP && (long)image.Width * image.Height >= PixelsWorthShrinking)
        {
            using var small = Image.Webpload(path, scale: 1.0 / Shrink, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            ReadToEnd(small, stop);
        }
        else
        {
            ReadToEnd(image, stop);
        }
        return true;
    }

    /// <summary>libjpeg fills in damaged data and only warns, as it does about oddities that many cameras write. Only damage is refused.</summary>
    private static void ReadJpeg(string path, int shrink, CancellationToken stop)
    {
        try
        {
            using var strict = Image.Jpegload(path, shrink: shrink, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning);
            ReadToEnd(strict, stop);
        }
        catch (VipsException e) when (!stop.IsCancellationRequested && !IsDamage(e.Message))
        {
            using var lenient = Image.Jpegload(path, shrink: shrink, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            ReadToEnd(lenient, stop);
        }
    }

    // Messages of jerror.h.
    private static bool IsDamage(string warnings) => DamageWarnings.Any(words => warnings.Contains(words, StringComparison.Ordinal));

    private static void ReadToEnd(Image image, CancellationToken stop)
    {
        using var registration = stop.Register(() => image.SetKill(true));
        // Needs each pixel once, and keeps none.
        _ = image.Avg();
    }

    private static string? LoaderOf(string type) =>
        type switch
        {
            MediaTypes.Jpeg => "jpegload",
            MediaTypes.Png => "pngload",
            MediaTypes.Gif => "gifload",
            MediaTypes.WebP => "webpload",
            MediaTypes.Avif => "heifload",
            _ => null,
        };
}
