using System.CommandLine;
using StoriesCli.Client.Waiting;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Talk;

internal static class VoteCommand
{
    private static readonly string[] Headers = ["option", "votes", "text"];

    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story with the poll.");
        var option = new Argument<string?>("OPTION")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description =
                "Your choice: the option's text, or its number from 1. Replaces your earlier vote. Without OPTION, shows the poll.",
        };
        var close = new Option<bool>("--close") { Description = "Close the poll of one of your stories, which ends voting." };
        var command = new StoriesCommand("vote", "Vote in a story's poll, or show its results.") { id, option, close }.With(
            [
                "stories vote 01kb3v8sxq7m2c4w9e5r1t0y6z yes",
                "stories vote 01kb3v8sxq7m2c4w9e5r1t0y6z 2",
                "stories vote 01kb3v8sxq7m2c4w9e5r1t0y6z --json | jq .poll.options",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = Ids.Check(parsed.GetRequiredValue(id));
                    var chosen = parsed.GetValue(option);
                    if (parsed.GetValue(close) && chosen is not null)
                    {
                        throw CommandException.Usage("Name an option or add --close, not both.");
                    }
                    if (parsed.GetValue(close))
                    {
                        Print(session, await session.Api.Conversation.ClosePollAsync(story, cancel).ConfigureAwait(false));
                        return ExitCode.Done;
                    }
                    var shown = await session.Api.Stories.GetAsync(story, cancel).ConfigureAwait(false);
                    var poll = shown.Poll ?? throw new CommandException(ExitCode.NotFound, $"The story {story} has no poll.");
                    Print(
                        session,
                        chosen is null
                            ? shown
                            : await session.Api.Conversation.VoteAsync(story, PollOptions.Find(poll, chosen), cancel).ConfigureAwait(false)
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static void Print(Session session, Story story)
    {
        if (session.Out.IsJson || session.Out.IsQuiet)
        {
            StoryOutput.PrintOne(session, story);
            return;
        }
        var poll = story.Poll!;
        session.Out.Line(Polls.Describe(poll));
        Listing.PrintRows(
            session,
            [.. poll.Options.Select((option, number) => (Option: option, Number: number))],
            Headers,
            it => it.Option.Text,
            it => Polls.ToRow(poll, it.Number)
        );
    }
}
