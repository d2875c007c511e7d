using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Account;

internal static class LogoutCommand
{
    public static Command Make(Runner runner)
    {
        var revoke = new Option<bool>("--revoke")
        {
            Description =
                "Ends the token on the server first, with the feeds and links that were made with it. Nothing is forgotten when that fails.",
        };
        var command = new StoriesCommand("logout", "Forget the saved token of a profile.") { revoke }.With([
            "stories logout",
            "stories logout --revoke",
            "stories logout --profile work",
        ]);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    if (
                        session.Config.Profile.Length == 0
                        && session.Flags.Profile is null
                        && EmptyValue.ReadVariable(session.Around.Environment, "STORIES_PROFILE") is null
                    )
                    {
                        session.Out.Note(
                            $"No profile is current, so nothing was forgotten; saved are {Saved(session.Config)}: --profile names one."
                        );
                        return ExitCode.Done;
                    }
                    var name = session.Connection.Profile;
                    if (session.Config.FindProfile(name) is not { } profile)
                    {
                        session.Out.Note("Nobody is signed in.");
                        return ExitCode.Done;
                    }
                    if (
                        parsed.GetValue(revoke)
                        && session.Flags.Server is { } other
                        && ServerAddress.Origin(session.Connection.Server) != profile.Server
                    )
                    {
                        throw CommandException.Usage(
                            $"The token that is saved as \"{name}\" is for {profile.Server}, not for {other}: --profile names another one."
                        );
                    }
                    var ended =
                        parsed.GetValue(revoke)
                        && profile.Token is not null
                        && await RevokeAsync(session, Connection.Saved(name, profile, session.Flags), cancel).ConfigureAwait(false);
                    var left = session.ConfigFile.Change(config => config.Without(name));
                    session.Out.Note(
                        ended
                            ? $"Ended and forgot the token for {profile.Server}."
                            : $"Forgot the token for {profile.Server}. It still works where it was copied to, until \"stories token revoke\" ends it."
                    );
                    if (left.Profile.Length == 0)
                    {
                        session.Out.Note(
                            $"No profile is current now; saved are {Saved(left)}: \"stories config set profile NAME\" chooses one."
                        );
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>What has ended already needs no ending.</summary>
    private static async Task<bool> RevokeAsync(Session session, Connection to, CancellationToken cancel)
    {
        using var server = session.Connect(to);
        try
        {
            var me = await server.Accounts.GetMeAsync(cancel).ConfigureAwait(false);
            await server
                .Tokens.RevokeAsync(
                    me.TokenId
                        ?? throw new CommandException(
                            ExitCode.Failed,
                            "The server is too old to say which token this is: \"stories token list\" and \"stories token revoke\" end it."
                        ),
                    cancel
                )
                .ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Code == Errors.NotSignedIn.Code)
        {
            session.Out.Note("The token had ended already.");
        }
        return true;
    }

    private static string Saved(Config config) => string.Join(", ", config.Profiles.Keys.Order(StringComparer.Ordinal));
}
