using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Welcome;

/// <summary>Runs the one command of the welcome screen off the UI thread, and cancels it when it is no longer wanted.</summary>
internal sealed class WelcomeRunner : IDisposable
{
    private readonly WelcomeOptions _options;
    private readonly Store _store;
    private readonly Action<Msg> _post;
    private readonly CancellationToken _cancel;
    private CancellationTokenSource? _running;
    private int _last;

    public WelcomeRunner(WelcomeOptions options, Store store, Action<Msg> post, CancellationToken cancel)
    {
        (_options, _store, _post, _cancel) = (options, store, post, cancel);
        store.Changed += OnModelChanged;
    }

    public void Dispose()
    {
        _store.Changed -= OnModelChanged;
        _running?.Cancel();
        _running?.Dispose();
    }

    private void OnModelChanged(Model model)
    {
        if (_running is not null && model.Dialog?.Command is null)
        {
            _running.Cancel();
            _running.Dispose();
            _running = null;
        }
        foreach (var join in model.Commands.OfType<WelcomeForm.Join>().Where(join => join.Number > _last))
        {
            _last = join.Number;
            _running = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
            var stop = _running.Token;
            _ = Task.Run(() => RunAsync(join, stop), stop);
        }
    }

    private async Task RunAsync(WelcomeForm.Join join, CancellationToken stop)
    {
        try
        {
            _post(new CommandMsg.Ended(join.Number, await join.RunAsync(_options, stop).ConfigureAwait(false)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody waits for it.
        }
    }
}
