using System.Collections.Concurrent;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>Posters of stories in a few fixed sizes. Concurrent requests share one poster.</summary>
internal sealed class Posters(MediaStore store, PosterMaker maker, VideoPictures videos, PosterCache cache, TimeProvider time)
{
    /// <summary>Longest side, in pixels.</summary>
    public const int SideMaximum = PosterMaker.MaximumPixelsPerSide;

    private const int FailuresRemembered = 1024;

    // Long enough that an undecodable image costs next to nothing; short enough that one that failed under load gets its poster.
    private static readonly TimeSpan FailureLife = TimeSpan.FromHours(1);

    private readonly PosterFailures _failures = new(FailuresRemembered, FailureLife, time);
    private readonly ConcurrentDictionary<string, Lazy<Task<Poster>>> _underWay = new(StringComparer.Ordinal);

    /// <summary>The image in the largest of <see cref="Limits.PosterSides"/> that fits into the requested size, or in its own size if that fits. Never enlarged.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="part">Part of the story; null for the story's main file.</param>
    /// <param name="media">Length and hash of that part's file.</param>
    /// <param name="facts">Facts of that part's file.</param>
    /// <param name="width">Maximum width in pixels.</param>
    /// <param name="height">Maximum height in pixels.</param>
    /// <param name="format">Image format.</param>
    /// <param name="cancel">Cancels the wait.</param>
    /// <exception cref="ApiProblem"><c>poster_unavailable</c>; <c>unavailable</c> when too many images wait to be decoded.</exception>
    public async Task<Poster> GetAsync(
        string id,
        string? part,
        StoryMedia media,
        MediaFacts facts,
        int width,
        int height,
        PosterFormat format,
        CancellationToken cancel
    )
    {
        try
        {
            Func<ValueTask<BorrowedFile>> borrow = () => store.BorrowAsync(id, part, media);
            if (facts.Kind == StoryKinds.Video)
            {
                var path = await videos.GetAsync(id, media, facts, cancel).ConfigureAwait(false);
                (facts, borrow) = (Still(path), () => ValueTask.FromResult(new BorrowedFile(path)));
            }
            var side = SideOf(facts.Width ?? width, facts.Height ?? height, width, height);
            var suffix = PosterCache.SuffixOf(part, side, format);
            if (cache.TryRead(id, suffix) is { } kept)
                return kept;
            var picture = $"{id}.{part}";
            if (_failures.Find(picture) is { } reason)
                throw new PosterUnavailableException(reason);
            return await MakeOnceAsync(picture, id, suffix, borrow, facts, side, format).WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (PosterUnavailableException e)
        {
            throw new ApiProblem(Errors.PosterUnavailable, e.Message);
        }
    }

    /// <summary>Length of a poster's longer side: one of the fixed sizes, or the image's own.</summary>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="maxWidth">Requested maximum width.</param>
    /// <param name="maxHeight">Requested maximum height.</param>
    public static int SideOf(int width, int height, int maxWidth, int maxHeight)
    {
        var longer = Math.Max(width, height);
        if (width <= maxWidth && height <= maxHeight)
            return longer;
        // Rounded down, so that the shorter side also stays within the requested size.
        var fitting = (int)Math.Min((long)longer * maxWidth / width, (long)longer * maxHeight / height);
        return Limits.PosterSides.LastOrDefault(side => side <= fitting, Limits.PosterSides[0]);
    }

    // Later requests wait for the same poster, even when the first caller has gone.
    private Task<Poster> MakeOnceAsync(
        string picture,
        string id,
        string suffix,
        Func<ValueTask<BorrowedFile>> borrow,
        MediaFacts facts,
        int side,
        PosterFormat format
    )
    {
        var key = id + "." + suffix;
        return _underWay.GetOrAdd(key, _ => new(() => MakeAsync(key, picture, id, suffix, borrow, facts, side, format))).Value;
    }

    private async Task<Poster> MakeAsync(
        string key,
        string picture,
        string id,
        string suffix,
        Func<ValueTask<BorrowedFile>> borrow,
        MediaFacts facts,
        int side,
        PosterFormat format
    )
    {
        try
        {
            using var file = await borrow().ConfigureAwait(false);
            var poster = await maker.MakeAsync(file.Path, facts, side, side, format, CancellationToken.None).ConfigureAwait(false);
            cache.Keep(id, suffix, poster);
            return Poster.Of(poster);
        }
        catch (PosterUnavailableException e)
        {
            // It would fail in every size, and each attempt costs decoder time.
            _failures.Note(picture, e.Message);
            throw;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    /// <summary>A frame of a video need not have the size that its container states.</summary>
    private static MediaFacts Still(string path)
    {
        try
        {
            var shape = MediaInspector.ReadShape(path);
            return new(StoryKinds.Image, MediaTypes.Jpeg, shape.UprightWidth, shape.UprightHeight);
        }
        catch (Exception e) when (e is MediaRefusedException or FileNotFoundException)
        {
            throw new PosterUnavailableException("The picture of the video cannot be decoded.", e);
        }
    }
}
