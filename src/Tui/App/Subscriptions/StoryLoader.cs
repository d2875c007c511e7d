using System.Collections.Concurrent;
using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Loads the stories of the places nearby, once for each version in the tray.</summary>
internal sealed class StoryLoader(ApiClient client, Action<Msg> post, CancellationToken cancel)
{
    private const int StoriesMaximum = 1000;

    private static readonly TimeSpan _pauseAfterFault = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<PlaceKey, PlaceVersion> _asked = [];

    public void OnModelChanged(Model model)
    {
        foreach (var key in _asked.Keys.Where(key => model.Tray.IndexOf(key) is var i && (i < 0 || model.Tray.Places[i].IsCurrent)))
        {
            _asked.TryRemove(key, out _);
        }
        foreach (var place in Prefetch.NearbyPlaces(model))
        {
            var version = place.Version;
            if (_asked.TryGetValue(place.Key, out var asked) && asked == version)
            {
                continue;
            }
            _asked[place.Key] = version;
            _ = Task.Run(() => LoadAsync(place.Key, version), cancel);
        }
    }

    private async Task LoadAsync(PlaceKey key, PlaceVersion version)
    {
        try
        {
            post(new ServerMsg.StoriesArrived(key, version, await ListAsync(key).ConfigureAwait(false)));
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            // The connection state tells the viewer; here we only try again after a pause.
            await Task.Delay(_pauseAfterFault, cancel).ConfigureAwait(false);
            _asked.TryRemove(new(key, version));
            post(new ServerMsg.RetryDue());
        }
    }

    private async Task<ImmutableArray<Story>> ListAsync(PlaceKey key)
    {
        var stories = ImmutableArray.CreateBuilder<Story>();
        var query = new StoryQuery
        {
            Author = key.Handle,
            Slot = key.Slot,
            Limit = Limits.PageMaximum,
        };
        await foreach (var story in client.Stories.ListAllAsync(query, cancel).ConfigureAwait(false))
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
