using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Events;

/// <summary>
/// Sends announcements to all listeners, and remembers them for those who reconnect. Its own thread passes them on, so that a change is
/// answered before its listeners are. It never waits for a listener.
/// </summary>
internal sealed class EventBroadcaster : IDisposable
{
    /// <summary>Silence of a stream after which it sends a sign of life.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    // 73 per second for an hour. Listeners who reconnect later must reload.
    private const int Remembered = 1 << 18;

    // Name under which other servers get announcements.
    private const string Kind = "announcement";

    // Another server's history may have lost what is older.
    private static readonly TimeSpan ResumedAtMost = TimeSpan.FromMinutes(55);

    // Clocks of servers may differ by this. Events that the clock brings about are then told twice, rather than not at all.
    private static readonly TimeSpan ClocksDifferBy = TimeSpan.FromSeconds(5);

    // A listener gets this many in one write, so that a long burst is not rendered in one piece.
    private const int SentAtOnce = 64;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _due = new(initialState: false);
    private readonly EventHistory _past = new(Remembered);
    private readonly HashSet<EventListener> _listeners = [];
    private readonly EventIds _ids;
    private readonly RenderedEvents _rendered;
    private readonly TokenStore _tokens;
    private readonly ExpiryScheduler _expiries;
    private readonly TimeProvider _time;
    private readonly Thread _sender;
    private EventListener[]? _present;
    private readonly DomainEvents _commits;
    private DateTimeOffset _wholeSince;
    private long _order,
        _sent,
        _sentOrder,
        _madeUp;
    private bool _beat,
        _stopped,
        _disposed;

    public EventBroadcaster(
        Database database,
        TokenStore tokens,
        ExpiryScheduler expiries,
        EventIds ids,
        RenderedEvents rendered,
        TimeProvider time
    )
    {
        _tokens = tokens;
        _expiries = expiries;
        _ids = ids;
        _rendered = rendered;
        _time = time;
        _commits = database.Events;
        _wholeSince = DateTimeOffset.MinValue;
        Announcements.Subscribe(_commits);
        _commits.Carry(Kind, (Announcement it) => it.ToDocument(), Announcement.FromDocument);
        _commits.AfterCommit<Announcement>(PublishCommitted);
        expiries.Due += PublishDue;
        _sender = new(SendUntilDisposed) { IsBackground = true, Name = "events" };
        _sender.Start();
    }

    /// <summary>Raised after announcements caused by the clock were published, in the order in which they became due. No change contains them.</summary>
    public event Action<IReadOnlyCollection<Announcement>>? DuePublished;

    public int ListenerCount
    {
        get
        {
            lock (_gate)
            {
                return _listeners.Count;
            }
        }
    }

    /// <summary>Announcements caused by the clock since a time, in the order in which they became due.</summary>
    public IReadOnlyCollection<Announcement> DueSince(DateTimeOffset from) => [.. _expiries.Since(from).Select(Announcements.OfClock)];

    private void PublishDue(IReadOnlyCollection<StoryDomainEvent> due)
    {
        Announcement[] announcements = [.. due.Select(Announcements.OfClock)];
        foreach (var announcement in announcements)
        {
            Publish(announcement);
        }
        DuePublished?.Invoke(announcements);
    }

    /// <summary>Sends an announcement that is in no commit to all listeners, without waiting for any of them.</summary>
    public void Publish(Announcement announcement)
    {
        lock (_gate)
        {
            _past.Add(announcement, _time.GetUtcNow(), new(_order, announcement.At, IsOfClock: true));
            Wake();
        }
    }

    /// <summary>Sends an announcement of the commit whose subscribers are told now.</summary>
    private void PublishCommitted(Announcement announcement)
    {
        lock (_gate)
        {
            // All servers count the events of a commit in the same order.
            _order = Math.Max(_order + 1, EventPlace.FirstOf(_commits.Seq));
            _past.Add(announcement, _time.GetUtcNow(), new(_order, announcement.At));
            Wake();
        }
    }

