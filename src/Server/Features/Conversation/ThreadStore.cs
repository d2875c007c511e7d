using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Owns the rows of replies, reactions, acknowledgements and votes. It does not know stories: callers must check whether the account may see the story.</summary>
internal sealed class ThreadStore : IErasesAccounts, IUsesSpace
{
    private const int StoriesPerCommit = 64;

    private readonly Database _database;
    private readonly Projection<ThreadModel> _projection;

    public ThreadStore(Database database)
    {
        _database = database;
        _projection = database
            .Project(ThreadModel.Empty)
            .On(ReplyRow.Collection, (model, row) => model.Add(row), (model, row) => model.Remove(row))
            .On(
                ReactionRow.Collection,
                (model, row) => model.React(row.Story, row.Viewer, row.Emoji),
                (model, row) => model.React(row.Story, row.Viewer, emoji: null)
            )
            .On(
                AckRow.Collection,
                (model, row) => model.Ack(row.Story, row.Viewer, row.At),
                (model, row) => model.Ack(row.Story, row.Viewer, at: null)
            )
            .On(
                VoteRow.Collection,
                (model, row) => model.Vote(row.Story, row.Viewer, row.Option),
                (model, row) => model.Vote(row.Story, row.Viewer, option: null)
            )
            .LoadedBy(rows =>
                ThreadModel.Of(
                    rows.All(ReplyRow.Collection),
                    rows.All(ReactionRow.Collection),
                    rows.All(AckRow.Collection),
                    rows.All(VoteRow.Collection)
                )
            );
        database.Events.InCommit<StoryEnded>((batch, ended) => End(batch, ended.Story, ended.KeepsThread));
    }

    public long Bytes => _projection.Current.Bytes;

    public long BytesOf(int writer) => _projection.Current.BytesByWriter.GetValueOrDefault(writer);

    public StoryThread Of(string story) => _projection.Current.Of(story);

    public int ReplyCount(string story) => Of(story).Replies.Count;

    /// <summary>Indexes of the chosen options in a story's poll, one per voter.</summary>
    public IEnumerable<int> VotesOf(string story) => Of(story).VoteOf.Values;

    public ThreadSummary Summarize(string story, int viewer) => Of(story).Summarize(viewer);

    /// <summary>All replies since a time, newest first, regardless of who may read them.</summary>
    public IEnumerable<ReplySummary> RepliesSince(DateTimeOffset since) =>
        _projection
            .Current.ByStory.Values.SelectMany(thread => thread.Replies.Reverse().TakeWhile(reply => reply.At >= since))
            .OrderByDescending(reply => reply.Id, StringComparer.Ordinal)
            .Select(reply => new ReplySummary(reply.Id, reply.Story, reply.Writer, reply.Text, reply.At));

    /// <summary>Inside a change: the thread with the writes of all changes so far.</summary>
    public StoryThread PendingOf(string story) => _projection.Pending.Of(story);

    /// <summary>Inside a change.</summary>
    /// <param name="batch">Batch of the change.</param>
    /// <param name="story">Id of the story.</param>
    /// <param name="viewer">Number of the account that reacts.</param>
    /// <param name="emoji">The emoji; null removes the reaction.</param>
    /// <returns>Whether anything changed.</returns>
    public bool React(WriteBatch batch, string story, int viewer, string? emoji)
    {
        var before = _projection.Pending.Of(story).ReactionOf.GetValueOrDefault(viewer);
        if (before == emoji)
        {
            return false;
        }
        if (emoji is null)
        {
            batch.Delete(ReactionRow.Collection, new(story, viewer, before!));
        }
        else
        {
            batch.Put(ReactionRow.Collection, new(story, viewer, emoji));
        }
        return true;
    }

