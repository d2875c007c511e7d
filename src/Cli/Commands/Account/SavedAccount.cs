using System.Text.Json;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;

namespace StoriesCli.Cli.Commands.Account;

/// <summary>Saves and forgets who one is on a server.</summary>
internal static class SavedAccount
{
    /// <summary>Fails before anything is asked of a server: its answer holds a token that nothing else does.</summary>
    public static void CheckWritable(Session session) => session.ConfigFile.Change(config => config);

    /// <summary>Fails where the token of another account would have to go, before anything is asked of a server.</summary>
    /// <param name="session">What was asked for.</param>
    /// <param name="to">The server.</param>
    /// <param name="handle">Who signs in.</param>
    /// <param name="replace">Whether the named profile may be another account's.</param>
    public static void CheckRoom(Session session, Connection to, string handle, bool replace) => Choose(session, to, handle, replace);

    /// <summary>The name under which an account would be saved.</summary>
    /// <exception cref="CommandException">The name that was asked for is another account's.</exception>
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
            // Who names a profile means that one, and not what commands without a name use from now on.
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
                $"Commands use it from now on instead of \"{before}\", which stays: \"stories config set profile {before}\" goes back."
            );
        }
    }

    private static string? Wanted(Session session) =>
        session.Flags.Profile ?? EmptyValue.ReadVariable(session.Around.Environment, "STORIES_PROFILE");

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
