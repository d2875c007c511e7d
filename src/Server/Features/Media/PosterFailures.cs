namespace StoriesCli.Server.Features.Media;

/// <summary>Remembers for a while which pictures cannot be decoded, so that not every reader has it tried again.</summary>
/// <param name="most">How many are remembered; the oldest goes first.</param>
/// <param name="life">How long each is.</param>
/// <param name="time">Tells the time.</param>
internal sealed class PosterFailures(int most, TimeSpan life, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Since, string Reason)> _failures = new(StringComparer.Ordinal);
    private readonly Queue<(string Picture, long Since)> _order = new();

    /// <summary>How many are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _failures.Count;
        }
    }

    /// <summary>Why it failed not long ago; null when it did not.</summary>
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

    // One that failed again since is remembered by its later entry.
    private void Forget((string Picture, long Since) entry)
    {
        if (_failures.TryGetValue(entry.Picture, out var failure) && failure.Since == entry.Since)
            _failures.Remove(entry.Picture);
    }
}
