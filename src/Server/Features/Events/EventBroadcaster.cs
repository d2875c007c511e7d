using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Events;

/// <summary>Hands what happens to whoever listens, and remembers it for those who come back. Nothing in it ever waits for a listener.</summary>
internal sealed class EventBroadcaster : IDisposable
{
    /// <summary>How long a stream says nothing before it says that it is alive.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    // 73 a second for an hour; beyond it who comes back too late is told to load anew.
    private const int Remembered = 1 << 18;

    private readonly Lock _gate = new();
    private readonly EventHistory _past = new(Remembered);
    private readonly HashSet<EventListener> _listeners = [];
    private readonly EventIds _ids = new();
    private readonly AccountStore _accounts;
    private readonly ExpiryScheduler _expiries;
    private readonly TimeProvider _time;
    private bool _stopped;

    public EventBroadcaster(Database database, AccountStore accounts, ExpiryScheduler expiries, TimeProvider time)
    {
        _accounts = accounts;
        _expiries = expiries;
        _time = time;
        Announcements.Subscribe(database.Events);
        database.Events.AfterCommit<Announcement>(Publish);
        expiries.Due += PublishDue;
    }

    /// <summary>What the clock alone brought about was published; it is in no change, and in the order in which it became due.</summary>
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

    /// <summary>What the clock alone brought about after an instant, in the order in which it became due.</summary>
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

    /// <summary>Tells all who listen, at once and without waiting for any of them.</summary>
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

    /// <summary>Tells everybody, and whoever comes back, that something may have happened that was not told.</summary>
    public void Reset() => Publish(Announcement.Reset(_time.GetUtcNow()));

    /// <summary>Listens from now on, or from where an earlier stream broke off.</summary>
    /// <param name="caller">Who listens.</param>
    /// <param name="lastEventId">The id of the last event that came; null for none.</param>
    public EventListener Join(CurrentAccount caller, string? lastEventId)
    {
        lock (_gate)
        {
            var listener = new EventListener(caller, TryResume(lastEventId, out var from) ? _past.After(from) : null, _past.Last);
            // What was missed comes before this, and what happens from here on after it.
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

    /// <summary>Ends the streams whose token no longer holds, and lets those speak that have been silent for too long.</summary>
    public void Beat()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var listener in _listeners)
            {
                if (_accounts.FindLive(listener.TokenId) is null)
                {
                    listener.End();
                }
                else
                {
                    if (listener.IsUseToBeNoted(now))
                    {
                        _accounts.NoteStream(listener.TokenId);
                    }
                    if (listener.IsQuietSince(now - Silence))
                    {
                        listener.Offer(new(_past.Last, null), now);
                    }
                }
            }
        }
    }

    /// <summary>Ends all streams, also those that are still to begin.</summary>
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
