using StoriesCli.Contracts;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Listens to the event stream, and loads the whole tray whenever events may be missing.</summary>
internal sealed class EventListener(TuiOptions options, Action<Msg> post, CancellationToken cancel)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly ApiClient _client = options.Client;
    private bool _knowsMe;
    private int _asking;
    private int _told,
        _muteRound;
    private string? _after;

    public async Task RunAsync()
    {
        try
        {
            for (var tries = 0; ; tries++)
            {
                var trouble = await ListenAsync().ConfigureAwait(false);
                post(trouble);
                // An account may be enabled again, and a token may get the missing scope.
                var pause = trouble is ServerMsg.SignedOut ? _longestPause : _firstPause * Math.Pow(2, Math.Min(tries, 10));
                await Task.Delay(pause < _longestPause ? pause : _longestPause, options.Clock, cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The UI has ended.
        }
    }

    /// <summary>Loads the tray again if an event named something that it does not show.</summary>
    public void OnModelChanged(Model model)
    {
        Volatile.Write(ref _muteRound, model.Link.MuteRound);
        if (model is { Link.TrayStale: true, Link.Connection: Connection.Live } && Interlocked.Exchange(ref _asking, 1) == 0)
        {
            _ = Task.Run(AskAgainAsync, cancel);
        }
    }

    /// <returns>Why listening failed: the server refuses this token, or cannot be reached.</returns>
    private async Task<Msg> ListenAsync()
    {
        var tray = Task.CompletedTask;
        try
        {
            await foreach (var happened in _client.Events.ListenAsync(_after, Told, cancel).ConfigureAwait(false))
            {
                if (happened is null)
                {
                    post(new ServerMsg.Connected());
                    tray = AskAsync();
                    continue;
                }
                // A tray that was requested earlier must not overwrite later events.
                await tray.ConfigureAwait(false);
                Interlocked.Increment(ref _told);
                _after = happened.Id ?? _after;
                post(happened.Type == EventTypes.Reset ? new ServerMsg.EventsMissed() : new ServerMsg.EventArrived(happened));
                tray = happened.Type == EventTypes.Reset ? AskAsync() : tray;
            }
            return new ServerMsg.TrayFailed("The event stream ended.");
        }
        catch (ApiException e) when (e.Status is 401 or 403)
        {
            return new ServerMsg.SignedOut(e.Message);
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            return new ServerMsg.TrayFailed(Describe(e));
        }

        void Told(ConnectionState step) =>
            post(step is ConnectionState.Broken broken ? new ServerMsg.ConnectionLost(broken.Reason) : new ServerMsg.Retrying());
    }

    private async Task AskAgainAsync()
    {
        int told,
            round;
        do
        {
            (told, round) = (Volatile.Read(ref _told), Volatile.Read(ref _muteRound));
            await AskAsync().ConfigureAwait(false);
        } while (told != Volatile.Read(ref _told) || round != Volatile.Read(ref _muteRound));
        Interlocked.Exchange(ref _asking, 0);
        // Events that came just before that have not been handled.
        post(new ServerMsg.RetryDue());
    }

    /// <summary>Tries until the tray has arrived or the token is refused.</summary>
    private async Task AskAsync()
    {
        while (await TryAskAsync().ConfigureAwait(false) is { } trouble)
        {
            post(new ServerMsg.TrayFailed(trouble));
            await Task.Delay(_firstPause * 4, options.Clock, cancel).ConfigureAwait(false);
        }
    }

    private async Task AskWhoAsync(CancellationToken stop)
    {
        if (!_knowsMe)
        {
            var me = await _client.Accounts.GetMeAsync(stop).ConfigureAwait(false);
            post(new ServerMsg.SignedIn(me.Handle, me.Role) { TokenEnds = me.TokenRenews ? null : me.TokenExpiresAt, Access = me.Access });
            _knowsMe = true;
        }
    }

    private async Task<string?> TryAskAsync()
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(_patience);
        try
        {
            if (options.Handle is null)
            {
                await AskWhoAsync(late.Token).ConfigureAwait(false);
            }
            post(new ServerMsg.TrayArrived([.. await _client.Stories.GetTrayAsync(late.Token).ConfigureAwait(false)]));
            // The tray does not wait for the account if the handle is known already.
            await AskWhoAsync(late.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"{_client.Server.Authority} has not answered within {_patience.TotalSeconds:0} s.";
        }
        catch (ApiException e) when (e.Status is 401 or 403)
        {
            // The event stream gets the same answer and reports it.
            return null;
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            return Describe(e);
        }
    }

    /// <summary>A stories-server has a code for each refusal, and knows the routes that are asked for here.</summary>
    private string Describe(Exception fault) =>
        fault is ApiException { Code: null, Status: >= 400 and < 500 }
            ? $"No stories-server answers at {ServerAddress.Origin(_client.Server)}. {fault.Message} Check the server URL."
            : fault.Message;
}
