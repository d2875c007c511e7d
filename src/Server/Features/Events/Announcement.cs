using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Events;

/// <summary>Something that happened to a story or an account, and who may learn of it. It has no content: that is looked up, and its visibility checked, on delivery.</summary>
internal sealed record Announcement
{
    /// <summary>One of <see cref="Contracts.EventTypes"/>.</summary>
    public required string Type { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Id of the story; empty when it is about none.</summary>
    public required string StoryId { get; init; }

    /// <summary>The story's author, or the account it is about, who learns of it unless excepted.</summary>
    public required int Author { get; init; }

    /// <summary>Who else learns of it; null for everybody.</summary>
    public int[]? Audience { get; init; } = [];
    public int[] Except { get; init; } = [];

    /// <summary>Whether it carries the story, so that it is only for accounts that may see the story.</summary>
    public bool ShowsStory { get; init; }

    /// <summary>Number of the account that did it, when that may be known.</summary>
    public int? Person { get; init; }

    /// <summary>The chosen emoji; null when it was removed.</summary>
    public string? Emoji { get; init; }

    /// <summary>Id of the reply it carries. Without that reply it is not delivered.</summary>
    public string? ReplyId { get; init; }

    /// <summary>Id of the token it is about. Without that token it is not delivered.</summary>
    public string? TokenId { get; init; }

    /// <summary>Events may have been missed.</summary>
    public static Announcement Reset(DateTimeOffset at) =>
        new()
        {
            Type = Contracts.EventTypes.Reset,
            At = at,
            StoryId = "",
            Author = -1,
            Audience = null,
        };

    /// <summary>For servers that follow the one on which it happened.</summary>
    public RowDocument ToDocument() =>
        new()
        {
            ["type"] = Type,
            ["at"] = At,
            ["story"] = StoryId,
            ["author"] = Author,
            ["audience"] = Audience,
            ["except"] = Except,
            ["showsStory"] = ShowsStory,
            ["person"] = Person,
            ["emoji"] = Emoji,
            ["reply"] = ReplyId,
            ["token"] = TokenId,
        };

    public static Announcement FromDocument(RowDocument document) =>
        new()
        {
            Type = document["type"].Text,
            At = document["at"].Time,
            StoryId = document["story"].Text,
            Author = document["author"].Int,
            Audience = document["audience"].IntsOrNull,
            Except = document["except"].Ints,
            ShowsStory = document["showsStory"].Flag,
            Person = document["person"].IntOrNull,
            Emoji = document["emoji"].Text,
            ReplyId = document["reply"].Text,
            TokenId = document["token"].Text,
        };

    public bool IsReset => Type == Contracts.EventTypes.Reset;

    /// <summary>The part that must be stored once the receivers are decided.</summary>
    public Announcement WithoutAudience() => this with { Audience = [], Except = [] };

    /// <summary>The same without the number of a deleted account.</summary>
    public Announcement Without(int account) =>
        this with
        {
            Author = Author == account ? TeamAccount.NobodysNumber : Author,
            Person = Person == account ? TeamAccount.NobodysNumber : Person,
        };

    public bool IsFor(int account) => !Except.Contains(account) && (account == Author || Audience is null || Audience.Contains(account));
}
