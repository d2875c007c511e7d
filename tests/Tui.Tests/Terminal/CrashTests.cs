using StoriesCli.Testing;

namespace StoriesCli.Tui.Tests.Terminal;

public class CrashTests
{
    private static readonly string[] _flags =
    [
        "alternate_on",
        "mouse_any_flag",
        "mouse_all_flag",
        "mouse_sgr_flag",
        "keypad_cursor_flag",
        "keypad_flag",
        "cursor_flag",
    ];

    [Theory]
    [InlineData("ui", 134)]
    [InlineData("pool", 134)]
    [InlineData("thread", 134)]
    [InlineData("abort", 134)]
    [InlineData("usr1", 138)]
    public async Task A_crash_of_any_thread_and_a_signal_that_ends_at_once_leave_the_terminal_whole(string thread, int code)
    {
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!);
        environment["LC_ALL"] = "C.UTF-8";
        environment["DOTNET_DbgEnableMiniDump"] = "0";
        await using var terminal = await TmuxRobot.OpenAsync(100, 30, environment);
        var before = await StateAsync(terminal, "before");

        var folder = Directory.CreateTempSubdirectory("stories-crash-").FullName;
        var now = Path.Combine(folder, "now");
        await terminal.PressAsync($"dotnet {typeof(CrashTests).Assembly.Location} {thread} {now} 2>/dev/null; echo ended-$?", "Enter");
        await terminal.SeesAsync("card of ana", TimeSpan.FromSeconds(60));
        await File.WriteAllTextAsync(now, "");
        await terminal.SeesAsync($"ended-{code}", TimeSpan.FromSeconds(60));

        (await StateAsync(terminal, "after")).Should().Be(before);
        (await terminal.ScreenAsync()).Should().NotContain("card of ana");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> StateAsync(TmuxRobot terminal, string name)
    {
        await terminal.PressAsync($"clear; stty -a; echo told-{name}", "Enter");
        await terminal.SeesAsync($"\ntold-{name}");
        var settings = (await terminal.ScreenAsync()).Split("told-")[0];
        var flags = await Task.WhenAll(_flags.Select(async flag => $"{flag}={await terminal.AskAsync(flag)}"));
        return string.Join('\n', flags) + '\n' + settings;
    }
}
