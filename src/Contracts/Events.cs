using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>What happens to stories: the values of <see cref="StoryEvent.Type"/>. A newer server may have others.</summary>
public static class EventTypes
{
    /// <summary>A story is there that the listener may see.</summary>
    public const string Posted = "story.posted";

    /// <summary>Its author changed, kept or no longer keeps it; or a kept one left tray and lists.</summary>
    public const string Updated = "story.updated";

    /// <summary>It was deleted, or the listener may no longer see it.</summary>
    public const string Removed = "story.removed";

    /// <summary>Its lifetime is over.</summary>
    public const string Expired = "story.expired";

    /// <summary>It expires in an hour; for its author.</summary>
    public const string Expiring = "story.expiring";

    /// <summary>Somebody saw it for the first time; for its author.</summary>
    public const string View = "view";

    /// <summary>Somebody chose an emoji, another one, or none any longer; only the author learns who.</summary>
    public const string Reaction = "reaction";

    /// <summary>Somebody replied.</summary>
    public const string Reply = "reply";

    /// <summary>Somebody acknowledged it; only the author learns who.</summary>
    public const string Ack = "ack";

    /// <summary>Somebody voted in its poll, or chose again; nobody learns who.</summary>
    public const string Vote = "vote";

    /// <summary>Its author said that its call for help is answered, or that it is open again.</summary>
    public const string Resolved = "resolved";

    /// <summary>It mentions the listener, who may see it.</summary>
    public const string Mention = "mention";

    /// <summary>A token ends soon and does not renew; for its owner, and of a bot's for all owners and admins.</summary>
    public const string TokenExpiring = "token.expiring";

    /// <summary>Somebody made an access link for the listener's account.</summary>
    public const string AccessGiven = "access.given";

    /// <summary>Events may have been missed: what is shown must be loaded anew.</summary>
    public const string Reset = "reset";

    /// <summary>What happens to stories.</summary>
    public static readonly IReadOnlyList<string> OfStories =
    [
        Posted,
        Updated,
        Removed,
        Expired,
        Expiring,
        View,
        Reaction,
        Reply,
        Ack,
        Vote,
        Resolved,
        Mention,
    ];

    /// <summary>What happens to accounts and tokens.</summary>
    public static readonly IReadOnlyList<string> OfAccounts = [TokenExpiring, AccessGiven];

    /// <summary>All that a webhook can be told of: every type but <see cref="Reset"/>.</summary>
    public static readonly IReadOnlyList<string> All = [.. OfStories, .. OfAccounts];
}

/// <summary>Something that happened, as the listener may see it: the <c>data</c> of a server-sent event.</summary>
public sealed record StoryEvent
{
    /// <summary>Where to resume after it: the <c>id</c> of the server-sent event, opaque.</summary>
    [JsonIgnore]
    public string? Id { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, by the server's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Which story it is about; null for <see cref="EventTypes.Reset"/> and <see cref="EventTypes.OfAccounts"/>.</summary>
    public string? StoryId { get; init; }

    /// <summary>The story, while there is one to see.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Story? Story { get; init; }

    /// <summary>Who did it, where that is told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Person? Person { get; init; }

    /// <summary>What they chose, for the author of the story; null also when they took it away.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Emoji { get; init; }

    /// <summary>The reply, of <see cref="EventTypes.Reply"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reply? Reply { get; init; }

    /// <summary>The token, of <see cref="EventTypes.TokenExpiring"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EndingToken? Token { get; init; }
}

/// <summary>A token that ends soon.</summary>
public sealed record EndingToken
{
    /// <summary>ULID in lower case, as the list of tokens has it.</summary>
    public required string Id { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    public required Person Owner { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
