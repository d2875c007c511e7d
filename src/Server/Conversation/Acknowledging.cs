using StoriesCli.Server.Accounts;
using StoriesCli.Server.Events;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Stories;

namespace StoriesCli.Server.Conversation;

/// <summary>Acknowledges stories and takes that back: whether the story may be seen is asked in the same change.</summary>
internal sealed class Acknowledging(
    Database database,
    StoryStore stories,
    ThreadStore threads,
    AccountStore accounts,
    EventFeed feed,
    TimeProvider time
)
{
    /// <summary>Once is as good as often; the first time stands.</summary>
    /// <exception cref="Failure">As <see cref="StoryStore.GetVisible(int, string)"/>.</exception>
    public Task<StoryEntry> AckAsync(int viewer, string story, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                accounts.VerifyActive(viewer);
                var entry = stories.GetPending(viewer, story);
                var now = Now();
                if (threads.Ack(batch, story, viewer, now))
                {
                    feed.Announce(batch, Announcements.AckedForAuthor(entry.Row, viewer, now));
                    feed.Announce(batch, Announcements.Acked(entry.Row, now));
                }
                return entry;
            },
            cancel
        );

    /// <exception cref="Failure">As <see cref="StoryStore.GetVisible(int, string)"/>.</exception>
    public Task UnackAsync(int viewer, string story, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                accounts.VerifyActive(viewer);
                var entry = stories.GetPending(viewer, story);
                if (threads.Ack(batch, story, viewer, at: null))
                {
                    var now = Now();
                    feed.Announce(batch, Announcements.Updated(entry.Row, now));
                }
                return true;
            },
            cancel
        );

    /// <summary>As times are stored and shown, so that nothing changes with a restart.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
