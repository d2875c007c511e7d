using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

internal static class WatchCommand
{
    public static Command Make(Runner runner)
    {
        var execute = new Option<string?>("--exec")
        {
            HelpName = "CMD",
            Description =
                "Run CMD in a shell for each event, one at a time, instead of printing the event. CMD can read STORIES_EVENT_TYPE, _AT, _STORY_ID, _AUTHOR, _KIND, _CAPTION, _SLOT, _STATUS, _PERSON, _REPLY and _EMOJI.",
        };
        var command = new StoriesCommand(
            "watch",
            "Print events as they happen, one a line, until interrupted. Resumes a broken stream without gaps. After a server restart, prints \"reset\" and then the stories posted meanwhile that are still active."
        )
        {
            execute,
        }.With(
            [
                "stories watch",
                "stories watch --json | jq -r 'select(.type == \"story.posted\").storyId'",
                "stories watch --exec 'notify-send \"$STORIES_EVENT_AUTHOR\" \"$STORIES_EVENT_CAPTION\"'",
            ],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var line = parsed.GetValue(execute);
                    if (line is not null && string.IsNullOrWhiteSpace(line))
                    {
                        throw CommandException.Usage("--exec needs a command.");
                    }
                    await foreach (var happened in session.Api.Events.FollowAsync(cancel).ConfigureAwait(false))
                    {
                        if (line is not null)
                        {
                            await EventRunner.RunAsync(session, line, happened, cancel).ConfigureAwait(false);
                        }
                        else
                        {
                            Print(session, happened);
                        }
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static void Print(Session session, StoryEvent happened)
    {
        if (session.Out.IsJson)
        {
            session.Out.JsonLine(session.Received!.Of(happened));
            return;
        }
        if (!session.Out.IsQuiet)
        {
            session.Out.Row(session.Context.OutIsTerminal ? EventText.ToShortRow(happened) : EventText.ToRow(happened), EventText.Widths);
        }
        else if (happened.StoryId is not null)
        {
            session.Out.Line(happened.StoryId);
        }
        session.Out.Flush();
    }
}
