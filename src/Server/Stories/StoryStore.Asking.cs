using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Stories;

/// <summary>What a story asks its viewers, and that it was answered.</summary>
internal sealed partial class StoryStore
{
    /// <summary>Ends a poll; one that has ended stays as it is.</summary>
    /// <exception cref="Failure">As <see cref="GetVisible(int, string)"/>; <c>not_author</c>, <c>poll_not_found</c>.</exception>
    public Task<StoryEntry> ClosePollAsync(int account, string id, CancellationToken cancel) => _database.CommitAsync(changes =>
    {
        var row = GetOwn(_slice.Pending, account, id);
        var poll = row.Poll ?? throw new Failure(Errors.PollNotFound, $"story {id} has no poll");
        if (poll.ClosedAt is null)
        {
            var now = NowInMilliseconds();
            Replace(changes, row with { Poll = poll with { ClosedAt = now } }, now);
        }
        return _slice.Pending.ById[id];
    }, cancel);
}
