using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Polls on the command line: options are numbered from 1.</summary>
internal static class Polls
{
    /// <summary>The question, and whether the poll is closed.</summary>
    public static string Describe(StoryPoll poll) =>
        CleanText.OneLine(poll.Question) + (poll.ClosedAt is { } closed ? $" (closed {StoryText.Time(closed)})" : "");

    /// <summary>The question and its votes, on one line.</summary>
    public static string Tally(StoryPoll poll) =>
        $"{CleanText.OneLine(poll.Question)} — {string.Join(", ", poll.Options.Select(option => $"{CleanText.OneLine(option.Text)} {option.Votes.ToString(CultureInfo.InvariantCulture)}"))}";

    /// <summary>Number, votes and text of an option, with a mark on the caller's own vote.</summary>
    public static string[] ToRow(StoryPoll poll, int option) =>
        [
            (option + 1).ToString(CultureInfo.InvariantCulture),
            poll.Options[option].Votes.ToString(CultureInfo.InvariantCulture),
            poll.Options[option].Text + (poll.MyVote == option ? " (yours)" : ""),
        ];
}
