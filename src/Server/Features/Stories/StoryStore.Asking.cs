using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What a story asks its viewers, and that it was answered.</summary>
internal sealed partial class StoryStore
{
    /// <summary>Ends a poll; one that has ended stays as it is.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>; <c>not_author</c>, <c>poll_not_found</c>.</exception>
    public Task<StoryEntry> ClosePollAsync(int account, string id, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var row = GetOwn(_projection.Pending, account, id);
                var poll = row.Poll ?? throw new ApiProblem(Errors.PollNotFound, $"story {id} has no poll");
                if (poll.ClosedAt is null)
                {
                    var now = NowInMilliseconds();
                    Replace(batch, row with { Poll = poll with { ClosedAt = now } }, now);
                }
                return _projection.Pending.ById[id];
            },
            cancel
        );

    /// <summary>Says that a call for help is answered, or that it is not after all.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>; <c>not_author</c>, <c>help_not_found</c>.</exception>
    public Task<StoryEntry> ResolveAsync(int account, string id, bool resolved, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var row = GetOwn(_projection.Pending, account, id);
                if (!row.AsksHelp)
                {
                    throw new ApiProblem(Errors.HelpNotFound, $"story {id} asks for no help");
                }
                if (row.HasOpenHelp == resolved)
                {
                    var now = NowInMilliseconds();
                    var after = row with { HelpResolvedAt = resolved ? now : null };
                    batch.Put(StoryRow.Collection, after);
                    batch.Raise(new HelpResolved(after.Subject, now));
                }
                return _projection.Pending.ById[id];
            },
            cancel
        );
}
