using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>Polls on the command line, where options are counted from 1, or named.</summary>
internal static class Polls
{
    /// <summary>Which option is meant, counted from 0 as the server does. A text goes before a number, for who asks "How many?"; its case counts only where two options differ by nothing else.</summary>
    public static int Find(StoryPoll poll, string given)
    {
        string[] texts = [.. poll.Options.Select(option => CleanText.OneLine(option.Text))];
        if (Array.IndexOf(texts, given.Trim()) is >= 0 and var exact)
        {
            return exact;
        }
        var alike = Enumerable.Range(0, texts.Length).Where(i => string.Equals(texts[i], given.Trim(), StringComparison.OrdinalIgnoreCase)).ToArray();
        if (alike.Length == 1)
        {
            return alike[0];
        }
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= poll.Options.Length)
        {
            return number - 1;
        }
        throw new CommandException(ExitCode.Refused, $"\"{given}\" is no option of this poll; it has {string.Join(", ", poll.Options.Select((option, i) => $"{i + 1} \"{CleanText.OneLine(option.Text)}\""))}.");
    }

    /// <summary>The question, and whether it is still asked.</summary>
    public static string Describe(StoryPoll poll) => CleanText.OneLine(poll.Question) + (poll.ClosedAt is { } closed ? $" (closed {StoryText.Time(closed)})" : "");

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
