namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Everything that reaches beyond the screen. Effects look at the state, work on other threads, and post what they found.</summary>
internal sealed class EffectSet : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Store _store;
    private readonly StoryLoader _stories;
    private readonly MediaCache _media;
    private readonly RecordingLoader _recordings;
    private readonly ViewedMarks _marks;
    private readonly EventWatch _watch;
    private readonly DetailLoader _details;
    private readonly DeedWork _deeds;

    public EffectSet(TuiOptions options, Store store, Action<Msg> post)
    {
        _store = store;
        _stories = new(options.Client, post, _stop.Token);
        _media = new(options.Client, post, _stop.Token);
        _recordings = new(options.Client, post, _stop.Token);
        _marks = new(options.Client, post, options.Clock, _stop.Token);
        Players = new(options, post, _stop.Token);
        _details = new(options.Client, post, _stop.Token);
        _deeds = new(options, post, _stop.Token);
        _watch = new(options, post, _stop.Token);
        store.Changed += React;
        _ = Task.Run(_watch.RunAsync);
    }

    public Players Players { get; }

    public void Dispose()
    {
        _store.Changed -= React;
        _stop.Cancel();
        _media.Dispose();
        _stop.Dispose();
    }

    private void React(AppState s)
    {
        _watch.React(s);
        Players.React(s);
        _deeds.React(s);
        if (s.Connection == Connection.SignedOut)
        {
            // A server takes what is asked with a dead token for guessing, and would turn others away who come from here.
            return;
        }
        _stories.React(s);
        _media.React(s);
        _recordings.React(s);
        _marks.React(s);
        _details.React(s);
    }
}
