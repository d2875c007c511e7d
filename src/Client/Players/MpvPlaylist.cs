using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>Plays stories in one mpv and learns which were shown.</summary>
/// <remarks>A link is valid for minutes, so each is created when the previous story begins.</remarks>
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

    /// <summary>Plays until the last story, or until the user quits. Returns how many were started and whether the user quit.</summary>
    /// <exception cref="PlayerException">mpv cannot be started, or failed.</exception>
    public async Task<(int Begun, bool Quit)> PlayAsync(CancellationToken cancel)
    {
        using var control = new MpvControl();
        using var mpv = PlayerProcess.Start(
            PlayerArguments.FillForSocket(player, stories[0].Caption ?? "", control.SocketPath),
            player.Terminal
        );
        if (await control.ConnectAsync(mpv, cancel).ConfigureAwait(false))
        {
            // After connecting, so that no event of the first story is missed.
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
            // Playback has started. Seeking repeats this event, so count it once.
            case "playback-restart" when _current > 0 && _current <= stories.Count && _shown.Add(_current):
                await report.Shown(stories[_current - 1], cancel).ConfigureAwait(false);
                break;
            case "end-file":
                _ended = happened.Reason;
                // Missing sound output, as over SSH, is not a failure if the story was shown.
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
            // The events have already reported each file's error.
        }
    }
}
