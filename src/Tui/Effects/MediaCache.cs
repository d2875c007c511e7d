using StoriesCli.Client;
using StoriesCli.Contracts;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.Effects;

/// <summary>Fetches, decodes and scales the pictures that are near, off the UI thread, and keeps the last few for the way back and for a resize.</summary>
internal sealed class MediaCache(ApiClient client, Action<Msg> post, CancellationToken cancel)
{
    /// <summary>Enough for half blocks on the widest terminals, and decoded in a few milliseconds.</summary>
    private const int PosterPixels = 640;
    private const int KeptMaximum = 12;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Box> _asked = [];
    private readonly Dictionary<string, PixelBuffer> _decoded = [];
    private readonly Queue<string> _order = [];

    public void React(AppState s)
    {
        var nearby = Sight.Nearby(s);
        foreach (var (id, asked) in _asked.ToArray())
        {
            if (s.Pictures.GetValueOrDefault(id)?.Area == asked || !nearby.Any(story => story.Id == id))
            {
                _asked.Remove(id);
            }
        }
        foreach (var story in nearby)
        {
            var area = s.Area;
            if (s.Pictures.GetValueOrDefault(story.Id)?.Area != area && _asked.GetValueOrDefault(story.Id) != area)
            {
                _asked[story.Id] = area;
                _ = Task.Run(() => DeliverAsync(story, area), cancel);
            }
        }
    }

    private async Task DeliverAsync(Story story, Box area)
    {
        try
        {
            var source = await GetAsync(story.Id).ConfigureAwait(false);
            post(new Msg.PictureArrived(story.Id, area, source.Resize(source.Fit(HalfBlocks.PixelsIn(area)))));
        }
        catch (ApiException e) when (e.Status == 410)
        {
            post(new Msg.StoryGone(story.Id));
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException or InvalidDataException)
        {
            post(new Msg.PictureMissing(story.Id, area, e.Message));
        }
    }

    private async Task<PixelBuffer> GetAsync(string storyId)
    {
        lock (_lock)
        {
            if (_decoded.TryGetValue(storyId, out var kept))
            {
                return kept;
            }
        }
        var picture = PixelBuffer.Decode(await client.GetPosterAsync(storyId, PosterPixels, PosterPixels, cancel).ConfigureAwait(false));
        Keep(storyId, picture);
        return picture;
    }

    private void Keep(string storyId, PixelBuffer picture)
    {
        lock (_lock)
        {
            _decoded[storyId] = picture;
            _order.Enqueue(storyId);
            while (_order.Count > KeptMaximum)
            {
                _decoded.Remove(_order.Dequeue());
            }
        }
    }
}
