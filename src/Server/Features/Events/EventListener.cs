using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Events;

/// <summary>One open stream: events that wait to be written, and whether the stream is over.</summary>
internal sealed class EventListener
{
    /// <summary>Number of waiting events above which a listener counts as too slow.</summary>
    public const int Backlog = 1024;

    private readonly Channel<HistoryItem[]> _waiting;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static readonly TimeSpan NoteInterval = TimeSpan.FromHours(1);
    private DateTimeOffset _lastOffer,
        _noted;
    private int _backlog;

    /// <param name="caller">Account and token of the listener.</param>
    /// <param name="missed">Events to send first; null when they are no longer known.</param>
    /// <param name="joined">Place of the last event before it joined.</param>
    public EventListener(CurrentAccount caller, IEnumerable<HistoryItem>? missed, HistoryItem joined)
    {
        Account = caller.Number;
        TokenId = caller.TokenId;
        Joined = joined;
        MayRead = caller.Has(Scopes.Read);
        Missed = missed?.Where(item => IsFor(item.Announcement!)).ToList();
        // The reader runs on the thread that offers: to wake another thread costs more than to write the events.
        _waiting = Channel.CreateUnbounded<HistoryItem[]>(new() { SingleReader = true, AllowSynchronousContinuations = true });
    }

    public int Account { get; }

    public string TokenId { get; }

    public HistoryItem Joined { get; }

    public long JoinedAt => Joined.Number;

    /// <summary>Whether it receives events about other people's stories.</summary>
    public bool MayRead { get; }

    public IReadOnlyList<HistoryItem>? Missed { get; }

    /// <summary>Completes when the stream must end, even in the middle of a blocked write.</summary>
    public Task Over => _over.Task;

    public bool IsFor(Announcement announcement) =>
        announcement.IsFor(Account) && (MayRead || announcement.Author == Account || announcement.IsReset);

    /// <summary>Offers those of these events that happened after it joined and are for it.</summary>
    public void OfferAllFor(HistoryItem[] items, DateTimeOffset now)
    {
        var count = items.Count(Gets);
        if (count > 0)
        {
            // Most events are for everybody: then all listeners share one array.
            Offer(count == items.Length ? items : [.. items.Where(Gets)], now);
        }

        bool Gets(HistoryItem item) => item.Number > JoinedAt && IsFor(item.Announcement!);
    }

    /// <summary>Never waits. A listener that is too slow is cut off, and resumes when it reconnects.</summary>
    public void Offer(HistoryItem[] items, DateTimeOffset now)
    {
        _lastOffer = now;
        if (Interlocked.Add(ref _backlog, items.Length) > Backlog)
        {
            End();
        }
        else
        {
            _waiting.Writer.TryWrite(items);
        }
    }

    /// <returns>Whether there may be events to take; false when the stream is over.</returns>
    public async ValueTask<bool> WaitAsync() =>
        await _waiting.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false) && !Over.IsCompleted;

    public bool TryTake([NotNullWhen(true)] out HistoryItem[]? items)
    {
        var taken = _waiting.Reader.TryRead(out items);
        Interlocked.Add(ref _backlog, -(items?.Length ?? 0));
        return taken;
    }

    /// <summary>Once an hour, so that a failing disk is not asked at every beat.</summary>
    public bool IsUseToBeNoted(DateTimeOffset now)
    {
        if (now - _noted < NoteInterval)
        {
            return false;
        }
        _noted = now;
        return true;
    }

    public bool IsQuietSince(DateTimeOffset instant) => _lastOffer <= instant;

    public void End()
    {
        _over.TrySetResult();
        _waiting.Writer.TryComplete();
    }
}
