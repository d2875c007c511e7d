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
                "Runs CMD in a shell for each event, one after the other, instead of printing it. It reads STORIES_EVENT_TYPE, _AT, _STORY_ID, _AUTHOR, _KIND, _CAPTION, _SLOT, _STATUS, _PERSON, _REPLY and _EMOJI.",
        };
        var command = new StoriesCommand(
            "watch",
            "Print what happens, an event a line, until it is interrupted. A stream that breaks off is taken up where it broke off. After a restart of the server it prints \"reset\" and then what was posted meanwhile and is still there, once."
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
                            await EventCommand.RunAsync(session, line, happened, cancel).ConfigureAwait(false);
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
            session.Out.Row(session.Around.OutIsTerminal ? EventText.ToShortRow(happened) : EventText.ToRow(happened), EventText.Widths);
        }
        else if (happened.StoryId is not null)
        {
            session.Out.Line(happened.StoryId);
        }
        session.Out.Flush();
    }
}
