namespace StoriesCli.Tui.Terminal;

/// <summary>The terminal while something draws on the whole of it; given back as it was however the process ends. One at a time.</summary>
public sealed class TerminalLease : IDisposable
{
    private readonly TerminalGuard _guard;
    private readonly IDisposable _taken;

    /// <summary>Takes it as it is: before any of its settings are changed.</summary>
    /// <param name="stop">Asks the program that draws to end when a signal arrives. Called on any thread; it must not block.</param>
    public TerminalLease(Action stop)
    {
        _guard = new(stop);
        _taken = _guard.Take();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _taken.Dispose();
        _guard.Dispose();
    }
}
