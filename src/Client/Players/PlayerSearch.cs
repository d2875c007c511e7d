using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>Chooses the external player for a kind of story.</summary>
/// <param name="players">What the configuration says, by kind.</param>
/// <param name="searchPath">Folders that hold programs, as in <c>PATH</c>.</param>
/// <param name="hasDisplay">Whether a window can be opened; without one, as over SSH, only players that draw in the terminal are found.</param>
/// <param name="hasTerminal">Whether there is a terminal to draw in.</param>
public sealed class PlayerSearch(
    IReadOnlyDictionary<string, Player> players,
    string? searchPath,
    bool hasDisplay = true,
    bool hasTerminal = true
)
{
    private static readonly Player Mpv = new() { Command = ["mpv", "--", "{url}"] };
    private static readonly Player Vlc = new() { Command = ["vlc", "--play-and-exit", "--", "{url}"] };
    private static readonly Player Ffplay = new() { Command = ["ffplay", "-autoexit", "-loglevel", "error", "--", "{url}"] };
    private static readonly Player MpvInTerminal = new()
    {
        Command = ["mpv", "--vo=tct", "--really-quiet", "--", "{url}"],
        Terminal = true,
    };
    private static readonly Player MpvSound = new() { Command = ["mpv", "--no-video", "--really-quiet", "--", "{url}"] };
    private static readonly Player FfplaySound = new()
    {
        Command = ["ffplay", "-nodisp", "-autoexit", "-loglevel", "error", "--", "{url}"],
    };

    // These two open files only, or addresses only where they were built so.
    private static readonly Player Imv = new() { Command = ["imv", "--", "{file}"] };
    private static readonly Player Feh = new() { Command = ["feh", "--", "{file}"] };

    /// <summary>Searches as this process would: by <c>PATH</c>, and by whether there is a display.</summary>
    /// <param name="players">What the configuration says, by kind.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="hasTerminal">Whether standard output is a terminal.</param>
    public static PlayerSearch Here(IReadOnlyDictionary<string, Player> players, Func<string, string?> environment, bool hasTerminal = true)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new(players, environment("PATH"), Platforms.HasDisplay(Platforms.Current, environment), hasTerminal);
    }

    /// <summary>The configured player, or the first known one that is installed, or the system's opener; null when there is none.</summary>
    /// <param name="kind">One of <see cref="StoryKinds"/>; text and recordings have a player only when it is configured.</param>
    public Player? Find(string kind)
    {
        if (players.TryGetValue(kind, out var configured))
        {
            return configured;
        }
        Player[] known = kind switch
        {
            // Nothing needs to be seen of what is heard.
            StoryKinds.Audio when !hasDisplay => hasTerminal ? [MpvInTerminal, FfplaySound] : [MpvSound, FfplaySound],
            StoryKinds.Video or StoryKinds.Image when !hasDisplay => hasTerminal ? [MpvInTerminal] : [],
            StoryKinds.Video or StoryKinds.Audio => [Mpv, Vlc, Ffplay, Opener],
            StoryKinds.Image => [Mpv, Imv, Feh, Opener],
            _ => [],
        };
        return known.FirstOrDefault(player => IsInstalled(player.Command[0], searchPath));
    }

    /// <summary>The mpv that decodes videos for a picture in this terminal.</summary>
    /// <param name="always">
    /// Whether to look for it at all events; otherwise only where no window can be opened, and no player is configured for videos.
    /// </param>
    /// <returns>Null when videos are played otherwise.</returns>
    public string? FindDecoder(bool always) =>
        (always || !(hasDisplay || players.ContainsKey(StoryKinds.Video))) && hasTerminal && IsInstalled(Mpv.Command[0], searchPath)
            ? Mpv.Command[0]
            : null;

    private static Player Opener => new() { Command = [Platforms.Opener(Platforms.Current), "{url}"] };

    /// <summary>Whether a program can be run by its name.</summary>
    /// <param name="program">Its name, or its path.</param>
    /// <param name="searchPath">Folders that hold programs, as in <c>PATH</c>.</param>
    public static bool IsInstalled(string program, string? searchPath)
    {
        if (program.Contains('/', StringComparison.Ordinal) || Path.IsPathRooted(program))
        {
            return IsProgram(program);
        }
        var names = Platforms.ProgramNames(Platforms.Current, program);
        return (searchPath ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .Any(IsProgram);
    }

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (
            OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0
        );
}
