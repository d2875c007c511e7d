namespace StoriesCli.Server.Features.Stories;

/// <summary>The story that something happened to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Author">Number of its author.</param>
/// <param name="Audience">Numbers of the accounts that may see it beside its author; null for the team.</param>
internal sealed record StorySubject(string Id, int Author, int[]? Audience)
{
    public bool IsVisibleTo(int account) => Author == account || Audience is null || Audience.Contains(account);
}

/// <summary>Something that happened to a story. It holds no content.</summary>
internal abstract record StoryDomainEvent(StorySubject Story, DateTimeOffset At);

internal sealed record StoryPosted(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryUpdated(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryRemoved(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <summary>Expires within the hour.</summary>
internal sealed record StoryExpiring(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryExpired(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <summary>A call for help was resolved, or is open again.</summary>
internal sealed record HelpResolved(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <summary>An edit took a story away from some who could see it.</summary>
/// <param name="Story">The story before the edit.</param>
/// <param name="Remaining">Numbers of the accounts that may still see it beside its author; null for the team.</param>
/// <param name="At">When.</param>
internal sealed record AudienceNarrowed(StorySubject Story, int[]? Remaining, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <param name="Story">What was viewed, for the first time by this viewer.</param>
/// <param name="Viewer">Number of the account; null for one that views privately.</param>
/// <param name="At">When.</param>
internal sealed record StoryViewed(StorySubject Story, int? Viewer, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <param name="Story">What mentions them.</param>
/// <param name="Accounts">Numbers of the accounts that are mentioned, whether they may see the story or not.</param>
/// <param name="At">When.</param>
internal sealed record AccountsMentioned(StorySubject Story, int[] Accounts, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <summary>A story leaves tray, lists and streams, so what others did with it ends too.</summary>
/// <param name="Story">Id of the story.</param>
/// <param name="KeepsThread">Whether its thread stays readable for a while, as after an expiry.</param>
internal sealed record StoryEnded(string Story, bool KeepsThread);
