using StoriesCli.Server.Features.Accounts;

namespace StoriesCli.Server.Features.Events;

/// <summary>Something that happened to a story, or to an account's way in, and who may learn of it. It holds no content: that is looked up, and its visibility asked, when it is told.</summary>
internal sealed record Announcement
{
    /// <summary>One of <see cref="Contracts.EventTypes"/>.</summary>
    public required string Type { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Empty when it is about no story.</summary>
    public required string StoryId { get; init; }

    /// <summary>The story's author, or the account it is about, who learns of it unless excepted.</summary>
    public required int Author { get; init; }

    /// <summary>Who else does; null for everybody.</summary>
    public int[]? Audience { get; init; } = [];
    public int[] Except { get; init; } = [];

    /// <summary>Whether it comes with the story, and makes no sense to who may not see the story.</summary>
    public bool ShowsStory { get; init; }

    /// <summary>Who did it, where that is told.</summary>
    public int? Person { get; init; }

    /// <summary>The emoji they chose; null when they took it away.</summary>
    public string? Emoji { get; init; }

    /// <summary>The reply it comes with; it makes no sense once that is gone.</summary>
    public string? ReplyId { get; init; }

    /// <summary>The token it is about; it makes no sense once that is gone.</summary>
    public string? TokenId { get; init; }

    /// <summary>Something may have happened that is not told.</summary>
    public static Announcement Reset(DateTimeOffset at) =>
        new()
        {
            Type = Contracts.EventTypes.Reset,
            At = at,
            StoryId = "",
            Author = -1,
            Audience = null,
        };

    public bool IsReset => Type == Contracts.EventTypes.Reset;

    /// <summary>What is worth remembering once it is decided who is told.</summary>
    public Announcement WithoutAudience() => this with { Audience = [], Except = [] };

    /// <summary>The same, once an account was deleted.</summary>
    public Announcement Without(int account) =>
        this with
        {
            Author = Author == account ? TeamAccount.NobodysNumber : Author,
            Person = Person == account ? TeamAccount.NobodysNumber : Person,
        };

    public bool IsFor(int account) => !Except.Contains(account) && (account == Author || Audience is null || Audience.Contains(account));
}
