using StoriesCli.Server.Features.Stories;

namespace StoriesCli.Server.Features.Conversation;

internal sealed record ReplyPosted(StorySubject Story, string ReplyId, DateTimeOffset At) : StoryDomainEvent(Story, At);

/// <param name="Story">What was reacted to.</param>
/// <param name="Viewer">Number of the account that reacted.</param>
/// <param name="Emoji">Null when it took its reaction away.</param>
/// <param name="At">When.</param>
internal sealed record ReactionChanged(StorySubject Story, int Viewer, string? Emoji, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryAcknowledged(StorySubject Story, int Viewer, DateTimeOffset At) : StoryDomainEvent(Story, At);

internal sealed record StoryVoted(StorySubject Story, DateTimeOffset At) : StoryDomainEvent(Story, At);
