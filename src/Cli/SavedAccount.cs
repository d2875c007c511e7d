using System.Text.Json;
using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>Saves and forgets who one is on a server.</summary>
internal static class SavedAccount
{
    /// <summary>Fails before anything is asked of a server: its answer holds a token that nothing else does.</summary>
    public static void CheckWritable(Session session) => session.ConfigFile.Save(session.Config);

    public static void Save(Session session, Connection to, string token, string? handle)
    {
        var profile = new Profile { Server = ServerAddress.Origin(to.Server), Token = token, Handle = handle, Insecure = to.Insecure };
        var name = ChooseName(session, profile.Server);
        session.ConfigFile.Save(session.Config.With(name, profile));
        session.Out.Note($"Signed in to {profile.Server} {(handle is null ? "with a token that may only post" : $"as @{handle}")}; saved as profile \"{name}\" in {session.ConfigFile.Path}.");
    }

    /// <param name="session">Where to.</param>
    /// <param name="account">Who.</param>
    /// <param name="server">Where that is.</param>
    /// <param name="json">The account's JSON; null where it came alone.</param>
    public static void Print(Session session, Account account, Uri server, JsonElement? json = null)
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
            session.Out.Rows(["handle", "name", "role", "server"], [[account.Handle, account.DisplayName, account.Role, ServerAddress.Origin(server)]]);
        }
    }

    /// <summary>The name that was asked for; else that of the server's profile; else <c>default</c>, and the host's name once that is taken.</summary>
    private static string ChooseName(Session session, string origin)
    {
        var wanted = session.Flags.Profile ?? EmptyValue.ReadVariable(session.Around.Environment, "STORIES_PROFILE");
        if (!string.IsNullOrEmpty(wanted))
        {
            return wanted;
        }
        var same = session.Config.Profiles.FirstOrDefault(entry => entry.Value.Server == origin).Key;
        return same ?? (session.Config.Profiles.ContainsKey("default") ? new Uri(origin).Authority : "default");
    }
}
