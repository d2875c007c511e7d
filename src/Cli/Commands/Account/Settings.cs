using System.Text.Json;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;

namespace StoriesCli.Cli.Commands.Account;

/// <summary>One effective setting.</summary>
/// <param name="Key">Its name in the configuration, or the flag's.</param>
/// <param name="Value">The effective value; for a secret only whether it is set.</param>
/// <param name="Origin">Where it comes from: a flag, a variable, the file, or the default.</param>
internal sealed record Setting(string Key, string Value, string Origin);

/// <summary>The effective settings and their origins: flag, then environment, then file, then default.</summary>
internal static class Settings
{
    private const string BuiltIn = "built in";

    public static IReadOnlyList<Setting> Read(Session session)
    {
        var (flags, config, file) = (session.Flags, session.Config, session.ConfigFile.Path);
        var connection = session.Connection;
        var profile = config.FindProfile(connection.Server, connection.Profile);
        var inProfile = profile is null
            ? BuiltIn
            : $"{file} (profiles.{config.Profiles.First(entry => ReferenceEquals(entry.Value, profile)).Key})";
        var settings = new List<Setting>
        {
            new(
                "profile",
                connection.Profile.Length > 0 ? connection.Profile : "none",
                First(("--profile", flags.Profile), Variable("STORIES_PROFILE"), (file, config.Profiles.Count > 0 ? config.Profile : null))
            ),
            new(
                "server",
                ServerAddress.Origin(connection.Server),
                First(("--server", flags.Server), Variable("STORIES_URL"), (inProfile, profile?.Server))
            ),
            new(
                "token",
                connection.Token is null ? "none" : "set",
                connection.Token is null
                    ? BuiltIn
                    : First(
                        ("--token-file", flags.TokenFile),
                        Variable("STORIES_TOKEN"),
                        Variable("STORIES_TOKEN_FILE"),
                        (inProfile, profile?.Token)
                    )
            ),
            new("handle", connection.Handle ?? "unknown until asked", connection.Handle is null ? BuiltIn : inProfile),
            new(
                "insecure",
                connection.Insecure ? "true" : "false",
                flags.Insecure ? "--insecure"
                    : connection.Insecure ? inProfile
                    : BuiltIn
            ),
            new(
                "images",
                StoryPicture.ChooseImages(session),
                First(Variable("STORIES_IMAGES"), (file, config.Images == new Config().Images ? null : config.Images))
            ),
            new("theme", config.Theme, config.Theme == new Config().Theme ? BuiltIn : file),
            new("video", config.Video, config.Video == new Config().Video ? BuiltIn : file),
            new("keymap", config.Keymap, config.Keymap == new Config().Keymap ? BuiltIn : file),
        };
        settings.AddRange(
            config.Players.Select(player => new Setting($"players.{player.Key}", string.Join(' ', player.Value.Command), file))
        );
        return settings;

        (string, string?) Variable(string name) => (name, session.Context.Environment(name));
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<Setting> settings)
    {
        writer.WriteStartArray();
        foreach (var setting in settings)
        {
            writer.WriteStartObject();
            writer.WriteString("key", setting.Key);
            writer.WriteString("value", setting.Value);
            writer.WriteString("origin", setting.Origin);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static string First(params (string Origin, string? Value)[] places) =>
        places.FirstOrDefault(place => !string.IsNullOrEmpty(place.Value)).Origin ?? BuiltIn;
}
