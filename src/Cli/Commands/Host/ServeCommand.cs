using System.CommandLine;

namespace StoriesCli.Cli.Commands.Host;

internal static class ServeCommand
{
    public static Command Make(Runner runner, string[] args)
    {
        var command = new StoriesCommand(
            "serve",
            "Start the stories-server installed beside this program. Everything after \"serve\" is passed to the server."
        )
        {
            TreatUnmatchedTokensAsErrors = false,
        }.With(["stories serve --data ./data --listen http://127.0.0.1:7867", "stories serve -- --help"]);
        command.SetAction(
            runner.Run(
                (session, _, _) =>
                {
                    var program = Path.Combine(session.Context.ProgramFolder, "stories-server");
                    if (!File.Exists(program))
                    {
                        throw new CommandException(
                            ExitCode.Failed,
                            $"There is no stories-server beside stories: {program} does not exist."
                        );
                    }
                    var own = args.SkipWhile(argument => argument != "serve").Skip(1).SkipWhile(argument => argument == "--").ToArray();
                    return Task.FromResult(ServerProgram.Become(program, own));
                }
            )
        );
        return command;
    }
}
