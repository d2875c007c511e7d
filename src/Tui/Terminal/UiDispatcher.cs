using System.Collections.Concurrent;
using Terminal.Gui.App;

namespace StoriesCli.Tui.Terminal;

/// <summary>A queue onto the UI thread. It outlives the application, which is made anew after each program that took the terminal.</summary>
/// <remarks>
/// Not <see cref="IApplication.Invoke(Action)"/>: that runs actions, timers and continuations under one lock, so that a modal
/// view opened there blocks every other caller. <see cref="IApplication.Iteration"/> is raised outside it.
/// </remarks>
/// <param name="wake">Ends the wait of the UI thread.</param>
internal sealed class UiDispatcher(Action wake)
{
    private readonly ConcurrentQueue<Action> _queue = new();

    public void Post(Action action)
    {
        _queue.Enqueue(action);
        wake();
    }

    public void Attach(IApplication app) => app.Iteration += OnIteration;

    public void Detach(IApplication app) => app.Iteration -= OnIteration;

    /// <summary>Runs what was queued before the call; what those actions queue has its turn next time.</summary>
    public void Pump()
    {
        for (var left = _queue.Count; left > 0 && _queue.TryDequeue(out var action); left--)
        {
            action();
        }
    }

    private void OnIteration(object? sender, EventArgs<IApplication?> e) => Pump();
}
