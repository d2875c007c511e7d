using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Acknowledges stories and takes that back: whether the story may be seen is asked in the same change.</summary>
internal sealed class AckCommands(Database database, StoryStore stories, ThreadStore threads, AccountStore accounts, TimeProvider time)
{
    /// <summary>Once is as good as often; the first time stands.</summary>
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

    /// <summary>As times are stored and shown, so that nothing changes with a restart.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
