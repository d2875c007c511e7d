using System.CommandLine;

namespace StoriesCli.Cli.Commands.Talk;

internal static class ResolveCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("One of your stories that asks for help.");
        var undo = new Option<bool>("--undo") { Description = "Reopen the help request." };
        var command = new StoriesCommand("resolve", "Mark your help request as resolved.") { id, undo }.With(
            ["stories resolve 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories resolve 01kb3v8sxq7m2c4w9e5r1t0y6z --undo"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = Ids.Check(parsed.GetRequiredValue(id));
                    if (parsed.GetValue(undo))
                    {
                        await session.Api.Conversation.UnresolveAsync(story, cancel).ConfigureAwait(false);
                        Listing.PrintId(session, story);
                        return ExitCode.Done;
                    }
                    StoryOutput.PrintOne(session, await session.Api.Conversation.ResolveAsync(story, cancel).ConfigureAwait(false));
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
