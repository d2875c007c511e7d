using StoriesCli.Testing;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Terminal;

namespace StoriesCli.Tui.Tests.Terminal;

public class PictureReportTests
{
    private static readonly TmuxFacts _kitty = new("kitty(0.41.1)", "xterm-kitty", "RGB", PassesThrough: true);

    [Fact]
    public async Task A_terminal_is_asked_and_left_as_it_was()
    {
        using var terminal = new PseudoTerminal(120, 40, $"sh -c \"{Viewer.ReportCommand}; stty -a; read line; echo got \\$line\"");
        await Eventually.TrueAsync(() => terminal.Take() > 0 && terminal.Output.Contains("\e[c", StringComparison.Ordinal));

        terminal.Press("\e_Gi=31;OK\e\\\eP>|kitty(0.41.1)\e\\");
        terminal.Press("\e[?62;c");

        await terminal.SeesAsync("found: the picture itself, by kitty's graphics, in kitty(0.41.1)");
        await terminal.SeesAsync(" icanon");
        await terminal.SeesAsync(" echo ");
        terminal.Press("words\r");
        await terminal.SeesAsync("got words");
    }

    [Fact]
    public async Task A_terminal_that_says_nothing_has_quadrants_after_a_second()
    {
        using var terminal = new PseudoTerminal(120, 40, Viewer.ReportCommand);

        await terminal.SeesAsync("found: quadrants, all colours");
    }

    [Theory]
    [InlineData(ImageMode.Auto, "the picture itself, by kitty's placeholders in tmux", null)]
    [InlineData(ImageMode.Blocks, "quadrants, all colours", null)]
    [InlineData(ImageMode.Sextants, "sextants, all colours", null)]
    [InlineData(ImageMode.Octants, "octants, all colours", null)]
    [InlineData(ImageMode.Iterm, "the picture itself, by iTerm2's inline images", null)]
    [InlineData(ImageMode.Off, "off: caption and file name instead", null)]
    public void The_setting_is_what_is_said(ImageMode mode, string found, string? advice) =>
        Describe(mode, _kitty).Should().Be(new PictureReport(found, advice));

    [Fact]
    public void What_is_missing_in_tmux_is_a_line_for_its_configuration()
    {
        Describe(ImageMode.Auto, _kitty with { PassesThrough = false }).Advice.Should().EndWith(": set -g allow-passthrough on");
        Describe(ImageMode.Kitty, _kitty with { PassesThrough = false }).Advice.Should().EndWith(": set -g allow-passthrough on");
        Describe(ImageMode.Auto, _kitty with { Features = "256", Term = "xterm-256color" })
            .Advice.Should()
            .EndWith(": set -as terminal-features \",xterm-256color:RGB\"");
        Describe(ImageMode.Auto, _kitty with { Terminal = "XTerm(379)", PassesThrough = false })
            .Should()
            .Be(new PictureReport("quadrants, all colours", null), "this terminal would draw nothing more");
    }

    private static PictureReport Describe(ImageMode mode, TmuxFacts tmux) =>
        PictureReport.Describe(mode, name => name == "TMUX" ? "/tmp/tmux-0/default,1,0" : null, new() { Tmux = tmux }, ColourDepth.True);
}
