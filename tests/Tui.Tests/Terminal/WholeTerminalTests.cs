using System.Diagnostics;
using System.Globalization;
using StoriesCli.Testing;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>What others do to the terminal, and how it is left.</summary>
public sealed class WholeTerminalTests : IAsyncLifetime
{
    private ServerHost _host = null!;
    private TmuxRobot _terminal = null!;
    private string _command = "";

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        var ana = await _host.SignInAsync("ana");
        _command = await Viewer.CommandAsync(_host, "dora");
        await ana.Stories.PostTextAsync(new() { Text = "card of ana" }, ApiClient.NewIdempotencyKey());
        _terminal = await TmuxRobot.OpenAsync(100, 30, new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" });
    }

    public async Task DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task After_a_stop_and_fg_it_has_keys_modes_and_picture_again()
    {
        await StartAsync();
        var before = await FlagsAsync();

        var viewer = await ViewerAsync();
        (await CommandRun.OfAsync(new ProcessStartInfo("kill", ["-STOP", viewer]))).Succeeded();
        // The shell's words begin where the cursor was, and may be cut in two.
        await Eventually.TrueAsync(async () =>
            (await _terminal.ScreenAsync()).Replace("\n", "", StringComparison.Ordinal).Contains("Stopped", StringComparison.Ordinal)
        );
        // What a shell leaves behind: its own mode, and its own lines on our screen. Until then Return is no end of a line.
        await _terminal.PressAsync("stty sane; printf '\\033[?1049l\\033[?1003l\\033[?1006l\\033[?2004l'; clear; fg", "C-j");

        await _terminal.SeesAsync("card of ana");
        await _terminal.SeesAsync("● live");
        await Eventually.TrueAsync(async () => await FlagsAsync() == before);
        await _terminal.PressAsync("?");
        await _terminal.SeesAsync("previous, or next story");
        await _terminal.PressAsync("q");
        await _terminal.SeesNoMoreAsync("● live");
        await _terminal.SeesAsync("ready>");
    }

    [Fact]
    public async Task What_another_program_wrote_on_the_screen_goes_with_Ctrl_L()
    {
        await StartAsync();
        var device = await _terminal.AskAsync("pane_tty");
        await File.AppendAllTextAsync(device, "\e[12;10HFOREIGN WORDS\e[?1003l");
        await _terminal.SeesAsync("FOREIGN WORDS");

        await _terminal.PressAsync("C-l");

        await _terminal.SeesNoMoreAsync("FOREIGN WORDS");
        await _terminal.SeesAsync("card of ana");
        await Eventually.TrueAsync(async () => await _terminal.AskAsync("mouse_all_flag") == "1");
        await File.AppendAllTextAsync(device, "\e[12;10HFOREIGN WORDS");
        await _terminal.SeesAsync("FOREIGN WORDS");
        await _terminal.PressAsync("n");
        await _terminal.SeesAsync("[ Post ]");
        await _terminal.PressAsync("C-l");
        await _terminal.SeesNoMoreAsync("FOREIGN WORDS");
        await _terminal.SeesAsync("[ Post ]");
    }

    [Theory]
    [InlineData("q")]
    [InlineData("kill")]
    public async Task A_terminal_without_an_alternate_screen_is_left_empty_with_the_prompt_on_top(string how)
    {
        await _terminal.SetAsync("alternate-screen", "off");
        await StartAsync();

        if (how == "q")
        {
            await _terminal.PressAsync("q");
        }
        else
        {
            (await CommandRun.OfAsync(new ProcessStartInfo("kill", ["-USR1", await ViewerAsync()]))).Succeeded();
        }

        await _terminal.SeesAsync("ended-");
        (await _terminal.ScreenAsync()).Should().NotContain("card of ana").And.NotContain("live");
        (await _terminal.AskAsync("cursor_y")).Should().BeOneOf("0", "1", "2");
    }

    private async Task StartAsync()
    {
        await _terminal.PressAsync($"{_command}; echo ended-$?", "Enter");
        await _terminal.SeesAsync("● live");
        await _terminal.SeesAsync("card of ana");
    }

    private async Task<string> ViewerAsync()
    {
        var shell = await _terminal.AskAsync("pane_pid");
        var children = await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{shell}/task/{shell}/children"));
        return children.Trim().Split(' ')[0];
    }

    private async Task<string> FlagsAsync() =>
        string.Join(
            ' ',
            await Task.WhenAll(
                new[] { "alternate_on", "mouse_all_flag", "mouse_sgr_flag", "cursor_flag" }.Select(async flag =>
                    $"{flag}={await _terminal.AskAsync(flag)}"
                )
            )
        );
}
