using System.Text.Json;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;

namespace StoriesCli.Cli.Commands.Account;

/// <summary>Saves and deletes accounts in the configuration.</summary>
internal static class SavedAccount
{
    /// <summary>Checks that the file is writable before the server creates a token that only its answer contains.</summary>
    public static void CheckWritable(Session session) => session.ConfigFile.Change(config => config);

    /// <summary>Checks, before any request, that no other account's token would be overwritten.</summary>
    /// <param name="session">What was asked for.</param>
    /// <param name="to">The server.</param>
    /// <param name="handle">Who signs in.</param>
    /// <param name="replace">Whether the named profile may be another account's.</param>
    public static void CheckRoom(Session session, Connection to, string handle, bool replace) => Choose(session, to, handle, replace);

    /// <summary>The profile name that an account would be saved under.</summary>
    /// <exception cref="CommandException">The wanted name belongs to another account.</exception>
    public static string ChooseName(Session session, Connection to, string handle) => Choose(session, to, handle, replace: false);

    private static string Choose(Session session, Connection to, string handle, bool replace) =>
        ProfileNames.Choose(session.Config, Wanted(session), new() { Server = ServerAddress.Origin(to.Server), Handle = handle }, replace);

    public static void Save(Session session, Connection to, string token, string? handle, bool replace)
    {
        var profile = new Profile
        {
            Server = ServerAddress.Origin(to.Server),
            Token = token,
            Handle = handle,
            Insecure = to.Insecure,
        };
        var wanted = Wanted(session);
        var (name, before) = ("", "");
        var after = session.ConfigFile.Change(config =>
        {
            name = ProfileNames.Choose(config, wanted, profile, replace);
            before = config.FindProfile(config.Profile) is null ? "" : config.Profile;
            // Naming a profile does not select it for later commands.
            return config.With(name, profile, isCurrent: wanted is null || config.Profiles.Count == 0);
        });
        session.Out.Note(
            $"Signed in to {profile.Server} {(handle is null ? "with a token that may only post" : $"as @{handle}")}; saved as profile \"{name}\" in {session.ConfigFile.Path}."
        );
        if (after.Profile != name)
        {
            session.Out.Note(
                $"{(before.Length > 0 ? $"Commands still use \"{before}\"" : "No profile is current")}: --profile {name} uses this one once, and \"stories config set profile {name}\" from now on."
            );
        }
        else if (before.Length > 0 && before != name)
        {
            session.Out.Note(
                $"Commands now use it instead of \"{before}\", which stays saved. To go back: \"stories config set profile {before}\"."
            );
        }
    }

    private static string? Wanted(Session session) =>
        session.Flags.Profile ?? EmptyValue.ReadVariable(session.Context.Environment, "STORIES_PROFILE");

    /// <param name="session">Where to.</param>
    /// <param name="account">Who.</param>
    /// <param name="server">Where that is.</param>
    /// <param name="json">The account's JSON; null where it came alone.</param>
    public static void Print(Session session, Contracts.Account account, Uri server, JsonElement? json = null)
    {
        if (session.Out.IsJson)
        {
            session.Out.Json((json ?? session.Received!.Of(account)).WriteTo);
        }
        else if (session.Out.IsQuiet)
        {
            session.Out.Line(account.Handle);
        }
        else
        {
            session.Out.Rows(
                ["handle", "name", "role", "server"],
                [
                    [account.Handle, account.DisplayName, account.Role, ServerAddress.Origin(server)],
                ]
            );
        }
    }
}
