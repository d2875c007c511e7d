using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Stories;

namespace StoriesCli.Server.Media;

/// <summary>Posters of stories, made once for each size, kept beside the media and deleted with them.</summary>
internal sealed class Posters(MediaFolder folder, PosterMaker maker)
{
    /// <summary>Longest side, in pixels.</summary>
    public const int SideMaximum = PosterMaker.MostPixelsASide;

    /// <exception cref="Failure"><c>poster_unavailable</c>.</exception>
    public async Task<byte[]> GetAsync(StoryRow row, int width, int height, PosterFormat format, CancellationToken cancel)
    {
        // A picture is never enlarged, so that all larger boxes share one poster.
        (width, height) = (Math.Min(width, row.Media.Width ?? width), Math.Min(height, row.Media.Height ?? height));
        var suffix = $"{width}x{height}.{(format == PosterFormat.Png ? "png" : "jpg")}";
        if (await folder.TryReadDerivedAsync(row.Id, suffix, cancel).ConfigureAwait(false) is { } kept)
        {
            return kept;
        }
        try
        {
            var facts = new MediaFacts(row.Kind, row.Media.Type, row.Media.Width, row.Media.Height);
            var poster = await maker.MakeAsync(folder.PathOf(row.Id), facts, width, height, format, cancel).ConfigureAwait(false);
            folder.KeepDerived(row.Id, suffix, poster);
            return poster;
        }
        catch (PosterUnavailableException e)
        {
            throw new Failure(Errors.PosterUnavailable, e.Message);
        }
    }
}
