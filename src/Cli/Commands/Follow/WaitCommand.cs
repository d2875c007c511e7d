using System.CommandLine;
using StoriesCli.Client.Waiting;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

internal static class WaitCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var acks = new Option<int?>("--acks") { HelpName = "N", Description = "Until so many have acknowledged it." };
        var poll = new Option<string?>("--poll")
        {
            HelpName = "OPTION>=N",
            Description =
                "Until an option of its poll has so many votes: its text, or else its number from 1. Ends with 1 once the poll is closed with fewer.",
        };
        var replies = new Option<int?>("--replies") { HelpName = "N", Description = "Until it has so many replies." };
        acks.Validators.Add(Numbers.FromOne("--acks"));
        replies.Validators.Add(Numbers.FromOne("--replies"));
        var command = new StoriesCommand(
            "wait",
            "Wait until a story has all that is asked for, and print it. Ends with 3 once the story is gone, and with 7 after --timeout. A server that goes away meanwhile is waited for too."
        )
        {
            id,
            acks,
            poll,
            replies,
        }.With(
            [
                "stories wait 01kb3v8sxq7m2c4w9e5r1t0y6z --acks 2 --timeout 10m",
                "stories wait 01kb3v8sxq7m2c4w9e5r1t0y6z --poll 'yes>=2' --timeout 1h",
                "stories wait 01kb3v8sxq7m2c4w9e5r1t0y6z --replies 1",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var votes = parsed.GetValue(poll) is { } condition
                        ? PollGate.Read(condition)
                            ?? throw CommandException.Usage(
                                $"--poll takes an option and how many votes it needs, such as 'yes>=2', not \"{condition}\"."
                            )
                        : null;
                    var gate = new Gate(parsed.GetValue(acks), parsed.GetValue(replies), votes);
                    if (gate.IsEmpty)
                    {
                        throw CommandException.Usage("Say what to wait for: --acks N, --poll 'OPTION>=N' or --replies N.");
                    }
                    var (story, state) = await WaitAsync(session, Ids.Check(parsed.GetRequiredValue(id)), gate, cancel)
                        .ConfigureAwait(false);
                    StoryOutput.PrintOne(session, story);
                    if (state == GateState.Passed)
                    {
                        return ExitCode.Done;
                    }
                    session.Out.Note($"The poll was closed with {gate.Describe(story)}.");
                    return ExitCode.Failed;
                }
            )
        );
        return command;
    }

    private static async Task<(Story Story, GateState State)> WaitAsync(Session session, string id, Gate gate, CancellationToken cancel)
    {
        Story? last = null;
        try
        {
            return await session.Api.Events.WaitAsync(id, gate, story => last = story, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (last is not null)
        {
            session.Out.Note($"The story has {gate.Describe(last)}.");
            throw;
        }
    }
}
