using System.Diagnostics;
using StoriesCli.Testing;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>The terminal UI as a process of its own, with the real server, at the end of a line of any kind.</summary>
public sealed class QuietTerminalTests : IAsyncLifetime
{
    private static readonly TimeSpan _longRest = TimeSpan.FromSeconds(4);

    private ServerHost _host = null!;
    private ApiClient _ana = null!;
    private string _command = "";

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        _ana = await _host.SignInAsync("ana");
        _command = await Viewer.CommandAsync(_host, "dora");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task At_rest_nothing_runs_though_the_event_stream_is_open()
    {
        await _ana.Stories.PostTextAsync(new() { Text = "a card" }, ApiClient.NewIdempotencyKey());
        using var terminal = new PseudoTerminal(120, 40, _command);
        await terminal.SeesAsync("● live");
        await terminal.SeesAsync("a card");
        terminal.Press(" ");
        await terminal.SeesAsync("⏸");

        // Two a second are nothing; it was seven hundred.
        var samples = new List<(long At, long Wakeups)>();
        await Eventually.TrueAsync(() =>
        {
            terminal.Take();
            samples.Add((Stopwatch.GetTimestamp(), terminal.CountWakeups()));
            var (at, before) = samples.LastOrDefault(sample => Stopwatch.GetElapsedTime(sample.At) >= _longRest);
            return at != 0 && samples[^1].Wakeups - before <= 2 * Stopwatch.GetElapsedTime(at).TotalSeconds;
        });

        await _ana.Stories.PostTextAsync(new() { Text = "another" }, ApiClient.NewIdempotencyKey());
        await terminal.SeesAsync("1 new");
        terminal.Press("?");
        await terminal.SeesAsync("previous, or next story");
    }

    /// <summary>So it runs where Terminal.Gui cannot be made to sleep: after an update of it, or on a system without poll(2).</summary>
    [Fact]
    public async Task Where_it_cannot_wait_for_the_terminal_it_reads_it_again_and_again()
    {
        await _ana.Stories.PostTextAsync(new() { Text = "a card" }, ApiClient.NewIdempotencyKey());
        using var terminal = new PseudoTerminal(120, 40, $"{_command} {Viewer.Polls}");
        await terminal.SeesAsync("a card");
        await terminal.SeesAsync("● live");
        await terminal.SeesAsync("━");

        await _ana.Stories.PostTextAsync(new() { Text = "another" }, ApiClient.NewIdempotencyKey());
        await terminal.SeesAsync("1/2");
        terminal.Press("?");
        await terminal.SeesAsync("previous, or next story");
        terminal.Press("q");
        await terminal.Program.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        terminal.Program.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_terminal_that_is_closed_ends_it_at_once()
    {
        using var terminal = new PseudoTerminal(80, 24, _command);
        await terminal.SeesAsync("● live");
        var watch = Stopwatch.StartNew();

        terminal.HangUp();
        await terminal.Program.WaitForExitAsync();

        terminal.Program.ExitCode.Should().Be(129);
        // 50 ms on a machine that has nothing else to do; it was two seconds.
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task Each_time_that_it_goes_on_after_a_shell_it_gets_each_key()
    {
        using var terminal = new PseudoTerminal(80, 24, _command);
        await terminal.SeesAsync("● live");
        for (var i = 0; i < 30; i++)
        {
            await terminal.StopAsync();
            var before = terminal.Output.Length;

            terminal.Continue();

            await Eventually.TrueAsync(() =>
            {
                terminal.Take();
                return terminal.Output[before..].Contains("\e[?2026l", StringComparison.Ordinal);
            });
            terminal.Press("?");
            await terminal.SeesAsync("previous, or next story");
            terminal.Press("?");
            await terminal.SeesAsync("q quit");
        }
    }

    [Fact]
    public async Task A_slow_line_keeps_no_key_waiting_and_ends_whole()
    {
        using var terminal = await InSlowFrameAsync();

        terminal.Press("q");
        var taken = 0;
        await Eventually.TrueAsync(() =>
        {
            taken += terminal.Take(256);
            return terminal.Program.HasExited;
        });
        taken += terminal.Take();

        terminal.Program.ExitCode.Should().Be(0);
        taken.Should().BeLessThan(20_000, "the frame has more than 50,000 bytes");
        while (terminal.Take() > 0) { }
        terminal.Output.Should().Contain("\e\\\e[<u\e[0m\e[H\e[2J\e[?2004l");
        terminal
            .Output[terminal.Output.LastIndexOf("\e[2J", StringComparison.Ordinal)..]
            .Should()
            .ContainAll("\e[?1003l", "\e[?1049l", "\e[?25h", "\e[?1l\e>");
    }

    [Fact]
    public async Task After_a_slow_frame_comes_the_newest_one()
    {
        using var terminal = await InSlowFrameAsync();

        terminal.Press("n");
        terminal.Press("a word");

        await terminal.SeesAsync("a word");
    }

    /// <summary>A terminal that has taken the beginning of a frame which is far larger than what its line holds.</summary>
    private async Task<PseudoTerminal> InSlowFrameAsync()
    {
        await _ana.Stories.PostTextAsync(new() { Text = Colourful() }, ApiClient.NewIdempotencyKey());
        var terminal = new PseudoTerminal(200, 50, _command);
        await terminal.SeesAsync("● live");
        await terminal.SeesAsync("the bottom");
        terminal.Press("?");
        await terminal.SeesAsync("previous, or next story");
        // Back to the card.
        terminal.Press("?");
        var taken = 0;
        await Eventually.TrueAsync(() => (taken += terminal.Take(256)) > 2000);
        return terminal;
    }

    /// <summary>Each letter of it has a colour of its own.</summary>
    private static string Colourful() =>
        string.Join(
            '\n',
            Enumerable
                .Range(0, 40)
                .Select(row => string.Concat(Enumerable.Range(0, 60).Select(column => $"\e[38;2;{4 * column};{6 * row};{column ^ row}mx")))
                .Append("the bottom")
        );
}
