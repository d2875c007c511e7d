using System.CommandLine;
using StoriesCli.Client;

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
            if (session.Config.Profile.Length == 0 && session.Flags.Profile is null && string.IsNullOrEmpty(session.Around.Environment("STORIES_PROFILE")))
            {
                session.Out.Note($"No profile is current, so nothing was forgotten; saved are {Saved(session.Config)}: --profile names one.");
                return Task.FromResult(ExitCode.Done);
            }
            var name = session.Connection.Profile;
            if (session.Config.FindProfile(name) is not { } profile)
            {
                session.Out.Note("Nobody is signed in.");
                return Task.FromResult(ExitCode.Done);
            }
            var left = session.Config.Without(name);
            session.ConfigFile.Save(left);
            session.Out.Note($"Forgot the token for {profile.Server}. It still works where it was copied to, until \"stories token revoke\" ends it.");
            if (left.Profile.Length == 0)
            {
                session.Out.Note($"No profile is current now; saved are {Saved(left)}: \"stories config set profile NAME\" chooses one.");
            }
            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }

    private static string Saved(Config config) => string.Join(", ", config.Profiles.Keys.Order(StringComparer.Ordinal));
}
