using NetVips;

namespace StoriesCli.Server.Media;

/// <summary>Asks the decoder whether an image is what its bytes say, by its header alone: no pixel is decoded.</summary>
internal sealed class ImageCheck(VipsLibrary vips) : IDisposable
{
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _places = new(AtOnce);

    public void Dispose() => _places.Dispose();

    /// <summary>Does nothing for what is not an image.</summary>
    /// <exception cref="MediaRefusedException">The decoder takes it for another type or size, or for none.</exception>
    /// <exception cref="PosterUnavailableException">There is no decoder.</exception>
    public async Task ConfirmAsync(string path, MediaFacts facts, CancellationToken cancel)
    {
        if (LoaderOf(facts.Type) is not { } loader) return;
        vips.Load();
        await _places.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            await Task.Run(() => Confirm(path, facts, loader), cancel).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private static void Confirm(string path, MediaFacts facts, string loader)
    {
        try
        {
            using var image = Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            var seen = (string)image.Get("vips-loader");
            if (!seen.StartsWith(loader, StringComparison.Ordinal))
                throw new MediaRefusedException($"The file begins as {facts.Type}, but its decoder takes it for something else.");
            var same = (image.Width, image.Height) == (facts.Width, facts.Height) || (image.Height, image.Width) == (facts.Width, facts.Height);
            if (!same)
                throw new MediaRefusedException($"The image says it has {facts.Width} × {facts.Height} pixels, but its decoder sees {image.Width} × {image.Height}.");
        }
        catch (VipsException)
        {
            throw new MediaRefusedException($"The file looks like {facts.Type}, but its decoder cannot read it.");
        }
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