    /// <summary>Tells all listeners, present and reconnecting, that events may have been missed.</summary>
    public void Reset()
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            _wholeSince = now;
        }
        Publish(Announcement.Reset(now));
    }

    /// <summary>The commit that a client has seen, by the id of an event on any of the servers; 0 when that does not matter.</summary>
    public long CommitOf(string? lastEventId) =>
        _ids.AreShared && lastEventId is not null && _ids.TryReadPlace(lastEventId, out var place) ? EventPlace.CommitOf(place.Order) : 0;

    /// <summary>Listens from now on, or from where an earlier stream broke off.</summary>
    /// <param name="caller">Account and token of the listener.</param>
    /// <param name="lastEventId">Id of the last event that was received; null for none.</param>
    public EventListener Join(CurrentAccount caller, string? lastEventId)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var joined = new HistoryItem(_past.Last, null, new(_order, now));
            var listener = new EventListener(caller, FindMissed(lastEventId, now), joined);
            // Missed events precede this one, and new ones follow it.
            listener.Offer([joined], now);
            _listeners.Add(listener);
            _present = null;
            if (_stopped)
            {
                listener.End();
            }
            return listener;
        }
    }

    public void Leave(EventListener listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
            _present = null;
        }
    }

    /// <summary>Ends streams whose token is no longer valid, and has a sign of life sent on silent ones.</summary>
    public void Beat()
    {
        var now = _time.GetUtcNow();
        foreach (var listener in Present())
        {
            if (_tokens.FindLive(listener.TokenId) is null)
            {
                listener.End();
            }
            else if (listener.IsUseToBeNoted(now))
            {
                _tokens.NoteStream(listener.TokenId);
            }
        }
        lock (_gate)
        {
            _beat = true;
            Wake();
        }
    }

    /// <summary>Ends all streams, including those still to begin.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
        }
        foreach (var listener in Present())
        {
            listener.End();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }
        // After it: otherwise the sender may wake up before, and wait for ever.
        _due.Set();
        _sender.Join();
        _due.Dispose();
    }

    // Under the lock: the last changes of a server that stops may come after the end of this.
    private void Wake()
    {
        if (!_disposed)
        {
            _due.Set();
        }
    }

    // Offering and ending run code of the listener, which may leave: never under the lock.
    private EventListener[] Present()
    {
        lock (_gate)
        {
            return _present ??= [.. _listeners];
        }
    }

    private void SendUntilDisposed()
    {
        while (_due.WaitOne() && !Volatile.Read(ref _disposed))
        {
            while (SendSome()) { }
            if (Interlocked.Exchange(ref _beat, false))
            {
                SayThatItLives();
            }
            // Nothing that was shown stays in memory for longer than it takes to show it.
            _rendered.Clear();
        }
    }

    private bool SendSome()
    {
        HistoryItem[] items;
        EventListener[] present;
        lock (_gate)
        {
            if (_sent == _past.Last)
            {
                return false;
            }
            var isLost = !_past.Reaches(_sent);
            items = isLost ? [] : [.. _past.After(_sent).Take(SentAtOnce)];
            present = Present();
            _sent = isLost ? _past.Last : items[^1].Number;
            _sentOrder = isLost ? _order : items[^1].Place.Order;
        }
        var now = _time.GetUtcNow();
        foreach (var listener in present)
        {
            if (items.Length == 0)
            {
                // The history is too short for what happened meanwhile. Listeners that reconnect are told to reload.
                listener.End();
            }
            else
            {
                listener.OfferAllFor(items, now);
            }
        }
        return true;
    }

    private void SayThatItLives()
    {
        var now = _time.GetUtcNow();
        foreach (var listener in Present())
        {
            if (listener.IsQuietSince(now - Silence))
            {
                listener.Offer(
                    [new(Math.Max(_sent, listener.JoinedAt), null, new(Math.Max(_sentOrder, listener.Joined.Place.Order), now))],
                    now
                );
            }
        }
    }

    /// <returns>What was announced after an event; null when that is not known any more.</returns>
    private IEnumerable<HistoryItem>? FindMissed(string? lastEventId, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(lastEventId))
        {
            return [];
        }
        if (!_ids.AreShared)
        {
            return _ids.TryRead(lastEventId, out var from) && _past.Reaches(from) ? _past.After(from) : null;
        }
        if (
            !_ids.TryReadPlace(lastEventId, out var place)
            || place.At > now + ClocksDifferBy
            || place.At < now - ResumedAtMost
            || place.At - ClocksDifferBy < _wholeSince
            || place.At - ClocksDifferBy < _past.DroppedAt
        )
        {
            return null;
        }
        var committed = _past.All.Where(item => !item.Place.IsOfClock && item.Place.Order > place.Order);
        var due = DueSince(place.At - ClocksDifferBy)
            .Select(it => new HistoryItem(--_madeUp, it, new(place.Order, it.At, IsOfClock: true)));
        return committed.Concat(due).OrderBy(item => item.Place.At);
    }
}
