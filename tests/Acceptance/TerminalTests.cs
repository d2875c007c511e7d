using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

public sealed class TerminalTests
{
    private const string Menu = "\u001b[29~",
        HomeOfRxvt = "\u001b[7~";

    [Fact]
    public async Task A_key_that_nobody_knows_changes_nothing_and_the_terminal_is_left_as_it_was()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        (await ana.StoriesAsync("post", "--text", "first card")).Succeeded();
        (await ana.StoriesAsync("post", "--text", "second card")).Succeeded();
        await using var terminal = await TmuxRobot.OpenAsync(100, 24, ana.Environment);
        await terminal.PressAsync("stories", "Enter");
        await terminal.SeesAsync("first card");
        await terminal.PressAsync("Space");
        await terminal.SeesAsync("⏸");

        await terminal.PressAsync("-l", Menu);
        await terminal.PressAsync("-l", HomeOfRxvt);
        await terminal.PressAsync("Right");

        await terminal.SeesAsync("second card");
        await terminal.PressAsync("q");
        await terminal.SeesAsync("ready>");
        await terminal.SeesNoMoreAsync("second card");
        foreach (var flag in (string[])["alternate_on", "mouse_any_flag", "keypad_cursor_flag", "keypad_flag"])
        {
            (await terminal.AskAsync(flag)).Should().Be("0", flag);
        }
    }

    [Fact]
    public async Task A_command_leaves_the_terminals_keys_alone()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await using var terminal = await TmuxRobot.OpenAsync(100, 24, ana.Environment);

        await terminal.PressAsync("stories whoami; echo done-$?", "Enter");

        await terminal.SeesAsync("done-0");
        (await terminal.AskAsync("keypad_cursor_flag")).Should().Be("0");
    }
}
