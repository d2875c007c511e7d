using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Tui.Cards;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Loads the details of the shown story: its thread, viewers and acknowledgements, and the full text of a long card.</summary>
internal sealed class DetailLoader(ApiClient client, Action<Msg> post, CancellationToken cancel)
{
    private Wanted _asked;

    public void OnModelChanged(Model model)
    {
        if (model.Shown is not { } story || model.Link.Connection != Connection.Live)
        {
            _asked = default;
            return;
        }
        var archived = model.Tray.IsArchived(story.Id);
        var known = model.Loaded.Details.GetValueOrDefault(story.Id);
        var wanted = new Wanted(
            story.Id,
            Thread: (known?.Replies?.Length ?? 0) != story.ReplyCount ? story.ReplyCount : null,
            Viewers: !archived
            && story.ViewCount is { } count
            && (known?.Viewers is { } seen ? seen.Items.Length + seen.PrivateCount : 0) != count
                ? count
                : null,
            Acks: story.ViewCount is not null && (known?.Acks?.Length ?? 0) != story.AckCount ? story.AckCount : null,
            Text: TextCards.IsCut(story) && known?.Text is null,
            Archived: archived
        );
        if (wanted == _asked || wanted is { Thread: null, Viewers: null, Acks: null, Text: false })
        {
            return;
        }
        _asked = wanted;
        _ = Task.Run(() => LoadAsync(story, wanted), cancel);
    }

    private async Task LoadAsync(Story story, Wanted wanted)
    {
        try
        {
            // An archived card outlives its thread.
            var text = wanted.Text ? await ReadAsync(story, wanted.Archived).ConfigureAwait(false) : null;
            if (wanted.Archived && text is not null)
            {
                post(new ServerMsg.DetailsArrived(story.Id, new() { Text = text }));
            }
            post(
                new ServerMsg.DetailsArrived(
                    story.Id,
                    new()
                    {
                        Replies = wanted.Thread is null
                            ? null
                            : [.. await client.Conversation.ListRepliesAsync(story.Id, cancel).ConfigureAwait(false)],
                        Viewers = wanted.Viewers is null
                            ? null
                            : await client.Stories.ListViewersAsync(story.Id, cancel: cancel).ConfigureAwait(false),
                        Acks = wanted.Acks is null
                            ? null
                            : [.. await client.Conversation.ListAcksAsync(story.Id, cancel).ConfigureAwait(false)],
                        Text = text,
                    }
                )
            );
        }
        catch (ApiException e) when (e.Status == 410 && !wanted.Archived)
        {
            post(new ServerMsg.StoryGone(story.Id));
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException or InvalidDataException or OperationCanceledException)
        {
            // The counts and the beginning of the card are shown; the header says when the server is away.
        }
    }

    private async Task<string> ReadAsync(Story story, bool archived)
    {
        using var text = new MemoryStream((int)Math.Min(story.Media.Bytes, Limits.TextBytes));
        try
        {
            await (
                archived ? client.Archive.DownloadAsync(story, text, null, cancel) : client.Media.DownloadAsync(story, text, null, cancel)
            ).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Code == Errors.MediaDamaged.Code)
        {
            // The beginning of the card and its thread are still there.
            return $"{story.Text}\n\n{Errors.MediaDamaged.Title}";
        }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private readonly record struct Wanted(string StoryId, int? Thread, int? Viewers, int? Acks, bool Text, bool Archived);
}
