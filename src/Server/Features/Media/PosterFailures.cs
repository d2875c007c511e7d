namespace StoriesCli.Server.Features.Media;

/// <summary>Remembers for a while which images cannot be decoded, so that not every request tries again.</summary>
/// <param name="most">Number of failures to remember. The oldest is dropped first.</param>
/// <param name="life">How long to remember each failure.</param>
/// <param name="time">Clock.</param>
internal sealed class PosterFailures(int most, TimeSpan life, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Since, string Reason)> _failures = new(StringComparer.Ordinal);
    private readonly Queue<(string Picture, long Since)> _order = new();

    /// <summary>Number of remembered failures.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _failures.Count;
        }
    }

    /// <summary>Reason of a recent failure; null when there was none.</summary>
    public string? Find(string picture)
    {
        lock (_gate)
            return _failures.TryGetValue(picture, out var failure) && time.GetElapsedTime(failure.Since) < life ? failure.Reason : null;
    }

    public void Note(string picture, string reason)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _failures[picture] = (now, reason);
            _order.Enqueue((picture, now));
            while (_order.Count > most || (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) >= life))
                Forget(_order.Dequeue());
        }
    }

    // An image that failed again has a later entry, which remains.
    private void Forget((string Picture, long Since) entry)
    {
        if (_failures.TryGetValue(entry.Picture, out var failure) && failure.Since == entry.Since)
            _failures.Remove(entry.Picture);
    }
}
