using StoriesCli.Server.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Webhooks;

namespace StoriesCli.Server.Events;

/// <summary>Hands what happens to whoever listens, and remembers it for those who come back. Nothing in it ever waits for a listener.</summary>
internal sealed class EventFeed(AccountStore accounts, WebhookStore webhooks, TimeProvider time) : IDisposable
{
    /// <summary>How long a stream says nothing before it says that it is alive.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    // 73 a second for an hour; beyond it who comes back too late is told to load anew.
    private const int Remembered = 1 << 18;

    private readonly Lock _gate = new();
    private readonly EventRing _past = new(Remembered);
    private readonly HashSet<Listener> _listeners = [];
    private readonly EventIds _ids = new();
    private bool _stopped;

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

    /// <summary>Inside a change: told once it is on the disk and visible. What webhooks shall learn comes to the disk with it.</summary>
    public void Announce(WriteBatch batch, Announcement announcement)
    {
        webhooks.Queue(batch, announcement);
        batch.AfterCommit(() => Publish(announcement));
    }

    /// <summary>Tells what no change brought about, but the clock.</summary>
    public void AnnounceDue(IReadOnlyCollection<Announcement> announcements)
    {
        foreach (var announcement in announcements)
        {
            Publish(announcement);
        }
        webhooks.QueueDue(announcements);
    }

    /// <summary>At the start: tells webhooks, which listened all the time, what the clock brought about and they were not told.</summary>
    public Task ResumeDueAsync(Func<DateTimeOffset, IReadOnlyCollection<Announcement>> since) => webhooks.ResumeDueAsync(since);

    private void Publish(Announcement announcement)
    {
        var now = time.GetUtcNow();
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
    public void Reset() => Publish(Announcement.Reset(time.GetUtcNow()));

    /// <summary>Listens from now on, or from where an earlier stream broke off.</summary>
    /// <param name="caller">Who listens.</param>
    /// <param name="lastEventId">The id of the last event that came; null for none.</param>
    public Listener Join(CurrentAccount caller, string? lastEventId)
    {
        lock (_gate)
        {
            var listener = new Listener(caller, TryResume(lastEventId, out var from) ? _past.After(from) : null, _past.Last);
            // What was missed comes before this, and what happens from here on after it.
            listener.Offer(new(_past.Last, null), time.GetUtcNow());
            _listeners.Add(listener);
            if (_stopped)
            {
                listener.End();
            }
            return listener;
        }
    }

    public void Leave(Listener listener)
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
            var now = time.GetUtcNow();
            foreach (var listener in _listeners)
            {
                if (accounts.FindLive(listener.TokenId) is null)
                {
                    listener.End();
                }
                else
                {
                    if (listener.IsUseToBeNoted(now))
                    {
                        accounts.NoteStream(listener.TokenId);
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
