using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class ExtendCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("One of your stories.");
        var time = new Argument<string?>("TIME")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "New lifetime from now, for example 15m, 6h, 7d (default: 24h).",
        };
        var ttl = new Option<string?>("--ttl") { HelpName = "TIME", Description = "The same as TIME." };
        var command = new StoriesCommand("extend", "Give one of your stories a new lifetime, from now.") { id, time, ttl }.With(
            ["stories extend 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories extend 01kb3v8sxq7m2c4w9e5r1t0y6z 7d"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.Validators.Add(given =>
        {
            if (given.GetValue(time) is not null && given.GetValue(ttl) is not null)
            {
                given.AddError("The time is given twice: as an argument and as --ttl.");
            }
        });
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var wanted = parsed.GetValue(time) ?? parsed.GetValue(ttl) ?? Durations.Format(Limits.DefaultTtl);
                    StoryOutput.PrintOne(
                        session,
                        await session
                            .Api.Stories.EditAsync(Ids.Check(parsed.GetRequiredValue(id)), new() { Ttl = wanted }, cancel)
                            .ConfigureAwait(false)
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
