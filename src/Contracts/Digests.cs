namespace StoriesCli.Contracts;

/// <summary>What happened since an instant, as far as the caller may see it now. Of what is long, a stated count is left out.</summary>
public sealed record Digest
{
    /// <summary>From when it tells.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was made, by the server's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Stories that were posted and are still there, newest first.</summary>
    public required DigestStories Posted { get; init; }

    /// <summary>Replies that were written, newest first: also those to stories that have expired, while their threads are readable.</summary>
    public required DigestReplies Answered { get; init; }

    /// <summary>Stories that their authors have kept since, whenever they were posted; the one kept last stands first.</summary>
    public required DigestStories Kept { get; init; }

    /// <summary>Calls for help, polls and questions to everybody, newest first.</summary>
    public required DigestAsked Asked { get; init; }

    /// <summary>The caller's own active stories that were posted since, and who is not known to have seen them, newest first.</summary>
    public required DigestUnseen NotSeen { get; init; }
}

/// <summary>Some stories of a digest.</summary>
public sealed record DigestStories
{
    /// <summary>At most <see cref="Limits.DigestItems"/>.</summary>
    public required DigestStory[] Items { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }
}

/// <summary>A story in a line.</summary>
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

    /// <summary>Status of its source: <c>passed</c>, <c>failed</c> or null.</summary>
    public string? Status { get; init; }

    /// <summary>Replies in its thread.</summary>
    public int ReplyCount { get; init; }
}

/// <summary>Some replies of a digest.</summary>
public sealed record DigestReplies
{
    /// <summary>At most <see cref="Limits.DigestItems"/>.</summary>
    public required DigestReply[] Items { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }
}

/// <summary>A reply in a line.</summary>
public sealed record DigestReply
{
    /// <summary>The reply's id.</summary>
    public required string Id { get; init; }

    /// <summary>The story that it is about.</summary>
    public required string StoryId { get; init; }

    /// <summary>That story, or null when it has expired.</summary>
    public DigestStory? Story { get; init; }

    /// <summary>Who wrote the reply.</summary>
    public required Person Author { get; init; }

    /// <summary>On one line, at most <see cref="Limits.DigestCharacters"/> characters.</summary>
    public required string Text { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Some of what was asked.</summary>
public sealed record DigestAsked
{
    /// <summary>At most <see cref="Limits.DigestItems"/>.</summary>
    public required DigestQuestion[] Items { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }
}

/// <summary>Something that was asked.</summary>
public sealed record DigestQuestion
{
    /// <summary><c>help</c>, <c>poll</c> or <c>question</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Of the story, or of the question.</summary>
    public required string Id { get; init; }

    /// <summary>Who asks.</summary>
    public required Person Author { get; init; }

    /// <summary>On one line, at most <see cref="Limits.DigestCharacters"/> characters.</summary>
    public required string Text { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it takes answers still: a call for help that is not resolved, a poll that is not closed, a question of this day.</summary>
    public required bool Open { get; init; }

    /// <summary>The answers of a poll with their votes, else empty.</summary>
    public PollOption[] Options
    {
        get;
        init => field = value ?? [];
    } = [];
}

/// <summary>Some of the caller's own stories, and who has not seen them.</summary>
public sealed record DigestUnseen
{
    /// <summary>At most <see cref="Limits.DigestItems"/>.</summary>
    public required DigestAudience[] Items { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }
}

/// <summary>Who is not known to have seen a story of the caller's.</summary>
public sealed record DigestAudience
{
    /// <summary>The story.</summary>
    public required DigestStory Story { get; init; }

    /// <summary>At most <see cref="Limits.DigestItems"/> people of its audience, by handle, bots left out.</summary>
    public required Person[] People { get; init; }

    /// <summary>How many more people there are.</summary>
    public required int LeftOut { get; init; }

    /// <summary>How many of all these people have seen it privately, which does not tell who.</summary>
    public required int PrivateCount { get; init; }
}
