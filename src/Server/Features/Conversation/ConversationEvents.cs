using StoriesCli.Server.Features.Stories;

namespace StoriesCli.Server.Features.Conversation;

internal sealed record ReplyPosted(StorySubject Story, string ReplyId, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <param name="Story">The story.</param>
/// <param name="Viewer">Number of the account that reacted.</param>
/// <param name="Emoji">The emoji; null when the reaction was removed.</param>
/// <param name="At">When it happened.</param>
internal sealed record ReactionChanged(StorySubject Story, int Viewer, string? Emoji, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryAcknowledged(StorySubject Story, int Viewer, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryVoted(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);
