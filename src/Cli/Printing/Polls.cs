using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Polls on the command line, where options are counted from 1, or named.</summary>
internal static class Polls
{
    /// <summary>The question, and whether it is still asked.</summary>
    public static string Describe(StoryPoll poll) =>
        CleanText.OneLine(poll.Question) + (poll.ClosedAt is { } closed ? $" (closed {StoryText.Time(closed)})" : "");

    /// <summary>The question and how it stands, on one line.</summary>
    public static string Tally(StoryPoll poll) =>
        $"{CleanText.OneLine(poll.Question)} — {string.Join(", ", poll.Options.Select(option => $"{CleanText.OneLine(option.Text)} {option.Votes.ToString(CultureInfo.InvariantCulture)}"))}";

    /// <summary>Number, votes, and the text with a word on one's own choice.</summary>
    public static string[] ToRow(StoryPoll poll, int option) =>
        [
            (option + 1).ToString(CultureInfo.InvariantCulture),
            poll.Options[option].Votes.ToString(CultureInfo.InvariantCulture),
            poll.Options[option].Text + (poll.MyVote == option ? " (yours)" : ""),
        ];
}
