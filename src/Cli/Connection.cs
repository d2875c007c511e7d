using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;

namespace StoriesCli.Cli;

/// <summary>Which server is called as whom, decided from flags, environment and configuration in this order.</summary>
/// <param name="Server">Its origin.</param>
/// <param name="Token">The token, or null.</param>
/// <param name="Profile">Name of the profile that is wanted.</param>
/// <param name="Insecure">Whether plain http to another machine is allowed: by this command, or directly, by what is saved.</param>
/// <param name="Handle">Whose token it is, where that is known without asking.</param>
internal sealed record Connection(Uri Server, string? Token, string Profile, bool Insecure, string? Handle = null)
{
    public const string DefaultServer = "http://127.0.0.1:7867";

    public static Connection Resolve(Flags flags, Func<string, string?> environment, Config config)
    {
        var named = flags.Profile ?? EmptyValue.ReadVariable(environment, "STORIES_PROFILE");
        if (named is not null && config.FindProfile(named) is null)
        {
            throw CommandException.Usage($"There is no profile \"{named}\"; {KnownProfiles(config)}.");
        }
        var name = named ?? config.Profile;
        var given = ReadToken(flags, environment);
        var address = flags.Server ?? EmptyValue.ReadVariable(environment, "STORIES_URL") ?? config.FindProfile(name)?.Server;
        var server = ReadServer(address ?? DefaultServer);
        // A profile that was named is the only one to be used; otherwise any whose token is bound to this very server.
        // Whoever signed out of the current one does not go on as another, only because its server is the one built in.
        var profile =
            address is null && name.Length == 0 ? null
            : named is null ? config.FindProfile(server, name)
            : config.FindProfile(name) is { } it && it.Server == ServerAddress.Origin(server) ? it
            : null;
        return new Connection(
            server,
            given ?? profile?.Token,
            name,
            flags.Insecure || profile?.Insecure == true,
            given is null ? profile?.Handle : null
        ).Check(flags);
    }

    /// <summary>For a server that the command names itself, before anything is saved for it.</summary>
    public static Connection To(string address, Flags flags) =>
        new Connection(ReadServer(address), null, flags.Profile ?? "", flags.Insecure).Check(flags);

    /// <summary>For what is saved under a name, whatever flags and environment say otherwise.</summary>
    public static Connection Saved(string name, Profile profile, Flags flags) =>
        new Connection(ReadServer(profile.Server), profile.Token, name, flags.Insecure || profile.Insecure, profile.Handle).Check(flags);

    /// <summary>A token from file or environment; null when neither is given.</summary>
    public static string? ReadToken(Flags flags, Func<string, string?> environment)
    {
        var file = flags.TokenFile;
        if (file is null)
        {
            // Both are looked at: the one that is empty was meant to say something too.
            var token = EmptyValue.ReadVariable(environment, "STORIES_TOKEN");
            file = EmptyValue.ReadVariable(environment, "STORIES_TOKEN_FILE");
            if (token is not null)
            {
                return CheckToken(token, "STORIES_TOKEN");
            }
        }
        return file is null ? null : CheckToken(LocalFiles.ReadSecret(file), file);
    }

    public static string CheckToken(string token, string source)
    {
        var trimmed = token.Trim();
        return trimmed.Length is > 0 and <= 512 && trimmed.All(c => c is > ' ' and <= '~')
            ? trimmed
            : throw CommandException.Usage($"{source} holds no token: a token is one word that begins with sty_.");
    }

    private static Uri ReadServer(string text) =>
        ServerAddress.TryParse(text, out var server, out var fault) ? server : throw CommandException.Usage(fault);

    private static string KnownProfiles(Config config) =>
        config.Profiles.Count == 0
            ? "none is saved yet"
            : "saved are " + string.Join(", ", config.Profiles.Keys.Order(StringComparer.Ordinal));

    private Connection Check(Flags flags)
    {
        if (ServerAddress.IsProtected(Server))
        {
            return this;
        }
        if (!Insecure)
        {
            throw CommandException.Usage(
                $"{ServerAddress.Origin(Server)} is plain http to another machine, where token and media can be read on the way: use https, or say --insecure."
            );
        }
        // What was allowed when the profile was saved is the way that there was then.
        return flags.Insecure || ApiClient.FindProxy(Server) is not { } proxy
            ? this
            : throw CommandException.Usage(
                $"{ServerAddress.Origin(Server)} is plain http, and the environment leads it through the proxy {proxy}, which would read token and media: "
                    + $"go around it by NO_PROXY={Server.IdnHost}, or say --insecure. The profile allows a direct connection only."
            );
    }
}
