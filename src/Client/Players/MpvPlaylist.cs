using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>Plays stories one after the other in one mpv, and learns from it which were shown.</summary>
/// <remarks>An address holds for minutes only, so each is made when the story before it begins.</remarks>
internal sealed class MpvPlaylist(
    Player player,
    IReadOnlyList<Story> stories,
    Func<Story, CancellationToken, Task<string>> link,
    PlaybackReport report
)
{
    private readonly HashSet<int> _shown = [];
    private int _given;
    private int _current;
    private int _begun;
    private string? _ended;

    /// <summary>Plays until the last story or the user's quitting; returns how many were begun and whether the user quit.</summary>
    /// <exception cref="PlayerException">mpv cannot be started, or ended with an error of its own.</exception>
    public async Task<(int Begun, bool Quit)> PlayAsync(CancellationToken cancel)
    {
        using var control = new MpvControl();
        using var mpv = PlayerProcess.Start(
            PlayerArguments.FillForSocket(player, stories[0].Caption ?? "", control.SocketPath),
            player.Terminal
        );
        if (await control.ConnectAsync(mpv, cancel).ConfigureAwait(false))
        {
            // Only now, so that no event of the first story is missed.
            await GiveNextAsync(control, cancel).ConfigureAwait(false);
            while (await control.ReadAsync(cancel).ConfigureAwait(false) is { } happened)
            {
                await FollowAsync(control, happened, cancel).ConfigureAwait(false);
            }
        }
        await WaitAsync(mpv, cancel).ConfigureAwait(false);
        return (_begun, _ended == "quit" || _begun == 0);
    }

    private async Task GiveNextAsync(MpvControl control, CancellationToken cancel)
    {
        var address = await link(stories[_given], cancel).ConfigureAwait(false);
        await control.AppendAsync(address, cancel).ConfigureAwait(false);
        _given++;
    }

    private async Task FollowAsync(MpvControl control, MpvEvent happened, CancellationToken cancel)
    {
        switch (happened.Name)
        {
            case "start-file":
                _current = happened.Entry ?? _current;
                _begun = Math.Max(_begun, _current);
                _ended = null;
                if (_current == _given && _given < stories.Count)
                {
                    await GiveNextAsync(control, cancel).ConfigureAwait(false);
                }
                break;
            // The first picture or sound is out: a seek repeats this, so it counts once.
            case "playback-restart" when _current > 0 && _current <= stories.Count && _shown.Add(_current):
                await report.Shown(stories[_current - 1], cancel).ConfigureAwait(false);
                break;
            case "end-file":
                _ended = happened.Reason;
                // Sound that nothing can play is no failure of a story that was seen, as over SSH.
                if (happened.Reason == "error" && !_shown.Contains(_current) && _current > 0 && _current <= stories.Count)
                {
                    report.Failed(stories[_current - 1], $"mpv could not play it: {happened.Error ?? "no reason given"}");
                }
                break;
        }
    }

    private async Task WaitAsync(PlayerProcess mpv, CancellationToken cancel)
    {
        try
        {
            await mpv.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (PlayerException) when (_ended is not null)
        {
            // mpv's code repeats what its events have said of each file.
        }
    }
}
