using System.CommandLine;
using System.Text.Json;
using StoriesCli.Client;
using StoriesCli.Client.Configuration;
using StoriesCli.Client.Players;

namespace StoriesCli.Cli.Commands.Account;

internal static class ConfigCommand
{
    public static readonly string[] Keys =
    [
        "profile",
        "images",
        "theme",
        "video",
        "keymap",
        "players.image",
        "players.video",
        "players.audio",
        "players.text",
        "players.recording",
    ];

    public static Command Make(Runner runner) =>
        new StoriesCommand("config", "Show and change your settings.")
        {
            MakeShow(runner),
            MakeGet(runner),
            MakeSet(runner),
            MakeUnset(runner),
            MakePath(runner),
        }.Showing("stories config show --origin", "stories config set images off");

    private static StoriesCommand MakeShow(Runner runner)
    {
        var origin = new Option<bool>("--origin")
        {
            Description = "Show where each setting comes from: a flag, a variable, the file, or the default.",
        };
        var command = new StoriesCommand("show", "Show the effective settings. For a token, only whether there is one.") { origin }.With([
            "stories config show --origin",
        ]);
        command.SetAction(
            runner.Run(
                (session, parsed, _) =>
                {
                    var settings = Settings.Read(session);
                    if (session.Out.IsJson)
                    {
                        session.Out.Json(writer => Settings.Write(writer, settings));
                    }
                    else if (parsed.GetValue(origin))
                    {
                        Listing.PrintRows(session, settings, ["key", "value", "origin"], it => it.Key, it => [it.Key, it.Value, it.Origin]);
                    }
                    else
                    {
                        Listing.PrintRows(session, settings, ["key", "value"], it => it.Key, it => [it.Key, it.Value]);
                    }
                    return Task.FromResult(ExitCode.Done);
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeGet(Runner runner)
    {
        var key = new Argument<string>("KEY") { Description = "Name of the setting, as \"stories config show\" lists it." };
        var command = new StoriesCommand("get", "Print the effective value of one setting.") { key }.With(
            ["stories config get server"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                (session, parsed, _) =>
                {
                    var settings = Settings.Read(session);
                    var wanted = parsed.GetRequiredValue(key);
                    var setting = settings.FirstOrDefault(it => it.Key == wanted);
                    if (setting is null)
                    {
                        throw Keys.Contains(wanted)
                            ? new CommandException(ExitCode.NotFound, $"{wanted} is not set.")
                            : Unknown(wanted, settings.Select(it => it.Key).Concat(Keys));
                    }
                    if (session.Out.IsJson)
                    {
                        session.Out.Json(writer => Settings.Write(writer, [setting]));
                    }
                    else
                    {
                        session.Out.Line(setting.Value);
                    }
                    return Task.FromResult(ExitCode.Done);
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeSet(Runner runner)
    {
        var key = new Argument<string>("KEY") { Description = $"One of {string.Join(", ", Keys)}." };
        var value = new Argument<string[]>("VALUE")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The value. For a player: the program and its arguments after --, or one JSON array.",
        };
        var command = new StoriesCommand("set", "Write a setting into the configuration file.") { key, value }.With([
            "stories config set images off",
            "stories config set keymap classic",
            "stories config set players.video -- mpv --fs {url}",
            "stories config set players.image '[\"imv\", \"{file}\"]'",
        ]);
        command.SetAction(
            runner.Run(
                (session, parsed, _) =>
                {
                    Save(session, config => Change(config, parsed.GetRequiredValue(key), parsed.GetRequiredValue(value)));
                    return Task.FromResult(ExitCode.Done);
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeUnset(Runner runner)
    {
        var key = new Argument<string>("KEY") { Description = $"One of {string.Join(", ", Keys)}." };
        var command = new StoriesCommand("unset", "Remove a setting from the configuration file, which restores the default.")
        {
            key,
        }.With(["stories config unset players.video"]);
        command.SetAction(
            runner.Run(
                (session, parsed, _) =>
                {
                    var built = new Config();
                    Save(
                        session,
                        config =>
                            parsed.GetRequiredValue(key) switch
                            {
                                "profile" => config with { Profile = built.Profile },
                                "images" => config with { Images = built.Images },
                                "theme" => config with { Theme = built.Theme },
                                "video" => config with { Video = built.Video },
                                "keymap" => config with { Keymap = built.Keymap },
                                var player when Keys.Contains(player) => config with
                                {
                                    Players = config.Players.Where(entry => $"players.{entry.Key}" != player).ToDictionary(),
                                },
                                var other => throw Unknown(other, Keys),
                            }
                    );
                    return Task.FromResult(ExitCode.Done);
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakePath(Runner runner)
    {
        var command = new StoriesCommand("path", "Print the path of the configuration file.").With(["stories config path"]);
        command.SetAction(
            runner.Run(
                (session, _, _) =>
                {
                    session.Out.Path(session.ConfigFile.Path);
                    return Task.FromResult(ExitCode.Done);
                }
            )
        );
        return command;
    }

    private static Config Change(Config config, string key, string[] words) =>
        (key, words) switch
        {
            ("profile", [var name]) => config.FindProfile(name) is not null
                ? config with
                {
                    Profile = name,
                }
                : throw CommandException.Usage($"There is no profile \"{name}\"."),
            ("images", [var how]) => Config.ImageModes.Contains(how)
                ? config with
                {
                    Images = how,
                }
                : throw CommandException.Usage(StoryPicture.Refusal("images", how)),
            ("theme", [var theme]) => config with { Theme = OneOf(Config.Themes, key, theme) },
            ("video", [var place]) => config with { Video = OneOf(Config.VideoPlaces, key, place) },
            ("keymap", [var keys]) => config with { Keymap = OneOf(Config.Keymaps, key, keys) },
            ("profile" or "images" or "theme" or "video" or "keymap", _) => throw CommandException.Usage(
                $"{key} takes one value, not {words.Length}."
            ),
            _ when Keys.Contains(key) => config with
            {
                Players = new Dictionary<string, Player>(config.Players)
                {
                    [key["players.".Length..]] = new() { Command = ReadPlayer(words) },
                },
            },
            _ => throw Unknown(key, Keys),
        };

    /// <summary>The words, or one JSON array of them as in the file.</summary>
    private static string[] ReadPlayer(string[] words)
    {
        var command = words is [var one] && one.TrimStart().StartsWith('[') ? ReadArray(one) : words;
        return command is [{ Length: > 0 }, ..] ? command : throw CommandException.Usage("A player needs at least a program name.");
    }

    private static string[] ReadArray(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(word => word.GetString() ?? throw new JsonException("null"))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CommandException.Usage(
                "A player is a program and its arguments, or one JSON array of them such as [\"mpv\", \"--fs\", \"{url}\"]."
            );
        }
    }

    private static void Save(Session session, Func<Config, Config> change)
    {
        session.ConfigFile.Change(change);
        session.Out.Note($"Written to {LocalFiles.NameOf(session.ConfigFile.Path)}.");
    }

    private static CommandException Unknown(string key, IEnumerable<string> known) =>
        CommandException.Usage(
            Spelling.Nearest(key, known) is { } near
                ? $"\"{key}\" is not a setting. Did you mean \"{near}\"?"
                : $"\"{key}\" is not a setting. Known settings: {string.Join(", ", known.Distinct())}."
        );

    private static string OneOf(IReadOnlyList<string> known, string key, string word) =>
        known.Contains(word)
            ? word
            : throw CommandException.Usage($"{key} cannot be \"{word}\". Known values: {string.Join(", ", known)}.");
}
