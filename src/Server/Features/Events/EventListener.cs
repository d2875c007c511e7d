using System.Threading.Channels;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Events;

/// <summary>One open stream: events that wait to be written, and whether the stream is over.</summary>
internal sealed class EventListener
{
    /// <summary>Number of waiting events above which a listener counts as too slow.</summary>
    public const int Backlog = 1024;

    private readonly Channel<HistoryItem> _waiting;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static readonly TimeSpan _noteInterval = TimeSpan.FromHours(1);
    private DateTimeOffset _lastOffer,
        _noted;

    /// <param name="caller">Account and token of the listener.</param>
    /// <param name="missed">Events to send first; null when they are no longer known.</param>
    /// <param name="joinedAt">Number of the last event before it joined.</param>
    public EventListener(CurrentAccount caller, IEnumerable<HistoryItem>? missed, long joinedAt)
    {
        Account = caller.Number;
        TokenId = caller.TokenId;
        JoinedAt = joinedAt;
        MayRead = caller.Has(Scopes.Read);
        Missed = missed?.Where(item => IsFor(item.Announcement!)).ToList();
        _waiting = Channel.CreateBounded<HistoryItem>(new BoundedChannelOptions(Backlog) { SingleReader = true });
    }

    public int Account { get; }

    public string TokenId { get; }

    public long JoinedAt { get; }

    /// <summary>Whether it receives events about other people's stories.</summary>
    public bool MayRead { get; }

    public IReadOnlyList<HistoryItem>? Missed { get; }

    public ChannelReader<HistoryItem> Waiting => _waiting.Reader;

    /// <summary>Completes when the stream must end, even in the middle of a blocked write.</summary>
    public Task Over => _over.Task;

    public bool IsFor(Announcement announcement) =>
        announcement.IsFor(Account) && (MayRead || announcement.Author == Account || announcement.IsReset);

    /// <summary>Never waits. A listener that is too slow is cut off, and resumes when it reconnects.</summary>
    public void Offer(HistoryItem item, DateTimeOffset now)
    {
        _lastOffer = now;
        if (!_waiting.Writer.TryWrite(item))
        {
            End();
        }
    }

    /// <summary>Once an hour, so that a failing disk is not asked at every beat.</summary>
    public bool IsUseToBeNoted(DateTimeOffset now)
    {
        if (now - _noted < _noteInterval)
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
