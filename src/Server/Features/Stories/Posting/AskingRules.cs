using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Checks the poll and the help request of a story.</summary>
internal static class AskingRules
{
    /// <summary>The poll as stored: each text on one line.</summary>
    public static StoredPoll CheckPoll(NewPoll asked, ValidationErrors faults)
    {
        var question = CheckLine("poll.question", asked.Question, Limits.PollQuestionCharacters, faults);
        string[] options =
        [
            .. (asked.Options ?? []).Select(option => CheckLine("poll.option", option, Limits.PollOptionCharacters, faults)),
        ];
        if (options.Length is < Limits.PollOptionsMinimum or > Limits.PollOptions)
        {
            faults.Add("poll.option", $"{Limits.PollOptionsMinimum} to {Limits.PollOptions} of them, was given {options.Length}");
        }
        if (options.GroupBy(option => option).FirstOrDefault(same => same.Key.Length > 0 && same.Count() > 1) is { } twice)
        {
            faults.Add("poll.option", $"each is another, \"{Excerpt.Of(twice.Key)}\" was given {twice.Count()} times");
        }
        return new(question, options);
    }

    /// <summary>Whether a story asks for help.</summary>
    public static bool CheckAsks(string? asked, ValidationErrors faults)
    {
        if (asked is not (null or NewStory.Help))
        {
            faults.Add("asks", $"must be {NewStory.Help}, was \"{Excerpt.Of(asked)}\"");
        }
        return asked is not null;
    }

    private static string CheckLine(string field, string? asked, int maximum, ValidationErrors faults)
    {
        var text = CleanText.OneLine(asked ?? "").Trim();
        var length = text.EnumerateRunes().Count();
        if (ValidationErrors.FaultOfBlank(text) is { } fault)
        {
            faults.Add(field, fault);
        }
        else if (length > maximum)
        {
            faults.Add(field, $"must have at most {maximum} characters, has {length}");
        }
        return text;
    }
}
