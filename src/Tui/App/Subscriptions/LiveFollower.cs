using System.Threading.Channels;
using StoriesCli.Contracts;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Follows the live terminal that is shown, and nothing when there is none. It only reads: no key gets to the command.</summary>
internal sealed class LiveFollower(TuiOptions options, Action<Msg> post, CancellationToken cancel)
{
    private Following? _following;

    public void OnModelChanged(Model model)
    {
        var wanted = LiveTerminals.Wanted(model);
        if (_following?.StoryId != wanted)
        {
            _following?.Stop();
            _following = wanted is null ? null : new(wanted, options, post, cancel);
        }
        _following?.OnModelChanged(model);
    }

    /// <summary>One live terminal. One screen at most waits for the UI thread, however much comes and however long that thread is away.</summary>
    private sealed class Following
    {
        // Twenty screens a second are smooth, and cost little on a slow line.
        private static readonly TimeSpan _frame = TimeSpan.FromMilliseconds(50);
        private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(500);
        private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(30);

        private readonly TuiOptions _options;
        private readonly Action<Msg> _post;
        private readonly CancellationTokenSource _stop;
        private readonly CancellationToken _stopped;
        private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        private readonly Lock _gate = new();
        private readonly LiveTerminal _terminal = new();
        private Emulator? _waiting;
        private bool _hasChanged,
            _wasShown,
            _isHeld;

        public Following(string storyId, TuiOptions options, Action<Msg> post, CancellationToken cancel)
        {
            (StoryId, _options, _post) = (storyId, options, post);
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            _stopped = _stop.Token;
            _ = Task.Run(FollowAsync, _stopped);
            _ = Task.Run(ShowAsync, _stopped);
        }

        public string StoryId { get; }

        /// <summary>While it pauses, the viewer keeps the screen that is there. New output is drawn when the pause ends.</summary>
        private bool IsDue => _hasChanged && _waiting is null && !(_isHeld && _wasShown);

        public void Stop()
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        public void OnModelChanged(Model model)
        {
            lock (_gate)
            {
                _isHeld = model.Paused;
                if (ReferenceEquals(LiveTerminals.ScreenOf(model, StoryId), _waiting))
                {
                    _waiting = null;
                }
                if (IsDue)
                {
                    _due.Writer.TryWrite(true);
                }
            }
        }

        private async Task ShowAsync()
        {
            await foreach (var _ in _due.Reader.ReadAllAsync(_stopped).ConfigureAwait(false))
            {
                if (TakeScreen() is { } screen)
                {
                    _post(new MediaMsg.ScreenArrived(StoryId, screen));
                    await Task.Delay(_frame, _stopped).ConfigureAwait(false);
                }
            }
        }

        private Emulator? TakeScreen()
        {
            lock (_gate)
            {
                if (!IsDue)
                {
                    return null;
                }
                (_hasChanged, _wasShown) = (false, true);
                return _waiting = _terminal.Screen.Copy();
            }
        }

        /// <summary>Until the command has ended, or somebody says that it must not be followed.</summary>
        private async Task FollowAsync()
        {
            for (var tries = 0; ; tries++)
            {
                try
                {
                    await foreach (var happened in _options.Client.Live.FollowAsync(StoryId, _stopped).ConfigureAwait(false))
                    {
                        tries = 0;
                        if (happened.Type == LiveEventTypes.End)
                        {
                            return;
                        }
                        Take(happened);
                    }
                }
                catch (ApiException e) when (e.Status == 410)
                {
                    _post(new ServerMsg.StoryGone(StoryId));
                    return;
                }
                catch (ApiException e) when (e.Code == Errors.LiveEnded.Code)
                {
                    // The event that says so is on its way, or the server opens the story again after a fault.
                }
                catch (ApiException e) when (e.Status is 401 or 403 or 404)
                {
                    _post(new MediaMsg.ScreenMissing(StoryId, e.Message));
                    return;
                }
                catch (Exception e) when (e is ApiException or ServerUnreachableException)
                {
                    _post(new MediaMsg.ScreenMissing(StoryId, $"{e.Message} It is tried again by itself."));
                }
                var pause = _firstPause * Math.Pow(2, Math.Min(tries, 10));
                await Task.Delay(pause < _longestPause ? pause : _longestPause, _options.Clock, _stopped).ConfigureAwait(false);
            }
        }

        private void Take(LiveEvent happened)
        {
            lock (_gate)
            {
                _terminal.Take(happened);
                _hasChanged = true;
                _due.Writer.TryWrite(true);
            }
        }
    }
}
