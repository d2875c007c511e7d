using StoriesCli.Server.Features.Events;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>
/// What the clock brought about and webhooks are still to be told of. Thousands of stories may expire at one instant: each webhook takes as much of it into its queue as
/// there is room for, so that none is lost, and none waits for another. Safe for several threads.
/// </summary>
internal sealed class DueEvents
{
    /// <summary>Beyond so many the oldest are dropped, for webhooks that are that far behind.</summary>
    public const int Remembered = 1 << 16;

    private readonly Lock _gate = new();
    private readonly List<Announcement> _events = [];
    private readonly Dictionary<string, long> _next = new(StringComparer.Ordinal);

    // The number of the first of them.
    private long _first;

    /// <param name="webhooks">The ids of all there are: what was told of those that are gone is over.</param>
    /// <param name="happened">In their order.</param>
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

    /// <summary>What a webhook takes next.</summary>
    /// <param name="webhook">Its id.</param>
    /// <param name="isWanted">Whether it is to be told of one.</param>
    /// <param name="maximum">How many there is room for.</param>
    /// <returns>What it wants of them, and where to go on once that is on the disk; null when there is nothing left for it.</returns>
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

    /// <summary>What all have taken goes, in pieces that are worth moving the rest for.</summary>
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
