using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

internal static class WaitCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var replies = new Option<int?>("--replies") { HelpName = "N", Description = "Until it has so many replies." };
        replies.Validators.Add(Numbers.FromOne("--replies"));
        var command = new StoriesCommand("wait", "Wait until a story has what is asked for, and print it. Ends with 3 once the story is gone, and with 7 after --timeout.") { id, replies }.With(
        [
            "stories wait 01kb3v8sxq7m2c4w9e5r1t0y6z --replies 1 --timeout 10m",
        ], ExitCode.NotFound);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            var wanted = parsed.GetValue(replies) ?? throw CommandException.Usage("Say what to wait for: --replies N.");
            var story = await WaitAsync(session, Ids.Check(parsed.GetRequiredValue(id)), it => it.ReplyCount >= wanted, cancel).ConfigureAwait(false);
            StoryOutput.PrintOne(session, story);
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>Asks for the story's state once the stream is open, and then only when something happened to it.</summary>
    private static async Task<Story> WaitAsync(Session session, string id, Func<Story, bool> isDone, CancellationToken cancel)
    {
        await foreach (var happened in session.Api.ListenAsync(cancel: cancel).ConfigureAwait(false))
        {
            if (happened is null || happened.Type == EventTypes.Reset || happened.StoryId == id)
            {
                // A story that is gone is refused here, which ends the command with 3.
                var story = await session.Api.GetStoryAsync(id, cancel).ConfigureAwait(false);
                if (isDone(story))
                {
                    return story;
                }
            }
        }
        throw new InvalidOperationException("A stream of events ends by a fault or not at all.");
    }
}