    /// <summary>Inside a change.</summary>
    /// <param name="batch">Batch of the change.</param>
    /// <param name="story">Id of the story.</param>
    /// <param name="viewer">Number of the account that acknowledges.</param>
    /// <param name="at">When; null removes the acknowledgement.</param>
    /// <returns>Whether anything changed. The first acknowledgement stays.</returns>
    public bool Ack(WriteBatch batch, string story, int viewer, DateTimeOffset? at)
    {
        var isAcked = _projection.Pending.Of(story).AckedAt.TryGetValue(viewer, out var before);
        if (isAcked == at is not null)
        {
            return false;
        }
        if (at is { } when)
        {
            batch.Put(AckRow.Collection, new(story, viewer, when));
        }
        else
        {
            batch.Delete(AckRow.Collection, new(story, viewer, before));
        }
        return true;
    }

    /// <summary>Inside a change.</summary>
    /// <param name="batch">Batch of the change.</param>
    /// <param name="story">Id of the story.</param>
    /// <param name="viewer">Number of the account that votes.</param>
    /// <param name="option">Index of the option; null removes the vote.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Vote(WriteBatch batch, string story, int viewer, int? option)
    {
        var before = _projection.Pending.Of(story).VoteOf.TryGetValue(viewer, out var chosen) ? chosen : (int?)null;
        if (before == option)
        {
            return false;
        }
        if (option is { } next)
        {
            batch.Put(VoteRow.Collection, new(story, viewer, next));
        }
        else
        {
            batch.Delete(VoteRow.Collection, new(story, viewer, chosen));
        }
        return true;
    }

    /// <summary>Inside the change that ends a story: ends its thread.</summary>
    /// <param name="batch">Batch of the change.</param>
    /// <param name="story">Id of the story.</param>
    /// <param name="keepThread">Whether its replies and acknowledgements stay readable for a while.</param>
    public void End(WriteBatch batch, string story, bool keepThread)
    {
        var thread = _projection.Pending.Of(story);
        foreach (var viewer in thread.ReactionOf.Keys)
        {
            React(batch, story, viewer, emoji: null);
        }
        foreach (var viewer in thread.VoteOf.Keys)
        {
            Vote(batch, story, viewer, option: null);
        }
        foreach (var reply in keepThread ? [] : thread.Replies)
        {
            batch.Delete(ReplyRow.Collection, reply);
        }
        foreach (var viewer in keepThread ? [] : thread.AckedAt.Keys)
        {
            Ack(batch, story, viewer, at: null);
        }
    }

    /// <summary>Deletes the threads that nobody may read any more.</summary>
    /// <param name="isOver">Returns whether the thread of a story is over. Such a thread never becomes readable again.</param>
    /// <param name="cancel">Cancels between commits.</param>
    public async Task DeleteAsync(Func<string, bool> isOver, CancellationToken cancel)
    {
        foreach (var stories in _projection.Current.ByStory.Keys.Where(isOver).Chunk(StoriesPerCommit))
        {
            await _database
                .CommitAsync(
                    batch =>
                    {
                        foreach (var story in stories)
                        {
                            End(batch, story, keepThread: false);
                        }
                        return true;
                    },
                    cancel
                )
                .ConfigureAwait(false);
        }
    }

    /// <summary>Deletes an account's replies, reactions, acknowledgements and votes on the stories of others.</summary>
    public async Task EraseAsync(int account, string handle)
    {
        foreach (
            var stories in _projection.Current.ByStory.Where(t => t.Value.IsTouchedBy(account)).Select(t => t.Key).Chunk(StoriesPerCommit)
        )
        {
            await _database
                .CommitAsync(batch =>
                {
                    foreach (var story in stories)
                    {
                        React(batch, story, account, emoji: null);
                        Ack(batch, story, account, at: null);
                        Vote(batch, story, account, option: null);
                        foreach (var reply in _projection.Pending.Of(story).Replies.Where(r => r.Writer == account))
                        {
                            batch.Delete(ReplyRow.Collection, reply);
                        }
                    }
                    return true;
                })
                .ConfigureAwait(false);
        }
    }
}
