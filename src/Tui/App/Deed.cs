using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;

namespace StoriesCli.Tui.App;

/// <summary>Something that the viewer asked for and the world beyond the screen has to do. An effect starts what is new, and ends what is no longer wanted.</summary>
internal abstract record Deed
{
    private Deed() { }

    /// <summary>Sealed, so that the native client need not carry a rendering of every kind that nobody reads.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>Which one; later ones have higher numbers.</summary>
    public int Number { get; init; }

    public sealed record Reply(string StoryId, string Text) : Deed;

    /// <summary>A null takes the reaction away.</summary>
    public sealed record React(string StoryId, string? Emoji) : Deed;

    public sealed record Ack(string StoryId, bool Acked) : Deed;

    /// <summary>One of the poll's answers, counted from 0.</summary>
    public sealed record Vote(string StoryId, int Option) : Deed;

    public sealed record ClosePoll(string StoryId) : Deed;

    public sealed record Resolve(string StoryId, bool Resolved) : Deed;

    public sealed record Delete(string StoryId) : Deed;

    public sealed record Keep(string StoryId, string Highlight) : Deed;

    public sealed record Unkeep(string StoryId) : Deed;

    public sealed record Edit(string StoryId, StoryEdit Change) : Deed;

    public sealed record Share(string StoryId, TimeSpan Ttl) : Deed;

    public sealed record OpenLink(string Address) : Deed;

    public sealed record Save(Story Story, bool IsArchived = false) : Deed;

    /// <summary>A null is for good.</summary>
    public sealed record Mute(MuteTarget Target, bool On, TimeSpan? For) : Deed;

    public sealed record ListMutes : Deed;

    public sealed record ListShares(TimeZoneInfo Zone) : Deed;

    public sealed record RevokeShare(string ShareId) : Deed;

    public sealed record ListFeeds : Deed;

    public sealed record MakeFeed : Deed;

    public sealed record RevokeFeed(string FeedId) : Deed;

    public sealed record ListCircles : Deed;

    /// <summary>No members end the circle.</summary>
    public sealed record PutCircle(string Name, ImmutableArray<string> Members) : Deed;

    /// <summary>What is left of a story that is gone.</summary>
    public sealed record FindGone(string StoryId, TimeZoneInfo Zone) : Deed;

    public sealed record ListReports : Deed;

    public sealed record ListWebhooks(TimeZoneInfo Zone) : Deed;

    public sealed record ListDeliveries(string WebhookId, TimeZoneInfo Zone) : Deed;

    public sealed record RemoveWebhook(string WebhookId) : Deed;

    /// <summary>Without events: of all.</summary>
    public sealed record MakeWebhook(string Address, ImmutableArray<string> Events) : Deed;

    public sealed record LeaveServer : Deed;

    /// <summary>Goes on for as long as it takes, or until an instant.</summary>
    public sealed record Wait(Story Story, Gate Gate, DateTimeOffset? Until) : Deed
    {
        public string StoryId => Story.Id;
    }

    public sealed record Promote(Story Story, string Folder) : Deed;

    /// <summary>Puts one's own highlight into this order.</summary>
    public sealed record Order(string Highlight, ImmutableArray<string> StoryIds) : Deed;

    public sealed record Report(string StoryId, string Reason) : Deed;

    public sealed record ListViewers(string StoryId, TimeZoneInfo Zone) : Deed;

    public sealed record OpenArchive : Deed;

    public sealed record SearchArchive(string Words) : Deed;

    public sealed record DeleteArchived(string StoryId) : Deed;

    public sealed record LoadQuestion : Deed;

    public sealed record AskQuestion(string Text) : Deed;

    public sealed record LoadSettings : Deed;

    public sealed record ChangeSettings(ProfileChange Change) : Deed;

    /// <summary>With a file, with two that are compared, or with the story's text.</summary>
    public sealed record Post(NewStory Story, string? File, string Key, string? Before = null) : Deed;

    public sealed record ListFolder(string? Path) : Deed;

    public sealed record ListPeople : Deed;

    public sealed record LoadDigest : Deed;

    public sealed record OpenStory(string StoryId, string Title, TimeZoneInfo Zone) : Deed;

    /// <summary>With a slot, its history among them.</summary>
    public sealed record ListHighlights(string Handle, string? Slot = null) : Deed;

    public sealed record OpenHistory(string Handle, string Slot) : Deed;

    public sealed record OpenHighlight(string Handle, string Name) : Deed;

    public sealed record Search(string Words) : Deed;
}

/// <summary>How a deed ended.</summary>
internal abstract record Outcome
{
    private Outcome() { }

    /// <summary>Sealed, so that the native client need not carry a rendering of every kind that nobody reads.</summary>
    public sealed override string ToString() => GetType().Name;

    public sealed record Failed(string Reason) : Outcome;

    public sealed record Replied(string StoryId, Reply Reply) : Outcome;

    public sealed record Changed(Story Story, string? Words) : Outcome;

    public sealed record Gone(string StoryId, string Words) : Outcome;

    public sealed record Posted(Story Story) : Outcome;

    public sealed record Shared(string StoryId, MadeShare Share) : Outcome;

    public sealed record Said(string Words) : Outcome;

    public sealed record Left : Outcome;

    public sealed record Listed(ImmutableArray<Choice> Choices, string Title, Msg? Up = null) : Outcome;

    /// <param name="Title">Of the album.</param>
    /// <param name="Stories">In its order.</param>
    /// <param name="IsArchive">They have expired, and are there for their author alone.</param>
    /// <param name="Highlight">The highlight that it is; null for anything else.</param>
    public sealed record Found(string Title, ImmutableArray<Story> Stories, bool IsArchive = false, string? Highlight = null) : Outcome;

    /// <summary>Waiting has ended: the story has what it needs, or will not have it in time.</summary>
    public sealed record Waited(Story Story, bool Passed, string Words) : Outcome;

    public sealed record Ordered(ImmutableArray<string> StoryIds) : Outcome;

    public sealed record Muted(string Words, DateTimeOffset? Until) : Outcome;

    public sealed record Mutes(ImmutableArray<Mute> Now) : Outcome;

    public sealed record Unarchived(string StoryId) : Outcome;

    /// <summary>The question that is asked now, if one is, with its answers.</summary>
    public sealed record Asked(Question? Question, ImmutableArray<Story> Answers, bool MayAsk) : Outcome;

    public sealed record Settings(Account Account) : Outcome;

    /// <summary>Another dialog's turn.</summary>
    public sealed record Opened(Dialog Dialog) : Outcome;
}

/// <summary>What was loaded about a story beyond the lists: its thread, who has seen and acknowledged it, the whole of a long card.</summary>
internal sealed record Details
{
    public ImmutableArray<Reply>? Replies { get; init; }
    public ViewerPage? Viewers { get; init; }
    public ImmutableArray<Acknowledgement>? Acks { get; init; }
    public string? Text { get; init; }
}
