using System.Collections.Immutable;
using StoriesCli.Client;
using StoriesCli.Contracts;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.Effects;

/// <summary>Fetches the stories of the places that are near, once for each thing the tray says of them.</summary>
internal sealed class StoryLoader(ApiClient client, Action<Msg> post, CancellationToken cancel)
{
    private const int StoriesMaximum = 1000;

    private static readonly TimeSpan _pauseAfterFault = TimeSpan.FromSeconds(2);

    private readonly HashSet<PlaceKey> _underWay = [];
    private readonly Lock _lock = new();

    public void React(AppState s)
    {
        foreach (var place in Sight.NearbyPlaces(s))
        {
            lock (_lock)
            {
                if (!_underWay.Add(place.Key))
                {
                    continue;
                }
            }
            _ = Task.Run(() => LoadAsync(place.Key, PlaceVersion.Of(place.Item)), cancel);
        }
    }

    private async Task LoadAsync(PlaceKey key, PlaceVersion version)
    {
        try
        {
            var stories = await ListAsync(key).ConfigureAwait(false);
            post(new Msg.StoriesArrived(key, version, stories));
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            // The tray's poll tells the viewer; here it is only tried again, not at once.
            await Task.Delay(_pauseAfterFault, cancel).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _underWay.Remove(key);
            }
        }
    }

    private async Task<ImmutableArray<Story>> ListAsync(PlaceKey key)
    {
        var stories = ImmutableArray.CreateBuilder<Story>();
        var query = new StoryQuery { Author = key.Handle, Slot = key.Slot, Limit = Limits.PageMaximum };
        await foreach (var story in client.ListAllStoriesAsync(query, cancel).ConfigureAwait(false))
        {
            if (story.Slot == key.Slot)
            {
                stories.Add(story);
            }
            if (stories.Count == StoriesMaximum)
            {
                break;
            }
        }
        return stories.ToImmutable();
    }
}
