using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Events;

/// <summary>Sends announcements to all listeners, and remembers them for those who reconnect. It never waits for a listener.</summary>
internal sealed class EventBroadcaster : IDisposable
{
    /// <summary>Silence of a stream after which it sends a sign of life.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    // 73 per second for an hour. Listeners who reconnect later must reload.
    private const int Remembered = 1 << 18;

    private readonly Lock _gate = new();
    private readonly EventHistory _past = new(Remembered);
    private readonly HashSet<EventListener> _listeners = [];
    private readonly EventIds _ids = new();
    private readonly TokenStore _tokens;
    private readonly ExpiryScheduler _expiries;
    private readonly TimeProvider _time;
    private bool _stopped;

    public EventBroadcaster(Database database, TokenStore tokens, ExpiryScheduler expiries, TimeProvider time)
    {
        _tokens = tokens;
        _expiries = expiries;
        _time = time;
        Announcements.Subscribe(database.Events);
        database.Events.AfterCommit<Announcement>(Publish);
        expiries.Due += PublishDue;
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

    /// <summary>Sends an announcement to all listeners at once, without waiting for any of them.</summary>
    public void Publish(Announcement announcement)
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            var item = _past.Add(announcement, now);
            foreach (var listener in _listeners.Where(l => l.IsFor(announcement)))
            {
                listener.Offer(item, now);
            }
        }
    }

    /// <summary>Tells all listeners, present and reconnecting, that events may have been missed.</summary>
    public void Reset() => Publish(Announcement.Reset(_time.GetUtcNow()));

    /// <summary>Listens from now on, or from where an earlier stream broke off.</summary>
    /// <param name="caller">Account and token of the listener.</param>
    /// <param name="lastEventId">Id of the last event that was received; null for none.</param>
    public EventListener Join(CurrentAccount caller, string? lastEventId)
    {
        lock (_gate)
        {
            var listener = new EventListener(caller, TryResume(lastEventId, out var from) ? _past.After(from) : null, _past.Last);
            // Missed events precede this one, and new ones follow it.
            listener.Offer(new(_past.Last, null), _time.GetUtcNow());
            _listeners.Add(listener);
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
        }
    }

    /// <summary>Ends streams whose token is no longer valid, and sends signs of life on silent ones.</summary>
    public void Beat()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var listener in _listeners)
            {
                if (_tokens.FindLive(listener.TokenId) is null)
                {
                    listener.End();
                }
                else
                {
                    if (listener.IsUseToBeNoted(now))
                    {
                        _tokens.NoteStream(listener.TokenId);
                    }
                    if (listener.IsQuietSince(now - Silence))
                    {
                        listener.Offer(new(_past.Last, null), now);
                    }
                }
            }
        }
    }

    /// <summary>Ends all streams, including those still to begin.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            foreach (var listener in _listeners)
            {
                listener.End();
            }
        }
    }

    public void Dispose() => _ids.Dispose();

    public string IdOf(long number) => _ids.OfEvent(number);

    public string PlaceAfter(long number) => _ids.OfPlaceAfter(number);

    private bool TryResume(string? lastEventId, out long from)
    {
        from = _past.Last;
        return string.IsNullOrEmpty(lastEventId) || (_ids.TryRead(lastEventId, out from) && _past.Reaches(from));
    }
}
