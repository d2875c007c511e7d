using System.CommandLine;
using StoriesCli.Client.Waiting;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

internal static class WaitCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var acks = new Option<int?>("--acks") { HelpName = "N", Description = "Wait until N people have acknowledged it." };
        var poll = new Option<string?>("--poll")
        {
            HelpName = "<OPTION>=<N>",
            Description = "Wait until an option (its text, or its number from 1) has N votes. Exits with 1 if the poll closes with fewer.",
        };
        var replies = new Option<int?>("--replies") { HelpName = "N", Description = "Wait until it has N replies." };
        acks.Validators.Add(Numbers.FromOne("--acks"));
        replies.Validators.Add(Numbers.FromOne("--replies"));
        var command = new StoriesCommand(
            "wait",
            "Wait for acknowledgements, votes or replies, then print the story. Exits with 3 if the story expires or is deleted. Keeps waiting while the server is unreachable, until --timeout, then exits with 7."
        )
        {
            id,
            acks,
            poll,
            replies,
        }.With(
            [
                "stories wait 01kb3v8sxq7m2c4w9e5r1t0y6z --acks 2 --timeout 10m",
                "stories wait 01kb3v8sxq7m2c4w9e5r1t0y6z --poll yes=2 --timeout 1h",
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
                                $"--poll takes an option and a number of votes, for example yes=2, not \"{condition}\"."
                            )
                        : null;
                    var gate = new Gate(parsed.GetValue(acks), parsed.GetValue(replies), votes);
                    if (gate.IsEmpty)
                    {
                        throw CommandException.Usage("Name what to wait for: --acks N, --poll OPTION=N or --replies N.");
                    }
                    var (story, state) = await WaitAsync(session, Ids.Check(parsed.GetRequiredValue(id)), gate, cancel)
                        .ConfigureAwait(false);
                    StoryOutput.PrintOne(session, story);
                    if (state == GateState.Passed)
                    {
                        return ExitCode.Done;
                    }
                    session.Out.Note($"The poll closed with {gate.Describe(story)}.");
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
