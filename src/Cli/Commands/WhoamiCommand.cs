using System.CommandLine;

namespace StoriesCli.Cli.Commands;

internal static class WhoamiCommand
{
    public static Command Make(Runner runner)
    {
        var command = new StoriesCommand("whoami", "Show who you are, and where.").With(["stories whoami", "stories whoami --json | jq -r .role"]);
        command.SetAction(runner.Run(async (session, _, cancel) =>
        {
            var account = await session.Api.GetMeAsync(cancel).ConfigureAwait(false);
            SavedAccount.Print(session, account, session.Api.Server);
            return ExitCode.Done;
        }));
        return command;
    }
}
