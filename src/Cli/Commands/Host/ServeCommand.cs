using System.CommandLine;

namespace StoriesCli.Cli.Commands.Host;

internal static class ServeCommand
{
    public static Command Make(Runner runner, string[] args)
    {
        var command = new StoriesCommand(
            "serve",
            "Start the server that lies beside this program; everything after \"serve\" is the server's own."
        )
        {
            TreatUnmatchedTokensAsErrors = false,
        }.With(["stories serve --data ./data --listen http://127.0.0.1:7867", "stories serve -- --help"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var program = Path.Combine(
                        session.Around.ProgramFolder,
                        OperatingSystem.IsWindows() ? "stories-server.exe" : "stories-server"
                    );
                    if (!File.Exists(program))
                    {
                        throw new CommandException(
                            ExitCode.Failed,
                            $"There is no stories-server beside stories: {program} does not exist."
                        );
                    }
                    var own = args.SkipWhile(argument => argument != "serve").Skip(1).SkipWhile(argument => argument == "--").ToArray();
                    return await ServerProgram.BecomeAsync(program, own, cancel).ConfigureAwait(false);
                }
            )
        );
        return command;
    }
}
