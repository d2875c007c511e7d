using System.Diagnostics;
using System.Text.Json.Nodes;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>However the viewer ends, the terminal is as it was found.</summary>
public sealed class LeavingTests : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "alternate_on",
        "mouse_any_flag",
        "mouse_standard_flag",
        "mouse_button_flag",
        "mouse_all_flag",
        "mouse_sgr_flag",
        "keypad_cursor_flag",
        "keypad_flag",
        "insert_flag",
        "wrap_flag",
        "origin_flag",
        "cursor_flag",
    ];

    private RealServer _server = null!;
    private Person _ana = null!;
    private TmuxRobot _terminal = null!;

    public async Task InitializeAsync()
    {
        _server = await RealServer.StartAsync();
        _ana = await _server.JoinAsync("ana");
        (await _ana.StoriesAsync("post", Published.Sample("photo.jpg"), "--caption", "the only picture")).Succeeded();
        _terminal = await TmuxRobot.OpenAsync(100, 30, _ana.Environment);
    }

    public async Task DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("q", 0)]
    [InlineData("C-c", 0)]
    public async Task By_a_key(string key, int exitCode)
    {
        var before = await OpenAsync();

        await _terminal.PressAsync(key);

        await LeftAsync(before, exitCode);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("QUIT", 131)]
    public async Task By_a_signal(string signal, int exitCode)
    {
        var before = await OpenAsync();

        await SendAsync(signal);

        await LeftAsync(before, exitCode);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_player_in_the_terminal_and_the_viewer_goes_on()
    {
        var config = JsonNode.Parse(await File.ReadAllTextAsync(_ana.ConfigPath))!;
        config["players"] = new JsonObject
        {
            ["image"] = new JsonObject
            {
                ["command"] = new JsonArray("sh", "-c", "echo now-playing; sleep 600", "sh", "{url}"),
                ["terminal"] = true,
            },
        };
        await File.WriteAllTextAsync(_ana.ConfigPath, config.ToJsonString());
        var before = await OpenAsync();
        await _terminal.PressAsync("p");
        await _terminal.SeesAsync("now-playing");

        await _terminal.PressAsync("C-c");

        await _terminal.SeesAsync("the only picture");
        await _terminal.PressAsync("q");
        await LeftAsync(before, 0);
    }

    [Theory]
    [InlineData("kitty")]
    [InlineData("sixel")]
    public async Task With_a_picture_in_the_terminals_own_graphics(string images)
    {
        var before = await OpenAsync($"--images {images}");

        await SendAsync("TERM");

        await LeftAsync(before, 143);
    }

    [Fact]
    public async Task With_the_server_gone_in_the_middle()
    {
        var before = await OpenAsync();
        await _server.KillAsync();
        await _terminal.SeesAsync("offline");

        await _terminal.PressAsync("q");

        await LeftAsync(before, 0);
        await _server.RestartAsync();
    }

    [Fact]
    public async Task A_stop_gives_the_terminal_back_and_fg_takes_it_again()
    {
        var before = await OpenAsync();

        await _terminal.PressAsync("C-z");
        await _terminal.SeesAsync("ended-148");
        await _terminal.SeesNoMoreAsync("the only picture");
        (await StateAsync("stopped")).Should().Be(before);

        await _terminal.PressAsync("fg; echo ended-$?", "Enter");
        await _terminal.SeesAsync("the only picture");
        await _terminal.PressAsync("q");
        await LeftAsync(before, 0);
    }

    /// <summary>Opens the viewer, and says how the terminal was before.</summary>
    private async Task<string> OpenAsync(string options = "")
    {
        var before = await StateAsync("before");
        await _terminal.PressAsync($"stories {options}; echo ended-$?", "Enter");
        await _terminal.SeesAsync("the only picture");
        (await _terminal.AskAsync("alternate_on")).Should().Be("1");
        return before;
    }

    private async Task LeftAsync(string before, int exitCode)
    {
        await _terminal.SeesAsync($"ended-{exitCode}");
        (await StateAsync("after")).Should().Be(before);
    }

    /// <summary>The terminal's flags, and all that <c>stty</c> knows of it.</summary>
    private async Task<string> StateAsync(string name)
    {
        var path = Path.Combine(_ana.Home, name);
        await _terminal.PressAsync($"stty -a > {path}; echo told-{name}", "Enter");
        await _terminal.SeesAsync($"\ntold-{name}");
        var flags = await Task.WhenAll(Flags.Select(async flag => $"{flag}={await _terminal.AskAsync(flag)}"));
        return string.Join('\n', flags) + '\n' + await File.ReadAllTextAsync(path);
    }

    private async Task SendAsync(string signal)
    {
        var shell = await _terminal.AskAsync("pane_pid");
        var viewer = (await CommandRun.OfAsync(new ProcessStartInfo("pgrep", ["-P", shell, "-x", "stories"]))).Succeeded().Out.Trim();
        (await CommandRun.OfAsync(new ProcessStartInfo("kill", ["-s", signal, viewer]))).Succeeded();
    }
}
