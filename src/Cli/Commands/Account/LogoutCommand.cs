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
                "Revoke the token on the server first, with the feeds and links made with it. If that fails, the token stays saved.",
        };
        var command = new StoriesCommand("logout", "Delete the saved token of a profile.") { revoke }.With([
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
                        && EmptyValue.ReadVariable(session.Context.Environment, "STORIES_PROFILE") is null
                    )
                    {
                        session.Out.Note(
                            $"No profile is selected, so nothing was deleted. Saved profiles: {Saved(session.Config)}. Name one with --profile."
                        );
                        return ExitCode.Done;
                    }
                    var name = session.Connection.Profile;
                    if (session.Config.FindProfile(name) is not { } profile)
                    {
                        session.Out.Note("You are not signed in.");
                        return ExitCode.Done;
                    }
                    if (
                        parsed.GetValue(revoke)
                        && session.Flags.Server is { } other
                        && ServerAddress.Origin(session.Connection.Server) != profile.Server
                    )
                    {
                        throw CommandException.Usage(
                            $"The token saved as \"{name}\" is for {profile.Server}, not for {other}. Name another profile with --profile."
                        );
                    }
                    var ended =
                        parsed.GetValue(revoke)
                        && profile.Token is not null
                        && await RevokeAsync(session, Connection.Saved(name, profile, session.Flags), cancel).ConfigureAwait(false);
                    var left = session.ConfigFile.Change(config => config.Without(name));
                    session.Out.Note(
                        ended
                            ? $"Revoked and deleted the token for {profile.Server}."
                            : $"Deleted the saved token for {profile.Server}. Copies of it still work until \"stories token revoke\" revokes it."
                    );
                    if (left.Profile.Length == 0)
                    {
                        session.Out.Note(
                            $"No profile is selected now. Saved profiles: {Saved(left)}. Select one with \"stories config set profile NAME\"."
                        );
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>An expired or revoked token needs no revoking.</summary>
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
                            "The server is too old to say which token this is. Use \"stories token list\" and \"stories token revoke\"."
                        ),
                    cancel
                )
                .ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Code == Errors.NotSignedIn.Code)
        {
            session.Out.Note("The token had already expired or been revoked.");
        }
        return true;
    }

    private static string Saved(Config config) => string.Join(", ", config.Profiles.Keys.Order(StringComparer.Ordinal));
}
