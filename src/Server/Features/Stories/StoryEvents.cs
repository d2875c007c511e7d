namespace StoriesCli.Server.Features.Stories;

/// <summary>The story that an event is about.</summary>
/// <param name="Id">Id of the story.</param>
/// <param name="Author">Number of its author.</param>
/// <param name="Audience">Numbers of the accounts besides the author that may see it; null for the team.</param>
internal sealed record StorySubject(string Id, int Author, int[]? Audience)
{
    public bool IsVisibleTo(int account) => Author == account || Audience is null || Audience.Contains(account);
}

/// <summary>An event about a story. It holds no content.</summary>
internal abstract record StoryDomainEvent(StorySubject Story, DateTimeOffset At);

internal sealed record StoryPosted(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryUpdated(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryRemoved(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <summary>The story expires within the hour.</summary>
internal sealed record StoryExpiring(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryExpired(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <summary>A help request was resolved or reopened.</summary>
internal sealed record HelpResolved(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <summary>An edit removed a story from the view of some accounts.</summary>
/// <param name="Story">The story before the edit.</param>
/// <param name="Remaining">Numbers of the accounts besides the author that may still see it; null for the team.</param>
/// <param name="At">When it happened.</param>
internal sealed record AudienceNarrowed(StorySubject Story, int[]? Remaining, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <param name="Story">The story, viewed by this account for the first time.</param>
/// <param name="Viewer">Number of the viewer; null when it views privately.</param>
/// <param name="At">When it happened.</param>
internal sealed record StoryViewed(StorySubject Story, int? Viewer, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <param name="Story">The story that mentions them.</param>
/// <param name="Accounts">Numbers of the mentioned accounts, whether they may see the story or not.</param>
/// <param name="At">When it happened.</param>
internal sealed record AccountsMentioned(StorySubject Story, int[] Accounts, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <summary>A story has left tray, lists and streams, so its conversation and other data of it end too.</summary>
/// <param name="Story">Id of the story.</param>
/// <param name="KeepsThread">Whether its thread stays readable for a while, as after an expiry.</param>
internal sealed record StoryEnded(string Story, bool KeepsThread);
