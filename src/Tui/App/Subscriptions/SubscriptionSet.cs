namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Everything that reaches beyond the screen. Each part watches the model, works on other threads, and posts messages.</summary>
internal sealed class SubscriptionSet : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Store _store;
    private readonly StoryLoader _stories;
    private readonly PictureLoader _media;
    private readonly RecordingLoader _recordings;
    private readonly LiveFollower _live;
    private readonly VideoPlayer _video;
    private readonly ViewReporter _marks;
    private readonly EventListener _watch;
    private readonly DetailLoader _details;
    private readonly CommandRunner _commands;

    public SubscriptionSet(TuiOptions options, Store store, Action<Msg> post)
    {
        _store = store;
        _stories = new(options.Client, post, _stop.Token);
        _media = new(options.Client, post, _stop.Token);
        _recordings = new(options.Client, post, _stop.Token);
        _live = new(options, post, _stop.Token);
        _video = new(options, post, _stop.Token);
        _marks = new(options.Client, post, options.Clock, _stop.Token);
        Players = new(options, post, _stop.Token);
        _details = new(options.Client, post, _stop.Token);
        _commands = new(options, post, _stop.Token);
        _watch = new(options, post, _stop.Token);
        store.Changed += OnModelChanged;
        _ = Task.Run(_watch.RunAsync);
    }

    public PlayerRunner Players { get; }

    public void Dispose()
    {
        _store.Changed -= OnModelChanged;
        _stop.Cancel();
        _media.Dispose();
        _stop.Dispose();
    }

    private void OnModelChanged(Model model)
    {
        _watch.OnModelChanged(model);
        Players.OnModelChanged(model);
        _commands.OnModelChanged(model);
        _live.OnModelChanged(model);
        _video.OnModelChanged(model);
        if (model.Link.Connection == Connection.SignedOut)
        {
            // Requests with a dead token look like guessing; the server would then refuse others at this address too.
            return;
        }
        _stories.OnModelChanged(model);
        _media.OnModelChanged(model);
        _recordings.OnModelChanged(model);
        _marks.OnModelChanged(model);
        _details.OnModelChanged(model);
    }
}
