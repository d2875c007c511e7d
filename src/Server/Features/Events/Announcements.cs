using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Conversation;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Events;

/// <summary>Maps domain events to announcements: who learns of them, and as which event type.</summary>
internal static class Announcements
{
    /// <summary>Subscribes to every event that streams and webhooks know, and raises it again as an announcement.</summary>
    public static void Subscribe(DomainEvents events)
    {
        On<StoryPosted>(e => ForAudience(EventTypes.Posted, e));
        On<StoryUpdated>(Of);
        On<StoryRemoved>(e => ForAudience(EventTypes.Removed, e) with { ShowsStory = false });
        On<StoryExpired>(Of);
        On<HelpResolved>(e => ForAudience(EventTypes.Resolved, e));
        // For accounts that could see it before the edit and no longer can.
        On<AudienceNarrowed>(e =>
            ForAudience(EventTypes.Removed, e) with
            {
                ShowsStory = false,
                Except = [e.Story.Author, .. e.Remaining ?? []],
            }
        );
        On<StoryViewed>(e => ForAuthor(EventTypes.View, e) with { Person = e.Viewer });
        // For mentioned accounts that may see it, except the author. It tells everyone else nothing.
        On<AccountsMentioned>(e =>
            ForAuthor(EventTypes.Mention, e) with
            {
                Audience = [.. e.Accounts.Where(e.Story.IsVisibleTo)],
                Except = [e.Story.Author],
            }
        );
        // The reply itself is looked up on delivery.
        On<ReplyPosted>(e => ForAudience(EventTypes.Reply, e) with { ReplyId = e.ReplyId });
        // Only the author learns who chose what. The others learn that the counts have changed.
        On<ReactionChanged>(
            e => ForAuthor(EventTypes.Reaction, e) with { Person = e.Viewer, Emoji = e.Emoji },
            e => ForAllButAuthor(EventTypes.Reaction, e)
        );
        On<StoryAcknowledged>(e => ForAuthor(EventTypes.Ack, e) with { Person = e.Viewer }, e => ForAllButAuthor(EventTypes.Ack, e));
        On<StoryVoted>(e => ForAudience(EventTypes.Vote, e));
        On<AccessLinkMade>(e => ForAccount(EventTypes.AccessGiven, e.Account, e.At) with { Person = e.By });
        On<TokenExpiring>(e => ForAccount(EventTypes.TokenExpiring, e.Account, e.At) with { Audience = e.Others, TokenId = e.TokenId });

        void On<TEvent>(params Func<TEvent, Announcement>[] announcements)
            where TEvent : class =>
            events.InCommit<TEvent>(
                (batch, raised) =>
                {
                    foreach (var announce in announcements)
                    {
                        batch.Raise(announce(raised));
                    }
                }
            );
    }

    /// <summary>What the clock causes, without a change of rows.</summary>
    public static Announcement OfClock(StoryDomainEvent due) =>
        due switch
        {
            StoryExpiring expiring => ForAuthor(EventTypes.Expiring, expiring),
            StoryExpired expired => Of(expired),
            StoryUpdated updated => Of(updated),
            _ => throw new ArgumentOutOfRangeException(nameof(due), due, "is nothing that the clock brings about"),
        };

    private static Announcement Of(StoryUpdated updated) => ForAudience(EventTypes.Updated, updated);

    private static Announcement Of(StoryExpired expired) => ForAudience(EventTypes.Expired, expired) with { ShowsStory = false };

    private static Announcement ForAudience(string type, StoryDomainEvent happened) =>
        ForAuthor(type, happened) with
        {
            Audience = happened.Story.Audience,
        };

    private static Announcement ForAllButAuthor(string type, StoryDomainEvent happened) =>
        ForAudience(type, happened) with
        {
            Except = [happened.Story.Author],
        };

    private static Announcement ForAuthor(string type, StoryDomainEvent happened) =>
        new()
        {
            Type = type,
            At = happened.At,
            StoryId = happened.Story.Id,
            Author = happened.Story.Author,
            ShowsStory = true,
        };

    private static Announcement ForAccount(string type, int account, DateTimeOffset at) =>
        new()
        {
            Type = type,
            At = at,
            StoryId = "",
            Author = account,
        };
}
