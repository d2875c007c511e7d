using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Waiting;

/// <summary>A story has no poll, or its poll has no such option. The message is a sentence for people.</summary>
public sealed class PollException(string message, bool isMissing = false) : Exception(message)
{
    /// <summary>There is no poll at all.</summary>
    public bool IsMissing => isMissing;
}

/// <summary>Options of polls as people name them: counted from 1, or by their text.</summary>
public static class PollOptions
{
    /// <summary>Which option is meant, counted from 0 as the server does. A text goes before a number, for who asks "How many?"; its case counts only where two options differ by nothing else.</summary>
    /// <exception cref="PollException">It has no such option.</exception>
    public static int Find(StoryPoll poll, string given)
    {
        ArgumentNullException.ThrowIfNull(poll);
        ArgumentNullException.ThrowIfNull(given);
        string[] texts = [.. poll.Options.Select(option => CleanText.OneLine(option.Text))];
        if (Array.IndexOf(texts, given.Trim()) is >= 0 and var exact)
        {
            return exact;
        }
        var alike = Enumerable
            .Range(0, texts.Length)
            .Where(i => string.Equals(texts[i], given.Trim(), StringComparison.OrdinalIgnoreCase))
            .ToArray();
        if (alike.Length == 1)
        {
            return alike[0];
        }
        if (
            int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1
            && number <= poll.Options.Length
        )
        {
            return number - 1;
        }
        throw new PollException(
            $"\"{given}\" is not an option of this poll. Its options: {string.Join(", ", poll.Options.Select((option, i) => $"{i + 1} \"{CleanText.OneLine(option.Text)}\""))}."
        );
    }
}
