using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Acknowledges stories and withdraws acknowledgements. The same change checks whether the account may see the story.</summary>
internal sealed class AckCommands(Database database, StoryStore stories, ThreadStore threads, AccountStore accounts, TimeProvider time)
{
    /// <summary>Acknowledges a story. Repeating it changes nothing; the first time stays.</summary>
    /// <exception cref="ApiProblem">As <see cref="StoryStore.GetVisible(int, string)"/>.</exception>
    public Task<StoryEntry> AckAsync(int viewer, string story, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                accounts.VerifyActive(viewer);
                var entry = stories.GetPending(viewer, story);
                var now = Now();
                if (threads.Ack(batch, story, viewer, now))
                {
                    batch.Raise(new StoryAcknowledged(entry.Subject, viewer, now));
                }
                return entry;
            },
            cancel
        );

    /// <exception cref="ApiProblem">As <see cref="StoryStore.GetVisible(int, string)"/>.</exception>
    public Task UnackAsync(int viewer, string story, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                accounts.VerifyActive(viewer);
                var entry = stories.GetPending(viewer, story);
                if (threads.Ack(batch, story, viewer, at: null))
                {
                    var now = Now();
                    batch.Raise(new StoryUpdated(entry.Subject, now));
                }
                return true;
            },
            cancel
        );

    /// <summary>In whole milliseconds, as times are stored and shown, so that a restart changes nothing.</summary>
    private DateTimeOffset Now() => time.GetWholeMilliseconds();
}
