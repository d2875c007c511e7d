using StoriesCli.Server.Features.Events;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>
/// Events caused by the clock that webhooks still have to take. Thousands of stories may expire at once. Each webhook takes into its queue as many as
/// fit, so that none is lost and no webhook waits for another. Thread-safe.
/// </summary>
internal sealed class DueEvents
{
    /// <summary>Above this number the oldest are dropped, for webhooks that are so far behind.</summary>
    public const int Remembered = 1 << 16;

    private readonly Lock _gate = new();
    private readonly List<Announcement> _events = [];
    private readonly Dictionary<string, long> _next = new(StringComparer.Ordinal);

    // Number of the first event.
    private long _first;

    /// <param name="webhooks">Ids of all webhooks. Progress of deleted ones is forgotten.</param>
    /// <param name="happened">The events, in order.</param>
    /// <returns>How many were dropped, by webhook.</returns>
    public IReadOnlyDictionary<string, int> Add(IReadOnlyCollection<string> webhooks, IReadOnlyCollection<Announcement> happened)
    {
        lock (_gate)
        {
            foreach (var gone in _next.Keys.Except(webhooks).ToList())
            {
                _next.Remove(gone);
            }
            foreach (var id in webhooks)
            {
                _next.TryAdd(id, _first + _events.Count);
            }
            _events.AddRange(happened);
            Forget();
            var oldest = _first + _events.Count - Remembered;
            var dropped = _next.Where(it => it.Value < oldest).ToDictionary(it => it.Key, it => (int)(oldest - it.Value));
            foreach (var id in dropped.Keys)
            {
                _next[id] = oldest;
            }
            Forget();
            return dropped;
        }
    }

    /// <summary>The next events of a webhook.</summary>
    /// <param name="webhook">Id of the webhook.</param>
    /// <param name="isWanted">Returns whether the webhook wants an event.</param>
    /// <param name="maximum">Maximum number of events.</param>
    /// <returns>The wanted events, and where to continue once they are on disk; null when nothing is left for it.</returns>
    public (IReadOnlyList<Announcement> Events, long Next)? Peek(string webhook, Func<Announcement, bool> isWanted, int maximum)
    {
        lock (_gate)
        {
            if (!_next.TryGetValue(webhook, out var next) || next == _first + _events.Count)
            {
                return null;
            }
            var wanted = new List<Announcement>();
            for (; next < _first + _events.Count && wanted.Count < maximum; next++)
            {
                if (_events[(int)(next - _first)] is var happened && isWanted(happened))
                {
                    wanted.Add(happened);
                }
            }
            return (wanted, next);
        }
    }

    public void Advance(string webhook, long next)
    {
        lock (_gate)
        {
            if (_next.TryGetValue(webhook, out var before) && before < next)
            {
                _next[webhook] = next;
                Forget();
            }
        }
    }

    /// <summary>Removes events that all webhooks have taken, in large pieces, because removing moves the rest.</summary>
    private void Forget()
    {
        var taken = (int)((_next.Count == 0 ? _first + _events.Count : _next.Values.Min()) - _first);
        if (taken > 0 && taken >= _events.Count / 2)
        {
            _events.RemoveRange(0, taken);
            _first += taken;
        }
    }
}
