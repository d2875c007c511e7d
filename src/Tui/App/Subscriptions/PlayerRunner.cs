using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Starts external players: beside the UI if they have a window, in its place if they draw in the terminal.</summary>
internal sealed class PlayerRunner(TuiOptions options, Action<Msg> post, CancellationToken cancel)
{
    private readonly Playback _playback = new(options.Client, options.Players);
    private string? _playingId;

    public void OnModelChanged(Model model)
    {
        if (model.PlayingId == _playingId)
        {
            return;
        }
        _playingId = model.PlayingId;
        if (_playingId == PlayAll.Everything)
        {
            StartAll();
            return;
        }
        if (_playingId is null || model.Shown is not { } story || story.Id != _playingId)
        {
            return;
        }
        var player = options.Players.Find(story.Kind);
        if (player is { Terminal: true })
        {
            post(new PlayerMsg.NeedsTerminal(story.Id));
            return;
        }
        if (player is not null)
        {
            post(new PlayerMsg.Started(story.Id, Path.GetFileName(player.Command[0])));
        }
        _ = Task.Run(async () => post(await PlayAsync(story.Id, [story], cancel).ConfigureAwait(false)), cancel);
    }

    /// <summary>Plays in this terminal, which must be free; returns when the player has ended.</summary>
    public Msg RunHere(string storyId, CancellationToken stop) =>
        Task.Run(async () =>
            {
                try
                {
                    return storyId == PlayAll.Everything
                        ? await PlayAllAsync(stop).ConfigureAwait(false)
                        : await PlayAsync(storyId, [await options.Client.Stories.GetAsync(storyId, stop).ConfigureAwait(false)], stop)
                            .ConfigureAwait(false);
                }
                catch (Exception e) when (e is ApiException or ServerUnreachableException)
                {
                    return new PlayerMsg.Ended(storyId, e.Message);
                }
                catch (OperationCanceledException)
                {
                    return new PlayerMsg.Ended(storyId, "The player was stopped.");
                }
            })
            .GetAwaiter()
            .GetResult();

    private void StartAll()
    {
        // The player for videos decides where everything is played.
        var player = options.Players.Find(StoryKinds.Video) ?? options.Players.Find(StoryKinds.Image);
        if (player is { Terminal: true })
        {
            post(new PlayerMsg.NeedsTerminal(PlayAll.Everything));
            return;
        }
        if (player is not null)
        {
            post(new PlayerMsg.Started(PlayAll.Everything, Path.GetFileName(player.Command[0])));
        }
        _ = Task.Run(async () => post(await PlayAllAsync(cancel).ConfigureAwait(false)), cancel);
    }

    /// <summary>Stories that were played count as seen.</summary>
    private async Task<Msg> PlayAllAsync(CancellationToken stop)
    {
        try
        {
            var unseen = await options
                .Client.Stories.ListAllAsync(new() { Unseen = true, Limit = Limits.PageMaximum }, stop)
                .ToListAsync(stop)
                .ConfigureAwait(false);
            unseen.RemoveAll(story => story.Kind is not (StoryKinds.Image or StoryKinds.Video or StoryKinds.Audio));
            unseen.Reverse();
            return unseen.Count == 0
                ? new PlayerMsg.Ended(PlayAll.Everything, "Nothing new can be played.")
                : await PlayAsync(PlayAll.Everything, unseen, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            return new PlayerMsg.Ended(PlayAll.Everything, e.Message);
        }
    }

    private async Task<Msg> PlayAsync(string playing, IReadOnlyList<Story> stories, CancellationToken stop)
    {
        string? trouble = null;
        try
        {
            var report = new PlaybackReport(Shown, (_, reason) => trouble = reason);
            await _playback.PlayAsync(stories, report, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PlayerException or ApiException or ServerUnreachableException)
        {
            trouble = e.Message;
        }
        return new PlayerMsg.Ended(playing, trouble);

        Task Shown(Story story, CancellationToken _)
        {
            post(new PlayerMsg.Viewed(story.Id));
            return Task.CompletedTask;
        }
    }
}
