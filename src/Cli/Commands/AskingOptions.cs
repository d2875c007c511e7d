using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

/// <summary>What a story asks of its viewers, and whom it mentions.</summary>
internal sealed class AskingOptions
{
    private readonly Option<string[]> _mentions = new("--mention") { HelpName = "HANDLE", Description = "Mentions this person, who is told if they may see it; again for more. @handle in caption or text does the same." };
    private readonly Option<string?> _poll = new("--poll") { HelpName = "QUESTION", Description = "Asks this, at most 140 characters, with two to four --option." };
    private readonly Option<string[]> _options = new("--option") { HelpName = "ANSWER", Description = "What one may choose in the poll, at most 80 characters; again for each." };
    private readonly Option<bool> _help = new("--asks-help") { Description = "Calls for help, until \"stories resolve\" says that it came." };
    private readonly Option<string?> _answers = new("--answers") { HelpName = "QUESTION-ID", Description = "Answers the question of the day; \"stories question --quiet\" prints its id." };

    public IEnumerable<Option> All => [_mentions, _poll, _options, _help, _answers];

    /// <summary>The story with what it asks.</summary>
    /// <exception cref="CommandException">A poll that no server takes.</exception>
    public NewStory Add(NewStory story, ParseResult parsed) => story with
    {
        Mentions = parsed.GetValue(_mentions) is { Length: > 0 } people ? [.. people.Select(Handles.Check)] : null,
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
            throw CommandException.Usage($"--poll takes {Limits.PollOptionsMinimum} to {Limits.PollOptions} of --option, and has {options.Length}.");
        }
        return new() { Question = question, Options = options };
    }
}
