using System.Diagnostics;

namespace StoriesCli.Testing;

/// <summary>A user at a real terminal: a separate tmux with one shell, which the test types into and reads as text.</summary>
public sealed class TmuxRobot : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-tmux-").FullName;
    private readonly IReadOnlyDictionary<string, string> _environment;

    private TmuxRobot(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    /// <summary>Opens a terminal of this size with a plain shell in it.</summary>
    public static async Task<TmuxRobot> OpenAsync(int columns, int rows, IReadOnlyDictionary<string, string> environment)
    {
        var robot = new TmuxRobot(environment);
        await robot.TmuxAsync("-f", "/dev/null", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", "PS1='ready> ' exec sh");
        await robot.SeesAsync("ready>");
        return robot;
    }

    /// <summary>Presses keys by their tmux names, or types text as it is.</summary>
    public Task PressAsync(params string[] keys) => TmuxAsync(["send-keys", .. keys]);

    public Task<string> ScreenAsync() => TmuxAsync("capture-pane", "-p");

    /// <summary>Sets an option of its window, such as <c>alternate-screen</c>.</summary>
    public Task SetAsync(string option, string value) => TmuxAsync("set-option", "-gw", option, value);

    /// <summary>A variable of the terminal, such as <c>alternate_on</c>.</summary>
    public async Task<string> AskAsync(string variable) => (await TmuxAsync("display-message", "-p", $"#{{{variable}}}")).Trim();

    /// <summary>What one of its commands prints.</summary>
    public Task<string> ReadAsync(params string[] arguments) => TmuxAsync(arguments);

    /// <summary>What was copied last; empty if nothing was.</summary>
    public async Task<string> BufferAsync() => (await TmuxAsync("list-buffers")).Length == 0 ? "" : await TmuxAsync("show-buffer");

    /// <exception cref="TimeoutException">The text never appeared. The message shows the last screen.</exception>
    public Task SeesAsync(string text, TimeSpan? within = null) =>
        SeesAsync(screen => screen.Contains(text, StringComparison.Ordinal), text, within);

    public Task SeesNoMoreAsync(string text, TimeSpan? within = null) =>
        SeesAsync(screen => !screen.Contains(text, StringComparison.Ordinal), $"no {text}", within);

    public async ValueTask DisposeAsync()
    {
        await TmuxAsync("kill-server");
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SeesAsync(Func<string, bool> condition, string what, TimeSpan? within)
    {
        var screen = "";
        try
        {
            await Eventually.TrueAsync(async () => condition(screen = await ScreenAsync()), within);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the terminal never showed {what}; it shows:\n{screen}");
        }
    }

    private async Task<string> TmuxAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-u", "-S", Path.Combine(_folder, "socket"), .. arguments]);
        start.Environment.Remove("TMUX");
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }
        return (await CommandRun.OfAsync(start)).Succeeded().Out;
    }
}
