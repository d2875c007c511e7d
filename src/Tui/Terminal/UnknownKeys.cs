namespace StoriesCli.Tui.Terminal;

/// <summary>Keeps the application running when Terminal.Gui fails on a key that it does not know.</summary>
internal sealed class UnknownKeys(TimeProvider clock)
{
    // More than a held key repeats, fewer than the frames of a second: a fault of drawing comes with each of those.
    private const int MaximumPerSecond = 40;

    private readonly Queue<long> _recent = new();

    /// <returns>Whether to go on.</returns>
    public bool Swallow(Exception error)
    {
        if (error is not NullReferenceException)
        {
            return false;
        }
        var now = clock.GetTimestamp();
        _recent.Enqueue(now);
        while (clock.GetElapsedTime(_recent.Peek(), now) > TimeSpan.FromSeconds(1))
        {
            _recent.Dequeue();
        }
        return _recent.Count <= MaximumPerSecond;
    }
}
