using System.Threading.Channels;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Events;

/// <summary>One open stream: what waits to be written to it, and whether it is over.</summary>
internal sealed class EventListener
{
    /// <summary>How much may wait for one listener before it counts as too slow.</summary>
    public const int Backlog = 1024;

    private readonly Channel<HistoryItem> _waiting;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static readonly TimeSpan _noteInterval = TimeSpan.FromHours(1);
    private DateTimeOffset _lastOffer,
        _noted;

    /// <param name="caller">Who listens, and with which token.</param>
    /// <param name="missed">What is told first; null when it is no longer known.</param>
    /// <param name="joinedAt">The number of the last event before it.</param>
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

    /// <summary>Whether it hears of other people's stories too.</summary>
    public bool MayRead { get; }

    public IReadOnlyList<HistoryItem>? Missed { get; }

    public ChannelReader<HistoryItem> Waiting => _waiting.Reader;

    /// <summary>Completes when the stream must end, also in the middle of a write that does not come to its end.</summary>
    public Task Over => _over.Task;

    public bool IsFor(Announcement announcement) =>
        announcement.IsFor(Account) && (MayRead || announcement.Author == Account || announcement.IsReset);

    /// <summary>Never waits: a listener that does not keep up is cut off, and resumes when it comes back.</summary>
    public void Offer(HistoryItem item, DateTimeOffset now)
    {
        _lastOffer = now;
        if (!_waiting.Writer.TryWrite(item))
        {
            End();
        }
    }

    /// <summary>Once an hour: a disk that takes no note is not asked at each beat.</summary>
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
