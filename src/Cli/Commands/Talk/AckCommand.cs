using System.CommandLine;

namespace StoriesCli.Cli.Commands.Talk;

internal static class AckCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var undo = new Option<bool>("--undo") { Description = "Take it back." };
        var list = new Option<bool>("--list") { Description = "List who has acknowledged one of your stories, earliest first." };
        var command = new StoriesCommand("ack", "Acknowledge a story. Its author sees that you have taken notice, and when.")
        {
            id,
            undo,
            list,
        }.With(["stories ack 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories ack 01kb3v8sxq7m2c4w9e5r1t0y6z --list"], ExitCode.NotFound);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = Ids.Check(parsed.GetRequiredValue(id));
                    if (parsed.GetValue(undo) && parsed.GetValue(list))
                    {
                        throw CommandException.Usage("--undo and --list exclude each other.");
                    }
                    if (parsed.GetValue(list))
                    {
                        var acks = await session.Api.Conversation.ListAcksAsync(story, cancel).ConfigureAwait(false);
                        Listing.Print(
                            session,
                            acks,
                            ["handle", "acknowledged", "name"],
                            ack => ack.Person.Handle,
                            ack => [ack.Person.Handle, StoryText.Age(ack.At, session.Now) + " ago", ack.Person.DisplayName]
                        );
                    }
                    else if (parsed.GetValue(undo))
                    {
                        await session.Api.Conversation.UnackAsync(story, cancel).ConfigureAwait(false);
                        Listing.PrintId(session, story);
                    }
                    else
                    {
                        StoryOutput.PrintOne(session, await session.Api.Conversation.AckAsync(story, cancel).ConfigureAwait(false));
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
