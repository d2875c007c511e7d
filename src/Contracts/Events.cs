using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>What can happen to stories and accounts: the values of <see cref="StoryEvent.Type"/>. A newer server may have others.</summary>
public static class EventTypes
{
    /// <summary>A new story that the listener may see.</summary>
    public const string Posted = "story.posted";

    /// <summary>The author changed, kept or unkept it; or a kept story left the tray and the lists.</summary>
    public const string Updated = "story.updated";

    /// <summary>It was deleted, or the listener may no longer see it.</summary>
    public const string Removed = "story.removed";

    /// <summary>It has expired.</summary>
    public const string Expired = "story.expired";

    /// <summary>It expires in an hour. Only the author is told.</summary>
    public const string Expiring = "story.expiring";

    /// <summary>Somebody saw it for the first time. Only the author is told.</summary>
    public const string View = "view";

    /// <summary>Somebody added, changed or removed a reaction. Only the author learns who.</summary>
    public const string Reaction = "reaction";

    /// <summary>Somebody replied.</summary>
    public const string Reply = "reply";

    /// <summary>Somebody acknowledged it. Only the author learns who.</summary>
    public const string Ack = "ack";

    /// <summary>Somebody voted in its poll, or changed their vote. Nobody learns who.</summary>
    public const string Vote = "vote";

    /// <summary>The author marked the help request as resolved, or as open again.</summary>
    public const string Resolved = "resolved";

    /// <summary>It mentions the listener, who may see it.</summary>
    public const string Mention = "mention";

    /// <summary>A token that does not renew expires soon. Its account is told; for a bot's token, all owners and admins are.</summary>
    public const string TokenExpiring = "token.expiring";

    /// <summary>Somebody made an access link for the listener's account.</summary>
    public const string AccessGiven = "access.given";

    /// <summary>Events may have been missed: reload what you show.</summary>
    public const string Reset = "reset";

    /// <summary>Events about stories.</summary>
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

    /// <summary>Events about accounts and tokens.</summary>
    public static readonly IReadOnlyList<string> OfAccounts = [TokenExpiring, AccessGiven];

    /// <summary>All events that a webhook can receive: every type but <see cref="Reset"/>.</summary>
    public static readonly IReadOnlyList<string> All = [.. OfStories, .. OfAccounts];
}

/// <summary>An event, as the listener may see it: the <c>data</c> of a server-sent event.</summary>
public sealed record StoryEvent
{
    /// <summary>Where to resume after this event: the <c>id</c> of the server-sent event, opaque.</summary>
    [JsonIgnore]
    public string? Id { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, by the server's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Id of the story; null for <see cref="EventTypes.Reset"/> and <see cref="EventTypes.OfAccounts"/>.</summary>
    public string? StoryId { get; init; }

    /// <summary>The story, while the listener can see it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Story? Story { get; init; }

    /// <summary>Who did it, when the listener may know.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Person? Person { get; init; }

    /// <summary>The emoji they chose, only for the story's author; null also when they removed it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Emoji { get; init; }

    /// <summary>The reply, for <see cref="EventTypes.Reply"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reply? Reply { get; init; }

    /// <summary>The token, for <see cref="EventTypes.TokenExpiring"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EndingToken? Token { get; init; }
}

/// <summary>A token that expires soon.</summary>
public sealed record EndingToken
{
    /// <summary>ULID in lower case, as in the list of tokens.</summary>
    public required string Id { get; init; }

    /// <summary>Name that was given when the token was made.</summary>
    public required string Name { get; init; }

    /// <summary>Account of the token.</summary>
    public required Person Owner { get; init; }

    /// <summary>When it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
