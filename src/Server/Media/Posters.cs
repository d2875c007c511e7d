using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Media;

/// <summary>Posters of stories, made once for each size, kept beside the media and deleted with them.</summary>
internal sealed class Posters(MediaFolder folder, PosterMaker maker, VideoPictures videos)
{
    /// <summary>Longest side, in pixels.</summary>
    public const int SideMaximum = PosterMaker.MostPixelsASide;

    /// <param name="id">The story.</param>
    /// <param name="part">Which of its pictures; null for the one that every story has.</param>
    /// <param name="facts">What that is.</param>
    /// <param name="width">Widest, in pixels.</param>
    /// <param name="height">Highest, in pixels.</param>
    /// <param name="format">What it is encoded as.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="Failure"><c>poster_unavailable</c>.</exception>
    public async Task<byte[]> GetAsync(string id, string? part, MediaFacts facts, int width, int height, PosterFormat format, CancellationToken cancel)
    {
        // A picture is never enlarged, so that all larger boxes share one poster.
        (width, height) = (Math.Min(width, facts.Width ?? width), Math.Min(height, facts.Height ?? height));
        var suffix = $"{(part is null or StoryParts.After ? "" : part + ".")}{width}x{height}.{(format == PosterFormat.Png ? "png" : "jpg")}";
        if (await folder.TryReadDerivedAsync(id, suffix, cancel).ConfigureAwait(false) is { } kept)
        {
            return kept;
        }
        try
        {
            var path = folder.PathOf(id, part);
            if (facts.Kind == StoryKinds.Video)
            {
                path = await videos.GetAsync(id, facts, cancel).ConfigureAwait(false);
                facts = facts with { Kind = StoryKinds.Image, Type = MediaTypes.Jpeg };
            }
            var poster = await maker.MakeAsync(path, facts, width, height, format, cancel).ConfigureAwait(false);
            TryKeep(id, suffix, poster);
            return poster;
        }
        catch (PosterUnavailableException e)
        {
            throw new Failure(Errors.PosterUnavailable, e.Message);
        }
    }

    /// <summary>A poster that a full disk has no room for is made again the next time, and shown all the same.</summary>
    private void TryKeep(string id, string suffix, byte[] poster)
    {
        try
        {
            folder.KeepDerived(id, suffix, poster);
        }
        catch (IOException e) when (DiskReserve.IsFullDiskError(e))
        {
        }
    }
}
