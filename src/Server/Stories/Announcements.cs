using StoriesCli.Contracts;
using StoriesCli.Server.Events;

namespace StoriesCli.Server.Stories;

/// <summary>What happens to stories, in the words of the event stream.</summary>
internal static class Announcements
{
    public static Announcement Posted(StoryRow row) => Shown(EventTypes.Posted, row, row.CreatedAt) with { Audience = row.Audience };

    public static Announcement Updated(StoryRow row, DateTimeOffset at) =>
        Shown(EventTypes.Updated, row, at) with
        {
            Audience = row.Audience,
        };

    /// <summary>For those who could see it before an edit and no longer can.</summary>
    public static Announcement Dropped(StoryRow before, StoryRow after, DateTimeOffset at) =>
        Of(EventTypes.Removed, before, at) with
        {
            Audience = before.Audience,
            Except = [after.Author, .. after.Audience ?? []],
        };

    public static Announcement Removed(StoryRow row, DateTimeOffset at) => Of(EventTypes.Removed, row, at) with { Audience = row.Audience };

    public static Announcement Expired(StoryRow row, DateTimeOffset at) => Of(EventTypes.Expired, row, at) with { Audience = row.Audience };

    /// <summary>Of a story that is swept already.</summary>
    public static Announcement Expired(TombstoneRow row) =>
        new()
        {
            Type = EventTypes.Expired,
            At = row.At,
            StoryId = row.Id,
            Author = row.Author,
            Audience = row.Audience,
        };

    public static Announcement Expiring(StoryRow row, DateTimeOffset at) => Shown(EventTypes.Expiring, row, at);

    /// <summary>Without a name for who looks privately.</summary>
    public static Announcement Viewed(StoryRow row, int? viewer, DateTimeOffset at) =>
        Shown(EventTypes.View, row, at) with
        {
            Person = viewer,
        };

    /// <summary>For all who see the story; the reply itself is looked up when it is told.</summary>
    public static Announcement Replied(StoryRow row, string reply, DateTimeOffset at) =>
        Shown(EventTypes.Reply, row, at) with
        {
            Audience = row.Audience,
            ReplyId = reply,
        };

    /// <summary>Counts alone: who chose what is between them and the author.</summary>
    public static Announcement Reacted(StoryRow row, DateTimeOffset at) =>
        Shown(EventTypes.Reaction, row, at) with
        {
            Audience = row.Audience,
            Except = [row.Author],
        };

    public static Announcement ReactedForAuthor(StoryRow row, int viewer, string? emoji, DateTimeOffset at) =>
        Shown(EventTypes.Reaction, row, at) with
        {
            Person = viewer,
            Emoji = emoji,
        };

    /// <summary>The count alone: who has acknowledged is between them and the author.</summary>
    public static Announcement Acked(StoryRow row, DateTimeOffset at) =>
        Shown(EventTypes.Ack, row, at) with
        {
            Audience = row.Audience,
            Except = [row.Author],
        };

    public static Announcement AckedForAuthor(StoryRow row, int viewer, DateTimeOffset at) =>
        Shown(EventTypes.Ack, row, at) with
        {
            Person = viewer,
        };

    /// <summary>Counts alone: who voted for what is told to nobody.</summary>
    public static Announcement Voted(StoryRow row, DateTimeOffset at) => Shown(EventTypes.Vote, row, at) with { Audience = row.Audience };

    /// <summary>A call for help is answered, or open again.</summary>
    public static Announcement Resolved(StoryRow row, DateTimeOffset at) =>
        Shown(EventTypes.Resolved, row, at) with
        {
            Audience = row.Audience,
        };

    /// <summary>For those of the mentioned who may see it, but not for the author: to all others it tells nothing.</summary>
    public static Announcement Mentioned(StoryRow row, int[] mentioned, DateTimeOffset at) =>
        Shown(EventTypes.Mention, row, at) with
        {
            Audience = [.. mentioned.Where(row.IsVisibleTo)],
            Except = [row.Author],
        };

    private static Announcement Shown(string type, StoryRow row, DateTimeOffset at) => Of(type, row, at) with { ShowsStory = true };

    /// <summary>For its author alone, unless more is said.</summary>
    private static Announcement Of(string type, StoryRow row, DateTimeOffset at) =>
        new()
        {
            Type = type,
            At = at,
            StoryId = row.Id,
            Author = row.Author,
        };
}
