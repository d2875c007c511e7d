using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Adds and removes replies and reactions. The same change checks whether the account may see the story.</summary>
internal sealed class ReplyCommands(
    Database database,
    StoryStore stories,
    ThreadStore threads,
    AccountStore accounts,
    IdempotencyStore idempotency,
    Ids ids,
    TimeProvider time
)
{
    /// <exception cref="ApiProblem">As <see cref="StoryStore.GetVisible(int, string)"/>, and <c>replies_off</c>.</exception>
    public Task<ReplyRow> ReplyAsync(int writer, string story, string text, IdempotentRequest repetition, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                accounts.VerifyActive(writer);
                var entry = stories.GetPending(writer, story);
                if (!entry.RepliesOn)
                {
                    throw new ApiProblem(Errors.RepliesOff, $"the author of story {story} takes no replies");
                }
                var reply = new ReplyRow(ids.Next(), story, writer, text, Now());
                batch.Insert(ReplyRow.Collection, reply);
                idempotency.Remember(batch, repetition, StatusCodes.Status201Created, reply.Id);
                batch.Raise(new ReplyPosted(entry.Subject, reply.Id, reply.At));
                return reply;
            },
            cancel
        );

    /// <summary>Deletes a reply, also from the thread of an expired story.</summary>
    /// <exception cref="ApiProblem">As <see cref="StoryStore.GetThreadAuthor(int, string)"/>; <c>reply_not_found</c>, <c>not_author</c>.</exception>
    public Task DeleteAsync(int account, string story, string id, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                var author = stories.GetPendingThreadAuthor(account, story);
                var reply =
                    threads.PendingOf(story).Find(id)
                    ?? throw new ApiProblem(Errors.ReplyNotFound, $"story {story} has no reply {Excerpt.Of(id)}");
                if (account != reply.Writer && account != author)
                {
                    throw new ApiProblem(Errors.NotAuthor, "only its writer or the story's author may delete a reply");
                }
                batch.Delete(ReplyRow.Collection, reply);
                if (stories.FindPending(account, story) is { } entry)
                {
                    var now = Now();
                    batch.Raise(new StoryUpdated(entry.Subject, now));
                }
                return true;
            },
            cancel
        );

    /// <param name="viewer">Number of the account that reacts.</param>
    /// <param name="story">Id of the story.</param>
    /// <param name="emoji">The emoji; null removes the reaction.</param>
    /// <param name="repetition">The request, for repetitions.</param>
    /// <param name="cancel">Cancels only while the change waits for its turn.</param>
    /// <exception cref="ApiProblem">As <see cref="StoryStore.GetVisible(int, string)"/>.</exception>
    public Task<StoryEntry> ReactAsync(int viewer, string story, string? emoji, IdempotentRequest? repetition, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                accounts.VerifyActive(viewer);
                var entry = stories.GetPending(viewer, story);
                if (threads.React(batch, story, viewer, emoji))
                {
                    var now = Now();
                    batch.Raise(new ReactionChanged(entry.Subject, viewer, emoji, now));
                }
                if (repetition is not null)
                {
                    idempotency.Remember(batch, repetition, StatusCodes.Status200OK, story);
                }
                return entry;
            },
            cancel
        );

    /// <summary>In whole milliseconds, as times are stored and shown, so that a restart changes nothing.</summary>
    private DateTimeOffset Now() => time.GetWholeMilliseconds();
}
