using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

/// <summary>What a story asks of its viewers, and whom it mentions.</summary>
internal sealed class AskingOptions
{
    private readonly Option<string[]> _mentions = new("--mention")
    {
        HelpName = "HANDLE",
        Description = "Mentions this person, who is told if they may see it; again for more. @handle in caption or text does the same.",
    };
    private readonly Option<string?> _poll = new("--poll")
    {
        HelpName = "QUESTION",
        Description = "Asks this, at most 140 characters, with two to four --option.",
    };
    private readonly Option<string[]> _options = new("--option")
    {
        HelpName = "ANSWER",
        Description = "What one may choose in the poll, at most 80 characters; again for each.",
    };
    private readonly Option<bool> _help = new("--asks-help")
    {
        Description = "Calls for help, until \"stories resolve\" says that it came.",
    };
    private readonly Option<string?> _answers = new("--answers")
    {
        HelpName = "QUESTION-ID",
        Description = "Answers the question of the day; \"stories question --quiet\" prints its id.",
    };

    public IEnumerable<Option> All => [_mentions, _poll, _options, _help, _answers];

    /// <summary>The story with what it asks.</summary>
    /// <exception cref="CommandException">A poll or a mention that no server takes.</exception>
    public NewStory Add(NewStory story, ParseResult parsed) =>
        story with
        {
            Mentions = ReadMentions(parsed.GetValue(_mentions) ?? []),
            Poll = ReadPoll(parsed.GetValue(_poll), parsed.GetValue(_options) ?? []),
            Asks = parsed.GetValue(_help) ? NewStory.Help : null,
            Answers = parsed.GetValue(_answers) is { } question ? Ids.Check(question) : null,
        };

    private static NewPoll? ReadPoll(string? question, string[] options)
    {
        if (question is null)
        {
            return options.Length == 0 ? null : throw CommandException.Usage("--option belongs to a poll: say --poll with its question.");
        }
        if (options.Length is < Limits.PollOptionsMinimum or > Limits.PollOptions)
        {
            throw Refused($"--poll takes {Limits.PollOptionsMinimum} to {Limits.PollOptions} of --option, and has {options.Length}.");
        }
        CheckLine("--poll", question, Limits.PollQuestionCharacters);
        string[] lines = [.. options.Select(option => CheckLine("--option", option, Limits.PollOptionCharacters))];
        if (lines.GroupBy(line => line).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw Refused($"Each --option is another: \"{twice.Key}\" was given {twice.Count()} times.");
        }
        return new() { Question = question, Options = options };
    }

    private static string[]? ReadMentions(string[] given)
    {
        string[] people = [.. given.Select(text => Handles.CheckForm("--mention", text)).Distinct()];
        return people.Length > Limits.Mentions
                ? throw Refused($"--mention takes at most {Limits.Mentions} people, and was given {people.Length}.")
            : people.Length > 0 ? people
            : null;
    }

    /// <summary>Counted as the server does, which puts it on one line.</summary>
    private static string CheckLine(string option, string text, int maximum)
    {
        var line = CleanText.OneLine(text).Trim();
        var length = line.EnumerateRunes().Count();
        return length == 0 ? throw Refused($"{option} is empty.")
            : length > maximum
                ? throw Refused($"{option} takes at most {maximum} characters, and \"{Columns.Cut(line, 40)}\" has {length}.")
            : line;
    }

    private static CommandException Refused(string message) => new(ExitCode.Refused, message);
}
