using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Conversation;

/// <summary>Owns the rows of replies, reactions, acknowledgements and votes. It knows no story: whoever reads or writes asks first whether the story may be seen.</summary>
internal sealed class ThreadStore
{
    private const int StoriesPerCommit = 64;

    private readonly Database _database;
    private readonly Slice<ThreadModel> _slice;

    public ThreadStore(Database database)
    {
        _database = database;
        _slice = database.Project(ThreadModel.Empty)
            .On(ReplyRow.Collection, (model, row) => model.Add(row), (model, row) => model.Remove(row))
            .On(ReactionRow.Collection, (model, row) => model.React(row.Story, row.Viewer, row.Emoji), (model, row) => model.React(row.Story, row.Viewer, emoji: null))
            .On(AckRow.Collection, (model, row) => model.Ack(row.Story, row.Viewer, row.At), (model, row) => model.Ack(row.Story, row.Viewer, at: null))
            .On(VoteRow.Collection, (model, row) => model.Vote(row.Story, row.Viewer, row.Option), (model, row) => model.Vote(row.Story, row.Viewer, option: null))
            .LoadedBy(rows => ThreadModel.Of(rows.All(ReplyRow.Collection), rows.All(ReactionRow.Collection), rows.All(AckRow.Collection), rows.All(VoteRow.Collection)));
    }

    public long Bytes => _slice.Current.Bytes;

    public long BytesOf(int writer) => _slice.Current.BytesByWriter.GetValueOrDefault(writer);

    public StoryThread Of(string story) => _slice.Current.Of(story);

    /// <summary>All replies that were written since an instant, newest first, whoever may read them.</summary>
    public IEnumerable<ReplyRow> RepliesSince(DateTimeOffset since) =>
        _slice.Current.ByStory.Values.SelectMany(thread => thread.Replies.Reverse().TakeWhile(reply => reply.At >= since)).OrderByDescending(reply => reply.Id, StringComparer.Ordinal);

    /// <summary>Inside a change: the thread with the effects of all changes before.</summary>
    public StoryThread PendingOf(string story) => _slice.Pending.Of(story);

    /// <summary>Inside a change.</summary>
    /// <param name="changes">Of the reaction.</param>
    /// <param name="story">What is reacted to.</param>
    /// <param name="viewer">Who reacts.</param>
    /// <param name="emoji">Null takes it away.</param>
    /// <returns>Whether that is anything new.</returns>
    public bool React(Changes changes, string story, int viewer, string? emoji)
    {
        var before = _slice.Pending.Of(story).ReactionOf.GetValueOrDefault(viewer);
        if (before == emoji)
        {
            return false;
        }
        if (emoji is null)
        {
            changes.Delete(ReactionRow.Collection, new(story, viewer, before!));
        }
        else
        {
            changes.Put(ReactionRow.Collection, new(story, viewer, emoji));
        }
        return true;
    }

    /// <summary>Inside a change.</summary>
    /// <param name="changes">Of the acknowledgement.</param>
    /// <param name="story">What is acknowledged.</param>
    /// <param name="viewer">By whom.</param>
    /// <param name="at">Null takes it back.</param>
    /// <returns>Whether that is anything new; the first acknowledgement stands.</returns>
    public bool Ack(Changes changes, string story, int viewer, DateTimeOffset? at)
    {
        var isAcked = _slice.Pending.Of(story).AckedAt.TryGetValue(viewer, out var before);
        if (isAcked == at is not null)
        {
            return false;
        }
        if (at is { } when)
        {
            changes.Put(AckRow.Collection, new(story, viewer, when));
        }
        else
        {
            changes.Delete(AckRow.Collection, new(story, viewer, before));
        }
        return true;
    }

    /// <summary>Inside a change.</summary>
    /// <param name="changes">Of the vote.</param>
    /// <param name="story">Whose poll it is.</param>
    /// <param name="viewer">Who votes.</param>
    /// <param name="option">Null takes the vote away.</param>
    /// <returns>Whether that is anything new.</returns>
    public bool Vote(Changes changes, string story, int viewer, int? option)
    {
        var before = _slice.Pending.Of(story).VoteOf.TryGetValue(viewer, out var chosen) ? chosen : (int?)null;
        if (before == option)
        {
            return false;
        }
        if (option is { } next)
        {
            changes.Put(VoteRow.Collection, new(story, viewer, next));
        }
        else
        {
            changes.Delete(VoteRow.Collection, new(story, viewer, chosen));
        }
        return true;
    }

    /// <summary>Inside the change that ends a story.</summary>
    /// <param name="changes">Of the end.</param>
    /// <param name="story">What ends.</param>
    /// <param name="keepThread">Whether its replies and acknowledgements stay readable for a while.</param>
    public void End(Changes changes, string story, bool keepThread)
    {
        var thread = _slice.Pending.Of(story);
        foreach (var viewer in thread.ReactionOf.Keys)
        {
            React(changes, story, viewer, emoji: null);
        }
        foreach (var viewer in thread.VoteOf.Keys)
        {
            Vote(changes, story, viewer, option: null);
        }
        foreach (var reply in keepThread ? [] : thread.Replies)
        {
            changes.Delete(ReplyRow.Collection, reply);
        }
        foreach (var viewer in keepThread ? [] : thread.AckedAt.Keys)
        {
            Ack(changes, story, viewer, at: null);
        }
    }

    /// <summary>Drops the threads that nobody may read any longer.</summary>
    /// <param name="isOver">Whether that holds for a story. Such a one never becomes readable again.</param>
    /// <param name="cancel">Gives up between commits.</param>
    public async Task ForgetOverAsync(Func<string, bool> isOver, CancellationToken cancel)
    {
        foreach (var stories in _slice.Current.ByStory.Keys.Where(isOver).Chunk(StoriesPerCommit))
        {
            await _database.CommitAsync(changes =>
            {
                foreach (var story in stories)
                {
                    End(changes, story, keepThread: false);
                }
                return true;
            }, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Removes what an account said to the stories of others.</summary>
    public async Task ForgetAsync(int account)
    {
        foreach (var stories in _slice.Current.ByStory.Where(t => t.Value.IsTouchedBy(account)).Select(t => t.Key).Chunk(StoriesPerCommit))
        {
            await _database.CommitAsync(changes =>
            {
                foreach (var story in stories)
                {
                    React(changes, story, account, emoji: null);
                    Ack(changes, story, account, at: null);
                    Vote(changes, story, account, option: null);
                    foreach (var reply in _slice.Pending.Of(story).Replies.Where(r => r.Writer == account))
                    {
                        changes.Delete(ReplyRow.Collection, reply);
                    }
                }
                return true;
            }).ConfigureAwait(false);
        }
    }
}
