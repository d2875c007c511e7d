using System.CommandLine;

namespace StoriesCli.Cli.Commands;

internal static class LogoutCommand
{
    public static Command Make(Runner runner)
    {
        var command = new StoriesCommand("logout", "Forget the saved token of a profile.").With(
        [
            "stories logout",
            "stories logout --profile work",
        ]);
        command.SetAction(runner.Run((session, _, _) =>
        {
            var name = session.Connection.Profile;
            if (session.Config.FindProfile(name) is not { } profile)
            {
                session.Out.Note("Nobody is signed in.");
                return Task.FromResult(ExitCode.Done);
            }
            session.ConfigFile.Save(session.Config.Without(name));
            session.Out.Note($"Forgot the token for {profile.Server}. It still works where it was copied to, until \"stories token revoke\" ends it.");
            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }
}
