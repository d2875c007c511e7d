using StoriesCli.Client;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.Effects;

/// <summary>Starts external players: those with a window of their own beside the UI, those that draw in the terminal in its place.</summary>
internal sealed class Players(TuiOptions options, Action<Msg> post, CancellationToken cancel)
{
    private readonly Playback _playback = new(options.Client, options.Players);
    private string? _playingId;

    public void React(AppState s)
    {
        if (s.PlayingId == _playingId)
        {
            return;
        }
        _playingId = s.PlayingId;
        if (_playingId is null || s.Shown is not { } story || story.Id != _playingId)
        {
            return;
        }
        var player = options.Players.Find(story.Kind);
        if (player is { Terminal: true })
        {
            post(new Msg.PlayerNeedsTerminal(story.Id));
            return;
        }
        if (player is not null)
        {
            post(new Msg.PlayerStarted(story.Id, Path.GetFileName(player.Command[0])));
        }
        _ = Task.Run(async () => post(await PlayAsync(story, cancel).ConfigureAwait(false)), cancel);
    }

    /// <summary>Plays in this terminal, which must be free; comes back when the player has ended.</summary>
    public Msg RunHere(string storyId, CancellationToken stop) => Task.Run(async () =>
    {
        try
        {
            var story = await options.Client.GetStoryAsync(storyId, stop).ConfigureAwait(false);
            return await PlayAsync(story, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            return new Msg.PlayerEnded(storyId, e.Message);
        }
        catch (OperationCanceledException)
        {
            return new Msg.PlayerEnded(storyId, "The player was stopped.");
        }
    }).GetAwaiter().GetResult();

    private async Task<Msg> PlayAsync(Story story, CancellationToken stop)
    {
        string? trouble = null;
        try
        {
            var report = new PlaybackReport((_, _) => Task.CompletedTask, (_, reason) => trouble = reason);
            await _playback.PlayAsync([story], report, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PlayerException or ApiException or ServerUnreachableException)
        {
            trouble = e.Message;
        }
        return new Msg.PlayerEnded(story.Id, trouble);
    }
}
