using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Terminal;

/// <summary>Sees to it that pictures for placeholders arrive past tmux, which drops them silently while nobody looks at its window.</summary>
/// <remarks>
/// Behind each picture it asks the terminal whether that has arrived. The answer goes to the active pane, so that it asks only while this is the
/// active one: in another it would be typed text. Call everything on the UI thread.
/// </remarks>
internal sealed class PlaceholderDelivery : IDisposable
{
    private const int TriesMaximum = 3,
        SilencesMaximum = 2;

    // For the way there and back; the picture goes over a line that may be slow.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private const int BytesPerSecond = 100_000;

    private readonly RasterArea _slot;
    private readonly Func<CancellationToken, Task<PaneState>> _findPane;
    private readonly Action<string> _write;
    private readonly Action<TimeSpan, Action> _after;
    private readonly Action<Action> _post;
    private readonly CancellationTokenSource _ended = new();
    private int _waiting,
        _tries,
        _silences;
    private bool _isOver;

    /// <param name="slot">The picture.</param>
    /// <param name="findPane">Where this program's pane is.</param>
    /// <param name="write">Sends a question.</param>
    /// <param name="after">Does something later, on the UI thread.</param>
    /// <param name="post">Does something on the UI thread, from any.</param>
    public PlaceholderDelivery(
        RasterArea slot,
        Func<CancellationToken, Task<PaneState>> findPane,
        Action<string> write,
        Action<TimeSpan, Action> after,
        Action<Action> post
    ) => (_slot, _findPane, _write, _after, _post) = (slot, findPane, write, after, post);

    /// <summary>A picture was sent.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="bytes">How long it was.</param>
    public void Sent(int id, int bytes)
    {
        _waiting = id;
        var ended = _ended.Token;
        _ = Task.Run(
            async () =>
            {
                var pane = await _findPane(ended).ConfigureAwait(false);
                _post(() => Ask(id, bytes, pane));
            },
            ended
        );
    }

    /// <summary>The terminal answered something.</summary>
    public void Hear(string answer)
    {
        if (_waiting != 0 && answer.StartsWith(KittyPlaceholders.AnswerTo(_waiting), StringComparison.Ordinal))
        {
            (_waiting, _tries, _silences) = (0, 0, 0);
        }
    }

    /// <summary>A key came, so that this is the active pane: a picture that was lost is tried again.</summary>
    public void OnKey()
    {
        if (_slot is { IsLost: true, IsGivenUp: false })
        {
            _slot.SendAgain();
        }
    }

    /// <summary>The viewer wants everything anew.</summary>
    public void Renew()
    {
        (_waiting, _tries, _silences) = (0, 0, 0);
        _slot.SendAgain();
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _ended.Cancel();
            _ended.Dispose();
        }
    }

    private void Ask(int id, int bytes, PaneState pane)
    {
        // Written later, it would stand in the shell.
        if (_waiting != id || _isOver)
        {
            return;
        }
        switch (pane)
        {
            case PaneState.Active:
                _write(KittyPlaceholders.Query(id));
                _after(_patience + TimeSpan.FromSeconds((double)bytes / BytesPerSecond), () => Miss(id));
                break;
            case PaneState.Hidden:
                (_waiting, _tries) = (0, 0);
                _slot.Lose(giveUp: false);
                break;
            default:
                // It may have arrived, and nobody can be asked.
                _waiting = 0;
                break;
        }
    }

    private void Miss(int id)
    {
        if (_waiting != id || _isOver)
        {
            return;
        }
        _waiting = 0;
        if (++_tries < TriesMaximum)
        {
            _slot.SendAgain();
            return;
        }
        _tries = 0;
        _slot.Lose(giveUp: ++_silences >= SilencesMaximum);
    }
}
