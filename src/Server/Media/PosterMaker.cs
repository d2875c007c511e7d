using NetVips;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Media;

/// <summary>What a poster is encoded as.</summary>
internal enum PosterFormat
{
    Jpeg,
    Png,
}

/// <summary>There can be no poster of this; its message says why.</summary>
internal sealed class PosterUnavailableException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>Makes small upright pictures of stories: the first frame, without metadata, never larger than the original.</summary>
/// <remarks>Two are decoded at once, each for ten seconds at most unless told otherwise.</remarks>
internal sealed class PosterMaker(VipsLibrary vips, TimeProvider time, TimeSpan? timeLimit = null) : IDisposable
{
    public const int MostPixelsASide = 1920;

    private const int AtOnce = 2;
    private const int JpegQuality = 82, PngCompression = 3;
    private const double White = 255;

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(10);

    public void Dispose() => _places.Dispose();

    /// <summary>Of a file that <see cref="MediaInspector"/> has seen.</summary>
    /// <exception cref="PosterUnavailableException">Not an image, broken, or too slow to decode.</exception>
    public async Task<byte[]> MakeAsync(string path, MediaFacts facts, int maxWidth, int maxHeight, PosterFormat format, CancellationToken cancel)
    {
        if (facts.Kind != StoryKinds.Image) throw new PosterUnavailableException($"There is no poster of {facts.Type}.");
        vips.Load();
        await _places.WaitAsync(cancel).ConfigureAwait(false);
        // The place is given back by the decoding itself: one that outlives its caller still uses a processor.
        var stop = new CancellationTokenSource(_timeLimit, time);
        // A thread of its own, since the pool's are for what does not block.
        var decoding = Task.Factory.StartNew(
            () => DecodeAndLeave(path, maxWidth, maxHeight, format, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await decoding.WaitAsync(_timeLimit, time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new PosterUnavailableException($"The image takes longer than {_timeLimit.TotalSeconds:0.#} s to decode.", e);
        }
        catch (VipsException e)
        {
            throw new PosterUnavailableException("The image cannot be decoded.", e);
        }
    }

    private byte[] DecodeAndLeave(string path, int maxWidth, int maxHeight, PosterFormat format, CancellationTokenSource stop)
    {
        try
        {
            return Decode(path, Math.Clamp(maxWidth, 1, MostPixelsASide), Math.Clamp(maxHeight, 1, MostPixelsASide), format, stop.Token);
        }
        finally
        {
            stop.Dispose();
            _places.Release();
        }
    }

    private static byte[] Decode(string path, int width, int height, PosterFormat format, CancellationToken stop)
    {
        using var small = Image.Thumbnail(path, width, height: height, size: Enums.Size.Down, outputProfile: "srgb", failOn: Enums.FailOn.Error);
        using var plain = small.Colourspace(Enums.Interpretation.Srgb);
        using var shown = format == PosterFormat.Jpeg && plain.HasAlpha() ? plain.Flatten(background: [White, White, White]) : plain.Copy();
        using var registration = stop.Register(() => shown.SetKill(true));
        return format == PosterFormat.Jpeg
            ? shown.JpegsaveBuffer(q: JpegQuality, keep: Enums.ForeignKeep.None)
            : shown.PngsaveBuffer(compression: PngCompression, keep: Enums.ForeignKeep.None);
    }
}
