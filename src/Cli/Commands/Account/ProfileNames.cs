using StoriesCli.Client.Configuration;

namespace StoriesCli.Cli.Commands.Account;

/// <summary>Chooses the profile name for an account, so that no other account's token is lost.</summary>
internal static class ProfileNames
{
    /// <summary>The wanted name, or the name of the account's existing profile, or a new one.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="wanted">The wanted name, or null.</param>
    /// <param name="fresh">The profile to save.</param>
    /// <param name="replace">Whether to overwrite another account's profile.</param>
    /// <exception cref="CommandException">The wanted name belongs to another account.</exception>
    public static string Choose(Config config, string? wanted, Profile fresh, bool replace)
    {
        if (wanted is not null)
        {
            return replace || config.FindProfile(wanted) is not { } there || !IsOther(there, fresh)
                ? wanted
                : throw new CommandException(
                    ExitCode.Refused,
                    $"The profile \"{wanted}\" is {Describe(there)}. Nothing was changed. Choose another name with --profile, or add --replace to overwrite it."
                );
        }
        return config.Profiles.FirstOrDefault(entry => IsSame(entry.Value, fresh)).Key
            ?? NewNames(config, fresh).First(name => !config.Profiles.ContainsKey(name));
    }

    private static bool IsSame(Profile there, Profile fresh) =>
        there.Server == fresh.Server
        && ((there.Handle is not null && there.Handle == fresh.Handle) || (there.Token is not null && there.Token == fresh.Token));

    /// <summary>A token that may only post cannot read its account. If both are such tokens, the given name decides.</summary>
    private static bool IsOther(Profile there, Profile fresh) =>
        there.Token is not null && !IsSame(there, fresh) && !(there.Server == fresh.Server && there.Handle is null && fresh.Handle is null);

    private static IEnumerable<string> NewNames(Config config, Profile fresh)
    {
        var host = new Uri(fresh.Server).Authority;
        if (config.Profiles.Values.All(it => it.Server != fresh.Server))
        {
            yield return Config.DefaultProfile;
            yield return host;
        }
        var who = fresh.Handle ?? "post-only";
        yield return who;
        yield return $"{who}@{host}";
        for (var i = 2; ; i++)
        {
            yield return $"{who}@{host}-{i}";
        }
    }

    private static string Describe(Profile profile) =>
        $"{(profile.Handle is null ? "a token that may only post" : $"@{profile.Handle}")} on {profile.Server}";
}
