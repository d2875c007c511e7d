using NetVips;

namespace StoriesCli.Server.Media;

/// <summary>Has the decoder confirm that an image is what its bytes say: its header, and then all of its data, at a reduced scale where the format can do that.</summary>
/// <remarks>Of an animation the first frame. Two at once, each for twenty seconds at most unless told otherwise.</remarks>
internal sealed class ImageCheck(VipsLibrary vips, TimeProvider time, TimeSpan? timeLimit = null) : IDisposable
{
    private const int AtOnce = 2;
    // Smaller ones are quicker decoded whole than opened a second time.
    private const long PixelsWorthShrinking = 1_000_000;
    private const int Shrink = 8;

    private static readonly string[] DamageWarnings = ["premature end of data segment", "Premature end of JPEG file", "bad Huffman code", "bad arithmetic code"];

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(20);

    public void Dispose() => _places.Dispose();

    /// <summary>Does nothing for what is not an image.</summary>
    /// <exception cref="MediaRefusedException">The decoder takes it for another type or size, finds it damaged, or needs too long for it.</exception>
    /// <exception cref="PosterUnavailableException">There is no decoder.</exception>
    public async Task ConfirmAsync(string path, MediaFacts facts, CancellationToken cancel)
    {
        if (LoaderOf(facts.Type) is not { } loader) return;
        vips.Load();
        await _places.WaitAsync(cancel).ConfigureAwait(false);
        var stop = new CancellationTokenSource(_timeLimit, time);
        // The place is given back by the decoding itself: one that outlives its caller still uses a processor and memory.
        var confirming = Task.Run(() => ConfirmAndLeave(path, facts, loader, stop), CancellationToken.None);
        try
        {
            await confirming.WaitAsync(_timeLimit, time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new MediaRefusedException($"The image takes longer than {_timeLimit.TotalSeconds:0.#} s to decode.");
        }
    }

    private void ConfirmAndLeave(string path, MediaFacts facts, string loader, CancellationTokenSource stop)
    {
        try
        {
            Confirm(path, facts, loader, stop.Token);
        }
        catch (VipsException) when (stop.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
        catch (VipsException)
        {
            throw new MediaRefusedException($"The file looks like {facts.Type}, but its decoder cannot read it: it is damaged, or breaks off.");
        }
        finally
        {
            stop.Dispose();
            _places.Release();
        }
    }

    private static void Confirm(string path, MediaFacts facts, string loader, CancellationToken stop)
    {
        using var image = Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        var seen = (string)image.Get("vips-loader");
        if (!seen.StartsWith(loader, StringComparison.Ordinal))
            throw new MediaRefusedException($"The file begins as {facts.Type}, but its decoder takes it for something else.");
        var same = (image.Width, image.Height) == (facts.Width, facts.Height) || (image.Height, image.Width) == (facts.Width, facts.Height);
        if (!same)
            throw new MediaRefusedException($"The image says it has {facts.Width} × {facts.Height} pixels, but its decoder sees {image.Width} × {image.Height}.");
        // These two read all their data, but spend little on pixels that nobody wants.
        var shrink = (long)image.Width * image.Height < PixelsWorthShrinking ? 1 : Shrink;
        if (facts.Type == MediaTypes.Jpeg)
        {
            ReadJpeg(path, shrink, stop);
        }
        else if (facts.Type == MediaTypes.WebP && shrink > 1)
        {
            using var small = Image.Webpload(path, scale: 1.0 / shrink, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            ReadToEnd(small, stop);
        }
        else
        {
            ReadToEnd(image, stop);
        }
    }

    /// <summary>libjpeg fills up what is damaged and merely warns, as it does of oddities that many cameras write: only the first are refused.</summary>
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

    // The words of jerror.h.
    private static bool IsDamage(string warnings) => DamageWarnings.Any(words => warnings.Contains(words, StringComparison.Ordinal));

    private static void ReadToEnd(Image image, CancellationToken stop)
    {
        using var registration = stop.Register(() => image.SetKill(true));
        // Needs each pixel once, and keeps none.
        _ = image.Avg();
    }

    private static string? LoaderOf(string type) => type switch
    {
        MediaTypes.Jpeg => "jpegload",
        MediaTypes.Png => "pngload",
        MediaTypes.Gif => "gifload",
        MediaTypes.WebP => "webpload",
        _ => null,
    };
}
