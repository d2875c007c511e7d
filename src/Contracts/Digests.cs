namespace StoriesCli.Contracts;

/// <summary>What happened since a given time, as far as the caller may see it now. Long lists are cut; <c>leftOut</c> says by how many items.</summary>
public sealed record Digest
{
    /// <summary>Start of the period.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was made, by the server's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Stories posted in the period that still exist, newest first.</summary>
    public required DigestStories Posted { get; init; }

    /// <summary>Replies written in the period, newest first, including those to expired stories whose threads are still readable.</summary>
    public required DigestReplies Answered { get; init; }

    /// <summary>Stories kept in the period, whenever they were posted; the one kept last comes first.</summary>
    public required DigestStories Kept { get; init; }

    /// <summary>Help requests, polls and questions of the day, newest first.</summary>
    public required DigestAsked Asked { get; init; }

    /// <summary>The caller's own active stories from the period, and who is not known to have seen them, newest first.</summary>
    public required DigestUnseen NotSeen { get; init; }
}

/// <summary>Stories of a digest.</summary>
public sealed record DigestStories
{
    /// <summary>At most <see cref="Limits.DigestItems"/>.</summary>
    public required DigestStory[] Items { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }
}

/// <summary>A story, in one line.</summary>
public sealed record DigestStory
{
    /// <summary>The story's id.</summary>
    public required string Id { get; init; }

    /// <summary>Who posted it.</summary>
    public required Person Author { get; init; }

    /// <summary>One of <see cref="StoryKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Caption, text or file name on one line, at most <see cref="Limits.DigestCharacters"/> characters; empty when it has none.</summary>
    public required string Title { get; init; }

    /// <summary>When it was posted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The highlight that keeps it, or null.</summary>
    public string? KeptIn { get; init; }

    /// <summary>Status of the story's source: <c>passed</c>, <c>failed</c> or null.</summary>
    public string? Status { get; init; }

    /// <summary>Replies in its thread.</summary>
    public int ReplyCount { get; init; }
}

/// <summary>Replies of a digest.</summary>
public sealed record DigestReplies
{
    /// <summary>At most <see cref="Limits.DigestItems"/>.</summary>
    public required DigestReply[] Items { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }
}

/// <summary>A reply, in one line.</summary>
public sealed record DigestReply
{
    /// <summary>The reply's id.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the story it belongs to.</summary>
    public required string StoryId { get; init; }

    /// <summary>That story; null when it has expired.</summary>
    public DigestStory? Story { get; init; }

    /// <summary>Who wrote the reply.</summary>
    public required Person Author { get; init; }

    /// <summary>On one line, at most <see cref="Limits.DigestCharacters"/> characters.</summary>
    public required string Text { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Help requests, polls and questions of a digest.</summary>
public sealed record DigestAsked
{
    /// <summary>At most <see cref="Limits.DigestItems"/>.</summary>
    public required DigestQuestion[] Items { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }
}

/// <summary>A help request, a poll or a question of the day.</summary>
public sealed record DigestQuestion
{
    /// <summary><c>help</c>, <c>poll</c> or <c>question</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of the story, or of the question.</summary>
    public required string Id { get; init; }

    /// <summary>Who asked.</summary>
    public required Person Author { get; init; }

    /// <summary>On one line, at most <see cref="Limits.DigestCharacters"/> characters.</summary>
    public required string Text { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it can still be answered: an unresolved help request, an open poll, or the current question.</summary>
    public required bool Open { get; init; }

    /// <summary>The options of a poll with their votes; empty for the others.</summary>
    public PollOption[] Options
    {
        get;
        init => field = value ?? [];
    } = [];
}

/// <summary>The caller's own stories of a digest, and who has not seen them.</summary>
public sealed record DigestUnseen
{
    /// <summary>At most <see cref="Limits.DigestItems"/>.</summary>
    public required DigestAudience[] Items { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }
}

/// <summary>Who is not known to have seen one of the caller's stories.</summary>
public sealed record DigestAudience
{
    /// <summary>The story.</summary>
    public required DigestStory Story { get; init; }

    /// <summary>At most <see cref="Limits.DigestItems"/> people of its audience, by handle, without bots.</summary>
    public required Person[] People { get; init; }

    /// <summary>How many more people there are.</summary>
    public required int LeftOut { get; init; }

    /// <summary>How many of all these people viewed it privately. The server does not say who.</summary>
    public required int PrivateCount { get; init; }
}
