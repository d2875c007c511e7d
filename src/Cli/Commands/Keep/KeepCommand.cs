using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Keep;

internal static class KeepCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("One of your stories.");
        var highlight = new Option<string>("--highlight")
        {
            HelpName = "NAME",
            Description = "The highlight that keeps it, created if it does not exist.",
            DefaultValueFactory = _ => NewKeep.DefaultHighlight,
        };
        var command = new StoriesCommand("keep", "Keep one of your stories in a highlight beyond its lifetime.") { id, highlight }.With(
            ["stories keep 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories keep 01kb3v8sxq7m2c4w9e5r1t0y6z --highlight releases"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    StoryOutput.PrintOne(
                        session,
                        await session
                            .Api.Highlights.KeepAsync(Ids.Check(parsed.GetRequiredValue(id)), parsed.GetRequiredValue(highlight), cancel)
                            .ConfigureAwait(false)
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    public static Command MakeUnkeep(Runner runner)
    {
        var id = Ids.Argument("One of your stories.");
        var command = new StoriesCommand("unkeep", "Stop keeping a story. If its lifetime is over, it expires at once.") { id }.With(
            ["stories unkeep 01kb3v8sxq7m2c4w9e5r1t0y6z"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var wanted = Ids.Check(parsed.GetRequiredValue(id));
                    await session.Api.Highlights.UnkeepAsync(wanted, cancel).ConfigureAwait(false);
                    Listing.PrintId(session, wanted);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
