using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Waiting;

/// <summary>Waits for a number of votes for one option, as in <c>yes=2</c>.</summary>
/// <param name="Option">Its number from 1, or its text.</param>
/// <param name="Wanted">1 or more.</param>
public sealed record PollGate(string Option, int Wanted)
{
    /// <summary>Reads <c>yes=2</c>, or the same as <c>yes&gt;=2</c>; null when it is neither. The last sign counts, because an option may contain one.</summary>
    public static PollGate? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sign = text.LastIndexOf('=');
        var at = sign > 0 && text[sign - 1] == '>' ? sign - 1 : sign;
        return
            at > 0
            && int.TryParse(
                text.AsSpan(sign + 1),
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
        var poll = story.Poll ?? throw new PollException($"The story {story.Id} has no poll.", isMissing: true);
        return Count(poll) >= Wanted ? GateState.Passed
            : poll.ClosedAt is not null ? GateState.Closed
            : GateState.Waiting;
    }
}
