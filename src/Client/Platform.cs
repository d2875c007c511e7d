namespace StoriesCli.Client;

/// <summary>An operating system that the client is built for.</summary>
public enum Platform
{
    /// <summary>Linux.</summary>
    Linux,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>Windows.</summary>
    Windows,
}

/// <summary>Choices that depend on the operating system alone. They take it as an argument, so that tests run them for each.</summary>
public static class Platforms
{
    /// <summary>The operating system that runs this process.</summary>
    public static Platform Current { get; } =
        OperatingSystem.IsWindows() ? Platform.Windows
        : OperatingSystem.IsMacOS() ? Platform.MacOS
        : Platform.Linux;

    /// <summary>The program that opens an address in the user's browser or viewer.</summary>
    public static string Opener(Platform platform) =>
        platform switch
        {
            Platform.Windows => "explorer.exe",
            Platform.MacOS => "open",
            _ => "xdg-open",
        };

    /// <summary>The shell's program and arguments that run one line.</summary>
    public static string[] Shell(Platform platform, string line) =>
        platform == Platform.Windows ? ["cmd.exe", "/d", "/c", line] : ["/bin/sh", "-c", line];

    /// <summary>The file names that a program can have.</summary>
    public static string[] ProgramNames(Platform platform, string program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return platform == Platform.Windows && !Path.HasExtension(program) ? [program + ".exe", program + ".com"] : [program];
    }

    /// <summary>Whether a window can be opened; on Linux only where a display is named.</summary>
    public static bool HasDisplay(Platform platform, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return platform != Platform.Linux || environment("DISPLAY") is { Length: > 0 } || environment("WAYLAND_DISPLAY") is { Length: > 0 };
    }

    /// <summary>The folder for the user's configuration: <c>$XDG_CONFIG_HOME</c>, else <c>%APPDATA%</c> on Windows and <c>~/.config</c> elsewhere.</summary>
    public static string ConfigFolder(Platform platform, Func<string, string?> environment) =>
        UserFolder(platform, environment, "XDG_CONFIG_HOME", "APPDATA", ".config");

    /// <summary>The folder for caches: <c>$XDG_CACHE_HOME</c>, else <c>%LOCALAPPDATA%</c> on Windows and <c>~/.cache</c> elsewhere.</summary>
    public static string CacheFolder(Platform platform, Func<string, string?> environment) =>
        UserFolder(platform, environment, "XDG_CACHE_HOME", "LOCALAPPDATA", ".cache");

    private static string UserFolder(Platform platform, Func<string, string?> environment, string xdg, string windows, string unix)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment(xdg) is { Length: > 0 } chosen && Path.IsPathRooted(chosen))
        {
            return chosen;
        }
        var home = environment("HOME") is { Length: > 0 } set ? set : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return platform != Platform.Windows ? Path.Combine(home, unix)
            : environment(windows) is { Length: > 0 } folder ? folder
            : Path.Combine(home, "AppData", windows == "APPDATA" ? "Roaming" : "Local");
    }
}
