using System.Collections.Concurrent;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>Posters of stories in the sizes of a ladder, each made once however many ask for it at the same time.</summary>
internal sealed class Posters(MediaFolder folder, PosterMaker maker, VideoPictures videos, PosterCache cache, TimeProvider time)
{
    /// <summary>Longest side, in pixels.</summary>
    public const int SideMaximum = PosterMaker.MostPixelsASide;

    private const int FailuresRemembered = 1024;

    // Long enough that what cannot be decoded costs next to nothing, short enough that what failed under load gets its poster.
    private static readonly TimeSpan FailureLife = TimeSpan.FromHours(1);

    private readonly PosterFailures _failures = new(FailuresRemembered, FailureLife, time);
    private readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> _underWay = new(StringComparer.Ordinal);

    /// <summary>The picture in the largest size of <see cref="Limits.PosterSides"/> that fits into what was asked for, or in its own if that fits; never enlarged.</summary>
    /// <param name="id">The story.</param>
    /// <param name="part">Which of its pictures; null for the one that every story has.</param>
    /// <param name="facts">What that is.</param>
    /// <param name="width">Widest, in pixels.</param>
    /// <param name="height">Highest, in pixels.</param>
    /// <param name="format">What it is encoded as.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="ApiProblem"><c>poster_unavailable</c>; <c>unavailable</c> when too many pictures wait to be decoded.</exception>
    public async Task<byte[]> GetAsync(
        string id,
        string? part,
        MediaFacts facts,
        int width,
        int height,
        PosterFormat format,
        CancellationToken cancel
    )
    {
        try
        {
            var path = folder.PathOf(id, part);
            if (facts.Kind == StoryKinds.Video)
            {
                path = await videos.GetAsync(id, facts, cancel).ConfigureAwait(false);
                facts = Still(path);
            }
            var side = SideOf(facts.Width ?? width, facts.Height ?? height, width, height);
            var suffix = PosterCache.SuffixOf(part, side, format);
            if (await cache.TryReadAsync(id, suffix, cancel).ConfigureAwait(false) is { } kept)
                return kept;
            var picture = $"{id}.{part}";
            if (_failures.Find(picture) is { } reason)
                throw new PosterUnavailableException(reason);
            return await MakeOnceAsync(picture, id, suffix, path, facts, side, format).WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (PosterUnavailableException e)
        {
            throw new ApiProblem(Errors.PosterUnavailable, e.Message);
        }
    }

    /// <summary>The longer side that a poster gets: a step of the ladder, or the picture's own.</summary>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="maxWidth">Asked for.</param>
    /// <param name="maxHeight">Asked for.</param>
    public static int SideOf(int width, int height, int maxWidth, int maxHeight)
    {
        var longer = Math.Max(width, height);
        if (width <= maxWidth && height <= maxHeight)
            return longer;
        // Rounded down, so that the shorter side too keeps within what was asked for.
        var fitting = (int)Math.Min((long)longer * maxWidth / width, (long)longer * maxHeight / height);
        return Limits.PosterSides.LastOrDefault(side => side <= fitting, Limits.PosterSides[0]);
    }

    // Whoever asks next waits for the same poster, also when who asked first has gone.
    private Task<byte[]> MakeOnceAsync(
        string picture,
        string id,
        string suffix,
        string path,
        MediaFacts facts,
        int side,
        PosterFormat format
    )
    {
        var key = id + "." + suffix;
        return _underWay.GetOrAdd(key, _ => new(() => MakeAsync(key, picture, id, suffix, path, facts, side, format))).Value;
    }

    private async Task<byte[]> MakeAsync(
        string key,
        string picture,
        string id,
        string suffix,
        string path,
        MediaFacts facts,
        int side,
        PosterFormat format
    )
    {
        try
        {
            var poster = await maker.MakeAsync(path, facts, side, side, format, CancellationToken.None).ConfigureAwait(false);
            cache.Keep(id, suffix, poster);
            return poster;
        }
        catch (PosterUnavailableException e)
        {
            // It fails in every size, and each try takes a decoder's time.
            _failures.Note(picture, e.Message);
            throw;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    /// <summary>What was taken of a video need not be of the size that its container states.</summary>
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
