using StoriesCli.Contracts;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Loads nearby recordings; large ones only when they are shown.</summary>
internal sealed class RecordingLoader(ApiClient client, Action<Msg> post, CancellationToken cancel)
{
    private const long AheadBytesMaximum = 1024 * 1024;

    private readonly HashSet<string> _asked = [];

    public void OnModelChanged(Model model)
    {
        var wanted = RecordingPlayback
            .Wanted(model)
            .Where(story => story.Id == model.ShownId || story.Media.Bytes <= AheadBytesMaximum)
            .ToArray();
        _asked.RemoveWhere(id => wanted.All(story => story.Id != id));
        foreach (var story in wanted)
        {
            if (_asked.Add(story.Id))
            {
                var archived = model.Tray.IsArchived(story.Id);
                _ = Task.Run(() => DeliverAsync(story, archived), cancel);
            }
        }
    }

    private async Task DeliverAsync(Story story, bool archived)
    {
        try
        {
            var media = await (
                archived ? client.Archive.OpenMediaAsync(story.Id, cancel: cancel) : client.Media.OpenAsync(story.Id, cancel: cancel)
            ).ConfigureAwait(false);
            await using var _ = media.ConfigureAwait(false);
            post(new MediaMsg.RecordingArrived(story.Id, await CastReader.ReadAsync(media.Content, cancel).ConfigureAwait(false)));
        }
        catch (ApiException e) when (e.Status == 410)
        {
            post(new ServerMsg.StoryGone(story.Id));
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException or InvalidDataException or IOException)
        {
            post(new MediaMsg.RecordingMissing(story.Id, e.Message));
        }
    }
}
