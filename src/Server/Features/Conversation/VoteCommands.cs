using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Records votes. The same change checks that the account may see the story, and that it has an open poll.</summary>
internal sealed class VoteCommands(
    Database database,
    StoryStore stories,
    ThreadStore threads,
    AccountStore accounts,
    IdempotencyStore idempotency,
    TimeProvider time
)
{
    /// <exception cref="ApiProblem">As <see cref="StoryStore.GetVisible(int, string)"/>; <c>poll_not_found</c>, <c>poll_closed</c>, <c>invalid_request</c>.</exception>
    public Task<StoryEntry> VoteAsync(int viewer, string story, int option, IdempotentRequest repetition, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                accounts.VerifyActive(viewer);
                var entry = stories.GetPending(viewer, story);
                var poll = entry.Poll ?? throw new ApiProblem(Errors.PollNotFound, $"story {story} has no poll");
                if (poll.ClosedAt is not null)
                {
                    throw new ApiProblem(Errors.PollClosed, $"the poll of story {story} takes no more votes");
                }
                if (option < 0 || option >= poll.Options.Length)
                {
                    throw ApiProblem.Invalid("option", $"must be 0 to {poll.Options.Length - 1}, was {option}");
                }
                if (threads.Vote(batch, story, viewer, option))
                {
                    // Whole milliseconds, as times are shown.
                    var now = time.GetWholeMilliseconds();
                    batch.Raise(new StoryVoted(entry.Subject, now));
                }
                idempotency.Remember(batch, repetition, StatusCodes.Status200OK, story);
                return entry;
            },
            cancel
        );
}
