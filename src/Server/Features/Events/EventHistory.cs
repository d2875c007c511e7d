namespace StoriesCli.Server.Features.Events;

/// <summary>An announcement with its number in the order of all. Without an announcement it only says how far the order has come.</summary>
/// <param name="Number">Its number on this server.</param>
/// <param name="Announcement">The announcement.</param>
/// <param name="Place">Where it stands on every server.</param>
internal readonly record struct HistoryItem(long Number, Announcement? Announcement, EventPlace Place = default);

/// <summary>A place in the order of events that all servers on a database share.</summary>
/// <param name="Order">Number of the commit and of the event within it. An event that the clock brings about has the one before it.</param>
/// <param name="At">Time of the event.</param>
/// <param name="IsOfClock">Whether the clock brought it about. Each server finds such events by itself.</param>
internal readonly record struct EventPlace(long Order, DateTimeOffset At, bool IsOfClock = false)
{
    // More events than a commit can have.
    private const int IndexBits = 20;

    public static long FirstOf(long commit) => commit << IndexBits;

    public static long CommitOf(long order) => order >> IndexBits;
}

/// <summary>Announcements of the last hour, as many as fit. Not thread-safe.</summary>
internal sealed class EventHistory(int capacity)
{
    private const int FirstSize = 256;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    // The length is a power of two, so that the low bits of a number are its index.
    private (DateTimeOffset At, HistoryItem Item)[] _items = new (DateTimeOffset, HistoryItem)[FirstSize];
    private long _first = 1;

    /// <summary>The last number that was given; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>When the newest item was added that had to make room before its hour was over.</summary>
    public DateTimeOffset DroppedAt { get; private set; }

    public HistoryItem Add(Announcement announcement, DateTimeOffset now, EventPlace place = default)
    {
        Forget(now);
        if (Last - _first + 1 == _items.Length)
        {
            MakeRoom();
        }
        var item = new HistoryItem(++Last, announcement, place);
        this[Last] = (now, item);
        return item;
    }

    /// <summary>Whether everything after <paramref name="number"/> is still in the history.</summary>
    public bool Reaches(long number) => number >= _first - 1 && number <= Last;

    /// <summary>All that is still in the history.</summary>
    public IEnumerable<HistoryItem> All => After(_first - 1);

    public IEnumerable<HistoryItem> After(long number)
    {
        for (var next = number + 1; next <= Last; next++)
        {
            yield return this[next].Item;
        }
    }

    private ref (DateTimeOffset At, HistoryItem Item) this[long number] => ref _items[number & (_items.Length - 1)];

    private void Forget(DateTimeOffset now)
    {
        for (; _first <= Last && this[_first].At < now - Life; _first++)
        {
            this[_first] = default;
        }
    }

    private void MakeRoom()
    {
        if (_items.Length >= capacity)
        {
            DroppedAt = this[_first].At;
            _first++;
            return;
        }
        var larger = new (DateTimeOffset, HistoryItem)[_items.Length * 2];
        for (var number = _first; number <= Last; number++)
        {
            larger[number & (larger.Length - 1)] = this[number];
        }
        _items = larger;
    }
}
