using System.CommandLine;

namespace StoriesCli.Cli.Commands.Account;

internal static class WhoamiCommand
{
    public static Command Make(Runner runner)
    {
        var command = new StoriesCommand("whoami", "Show your account and server. Warns if your token expires within 30 days.").With([
            "stories whoami",
            "stories whoami --json | jq -r .role",
        ]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var account = await session.Api.Accounts.GetMeAsync(cancel).ConfigureAwait(false);
                    SavedAccount.Print(session, account, session.Api.Server);
                    var now = session.Now + session.Api.ClockOffset;
                    if (TokenWarning.OfToken(account, now) is { } ending)
                    {
                        session.Out.Warn($"{ending} {TokenWarning.Remedy}");
                    }
                    if (TokenWarning.OfAccess(account, now) is { } access)
                    {
                        session.Out.Note(access);
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
