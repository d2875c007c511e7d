using StoriesCli.Contracts;

namespace StoriesCli.Client.Waiting;

/// <summary>Whether a story has what is waited for.</summary>
public enum GateState
{
    /// <summary>Not yet.</summary>
    Waiting,

    /// <summary>It has all of it.</summary>
    Passed,

    /// <summary>Its poll was closed before it had its votes.</summary>
    Closed,
}

/// <summary>What a story must have before something goes on.</summary>
/// <param name="Acks">So many acknowledgements, or null.</param>
/// <param name="Replies">So many replies, or null.</param>
/// <param name="Votes">So many votes for an option, or null.</param>
public sealed record Gate(int? Acks, int? Replies, PollGate? Votes)
{
    /// <summary>Nothing is asked for.</summary>
    public bool IsEmpty => this is { Acks: null, Replies: null, Votes: null };

    /// <summary>Whether a story has it by now.</summary>
    /// <exception cref="PollException">The story has no poll, or the poll has no such option.</exception>
    public GateState Look(Story story)
    {
        ArgumentNullException.ThrowIfNull(story);
        var votes = Votes?.Look(story) ?? GateState.Passed;
        return votes == GateState.Passed && !(story.AckCount >= (Acks ?? 0) && story.ReplyCount >= (Replies ?? 0))
            ? GateState.Waiting
            : votes;
    }

    /// <summary>How far the story is, in words.</summary>
    /// <exception cref="PollException">Its poll has no such option.</exception>
    public string Describe(Story story)
    {
        ArgumentNullException.ThrowIfNull(story);
        return string.Join(
            ", ",
            new[]
            {
                Acks is { } acks ? $"{story.AckCount} of {acks} acknowledgements" : null,
                Replies is { } replies ? $"{story.ReplyCount} of {replies} replies" : null,
                Votes is { } votes && story.Poll is { } poll
                    ? $"{votes.Count(poll)} of {votes.Wanted} votes for \"{CleanText.OneLine(votes.Option)}\""
                    : null,
            }.OfType<string>()
        );
    }
}
