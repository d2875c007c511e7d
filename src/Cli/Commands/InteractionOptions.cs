using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

/// <summary>Options for polls, mentions, help requests and answers.</summary>
internal sealed class InteractionOptions
{
    private readonly Option<string[]> _mentions = new("--mention")
    {
        HelpName = "HANDLE",
        Description =
            "Mention this person, who is notified if they may see the story. Repeat for more. @handle in the caption or text does the same.",
    };
    private readonly Option<string?> _poll = new("--poll")
    {
        HelpName = "QUESTION",
        Description = "Ask a question with two to four --option. At most 140 characters.",
    };
    private readonly Option<string[]> _options = new("--option")
    {
        HelpName = "ANSWER",
        Description = "An option of the poll, at most 80 characters. Repeat for each.",
    };
    private readonly Option<bool> _help = new("--asks-help")
    {
        Description = "Ask for help, until \"stories resolve\" marks the request as resolved.",
    };
    private readonly Option<string?> _answers = new("--answers")
    {
        HelpName = "QUESTION-ID",
        Description = "Answer the question of the day. \"stories question --quiet\" prints its id.",
    };

    public IEnumerable<Option> All => [_mentions, _poll, _options, _help, _answers];

    /// <summary>Adds the options' values to a story.</summary>
    /// <exception cref="CommandException">A poll or mention that the server would refuse.</exception>
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
            return options.Length == 0 ? null : throw CommandException.Usage("--option needs a poll: add --poll with its question.");
        }
        if (options.Length is < Limits.PollOptionsMinimum or > Limits.PollOptions)
        {
            throw Refused($"--poll takes {Limits.PollOptionsMinimum} to {Limits.PollOptions} --option, not {options.Length}.");
        }
        CheckLine("--poll", question, Limits.PollQuestionCharacters);
        string[] lines = [.. options.Select(option => CheckLine("--option", option, Limits.PollOptionCharacters))];
        if (lines.GroupBy(line => line).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw Refused($"Each --option must be different: \"{twice.Key}\" was given {twice.Count()} times.");
        }
        return new() { Question = question, Options = options };
    }

    private static string[]? ReadMentions(string[] given)
    {
        string[] people = [.. given.Select(text => Handles.CheckForm("--mention", text)).Distinct()];
        return people.Length > Limits.Mentions ? throw Refused($"--mention takes at most {Limits.Mentions} people, not {people.Length}.")
            : people.Length > 0 ? people
            : null;
    }

    /// <summary>Counts characters as the server does, on one line.</summary>
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
