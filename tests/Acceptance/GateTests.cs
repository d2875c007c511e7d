using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>A job that waits for people outlasts what happens to its line.</summary>
public sealed class GateTests
{
    [Fact]
    public async Task A_wait_goes_on_when_its_line_is_cut()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        using var line = new CutLine(server.Url);
        var gate = (await ana.StoriesAsync("post", "--text", "go?", "--poll", "Go?", "--option", "yes", "--option", "no", "--quiet"))
            .Succeeded()
            .Out.Trim();
        var waiting = ana.RunAsync(
            "env",
            [
                $"STORIES_URL={line.Url}",
                "STORIES_TOKEN=" + ana.Token,
                Published.Stories,
                "wait",
                gate,
                "--acks",
                "1",
                "--poll",
                "yes>=1",
                "--timeout",
                "60s",
                "--retry",
                "1",
            ]
        );

        (await bob.StoriesAsync("ack", gate)).Succeeded();
        line.Cut();
        (await bob.StoriesAsync("vote", gate, "yes")).Succeeded();

        (await waiting).Succeeded().Out.Should().Contain(gate);
    }

    [Fact]
    public async Task Who_waits_in_the_terminal_UI_is_rung_for_while_looking_elsewhere()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        var release = (await ana.StoriesAsync("post", "--text", "Release 1.4", "--quiet")).Succeeded().Out.Trim();
        await using var terminal = await TmuxRobot.OpenAsync(100, 30, ana.Environment);
        await terminal.PressAsync("stories", "Enter");
        await terminal.SeesAsync("Release 1.4");

        await terminal.PressAsync("w");
        await terminal.SeesAsync("Ring once this story has");
        await terminal.PressAsync("1", "Down", "Down", "Down", "Enter");
        await terminal.SeesAsync("waiting: 0 of 1 acknowledgements");
        (await bob.StoriesAsync("post", "--text", "something else")).Succeeded();
        await terminal.SeesAsync("◉ bob");
        await terminal.PressAsync("Up", "Enter");
        await terminal.SeesAsync("something else");
        (await terminal.AskAsync("window_bell_flag")).Should().Be("0");
        (await bob.StoriesAsync("ack", release)).Succeeded();

        await terminal.SeesAsync("✓ \"Release 1.4\": 1 of 1 acknowledgements");
        (await terminal.AskAsync("window_bell_flag")).Should().Be("1");
    }
}
