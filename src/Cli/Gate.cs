using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>Whether a story has what is waited for.</summary>
internal enum GateState { Waiting, Passed, Closed }

/// <summary>What a story must have before something goes on.</summary>
/// <param name="Acks">So many acknowledgements, or null.</param>
/// <param name="Replies">So many replies, or null.</param>
/// <param name="Votes">So many votes for an option, or null.</param>
internal sealed record Gate(int? Acks, int? Replies, PollGate? Votes)
{
    public bool IsEmpty => this is { Acks: null, Replies: null, Votes: null };

    /// <exception cref="CommandException">Its poll has no such option.</exception>
    public GateState Look(Story story)
    {
        var votes = Votes?.Look(story) ?? GateState.Passed;
        return votes == GateState.Passed && !(story.AckCount >= (Acks ?? 0) && story.ReplyCount >= (Replies ?? 0)) ? GateState.Waiting : votes;
    }

    /// <summary>How far the story is, in words.</summary>
    public string Describe(Story story) => string.Join(", ", new[]
    {
        Acks is { } acks ? $"{story.AckCount} of {acks} acknowledgements" : null,
        Replies is { } replies ? $"{story.ReplyCount} of {replies} replies" : null,
        Votes is { } votes && story.Poll is { } poll ? $"{votes.Count(poll)} of {votes.Wanted} votes for \"{CleanText.OneLine(votes.Option)}\"" : null,
    }.OfType<string>());
}

/// <summary>So many votes for one option, as <c>yes&gt;=2</c> says it.</summary>
/// <param name="Option">Its number from 1, or its text.</param>
/// <param name="Wanted">1 or more.</param>
internal sealed record PollGate(string Option, int Wanted)
{
    private const string Least = ">=";

    /// <summary>Null for what is no such condition. The last <c>&gt;=</c> counts, for an option may hold one.</summary>
    public static PollGate? Read(string text) =>
        text.LastIndexOf(Least, StringComparison.Ordinal) is > 0 and var at
        && int.TryParse(text.AsSpan(at + Least.Length), NumberStyles.None | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var wanted) && wanted > 0
        && text[..at].Trim() is { Length: > 0 } option ? new(option, wanted) : null;

    public int Count(StoryPoll poll) => poll.Options[Polls.Find(poll, Option)].Votes;

    public GateState Look(Story story)
    {
        var poll = story.Poll ?? throw new CommandException(ExitCode.Refused, $"The story {story.Id} asks nothing: it has no poll.");
        return Count(poll) >= Wanted ? GateState.Passed : poll.ClosedAt is not null ? GateState.Closed : GateState.Waiting;
    }
}
