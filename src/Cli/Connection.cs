using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;

namespace StoriesCli.Cli;

/// <summary>The server and the account to use, from flags, environment and configuration, in this order.</summary>
/// <param name="Server">Its origin.</param>
/// <param name="Token">The token, or null.</param>
/// <param name="Profile">Name of the wanted profile.</param>
/// <param name="Insecure">Whether plain http to another machine is allowed, by this command or by the profile.</param>
/// <param name="Handle">The token's account, if known without asking the server.</param>
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
        // Use only the profile that was named. Without a name, use any profile for this server.
        // After signing out, do not continue as another account just because its server is the default one.
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

    /// <summary>For a server that the command names, before a profile exists.</summary>
    public static Connection To(string address, Flags flags) =>
        new Connection(ReadServer(address), null, flags.Profile ?? "", flags.Insecure).Check(flags);

    /// <summary>For a saved profile, ignoring flags and environment.</summary>
    public static Connection Saved(string name, Profile profile, Flags flags) =>
        new Connection(ReadServer(profile.Server), profile.Token, name, flags.Insecure || profile.Insecure, profile.Handle).Check(flags);

    /// <summary>A token from file or environment; null when neither is given.</summary>
    public static string? ReadToken(Flags flags, Func<string, string?> environment)
    {
        var file = flags.TokenFile;
        if (file is null)
        {
            // Check both: an empty one is an error as well.
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
            : throw CommandException.Usage($"{source} contains no token. A token is one word that begins with sty_.");
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
                $"{ServerAddress.Origin(Server)} is plain http to another machine: others on the network can read the token and media. Use https, or add --insecure."
            );
        }
        // The profile allowed plain http only for a direct connection.
        return flags.Insecure || ApiClient.FindProxy(Server) is not { } proxy
            ? this
            : throw CommandException.Usage(
                $"{ServerAddress.Origin(Server)} is plain http, and the environment sends it through the proxy {proxy}, which could read the token and media: "
                    + $"bypass it with NO_PROXY={Server.IdnHost}, or add --insecure. The profile allows only a direct connection."
            );
    }
}
