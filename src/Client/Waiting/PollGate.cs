using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Waiting;

/// <summary>So many votes for one option, as <c>yes&gt;=2</c> says it.</summary>
/// <param name="Option">Its number from 1, or its text.</param>
/// <param name="Wanted">1 or more.</param>
public sealed record PollGate(string Option, int Wanted)
{
    private const string Least = ">=";

    /// <summary>Null for what is no such condition. The last <c>&gt;=</c> counts, for an option may hold one.</summary>
    public static PollGate? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
            text.LastIndexOf(Least, StringComparison.Ordinal) is > 0 and var at
            && int.TryParse(
                text.AsSpan(at + Least.Length),
                NumberStyles.None | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out var wanted
            )
            && wanted > 0
            && text[..at].Trim() is { Length: > 0 } option
            ? new(option, wanted)
            : null;
    }

    /// <summary>How many votes the option has.</summary>
    /// <exception cref="PollException">The poll has no such option.</exception>
    public int Count(StoryPoll poll)
    {
        ArgumentNullException.ThrowIfNull(poll);
        return poll.Options[PollOptions.Find(poll, Option)].Votes;
    }

    /// <inheritdoc cref="Gate.Look"/>
    public GateState Look(Story story)
    {
        ArgumentNullException.ThrowIfNull(story);
        var poll = story.Poll ?? throw new PollException($"The story {story.Id} asks nothing: it has no poll.", isMissing: true);
        return Count(poll) >= Wanted ? GateState.Passed
            : poll.ClosedAt is not null ? GateState.Closed
            : GateState.Waiting;
    }
}
