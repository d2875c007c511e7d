using StoriesCli.Tui.Images;
using StoriesCli.Tui.Terminal;

namespace StoriesCli.Tui.Tests.Images;

public class GraphicsChoiceTests
{
    private static readonly TmuxFacts _kittyAroundTmux = new("kitty(0.41.1)", "xterm-kitty", "256,RGB,title", PassesThrough: true);

    [Theory]
    [InlineData("kitty(0.41.1)", "xterm-kitty", BlockShape.Octant)]
    [InlineData("kitty(0.40.0)", "xterm-kitty", BlockShape.Octant)]
    [InlineData("kitty(0.39.1)", "xterm-kitty", BlockShape.Sextant)]
    [InlineData("kitty(0.9)", "xterm-kitty", BlockShape.Quadrant)]
    [InlineData("foot(1.16.2)", "foot", BlockShape.Sextant)]
    [InlineData("WezTerm 20240203-110809-5046fc22", "xterm-256color", BlockShape.Sextant)]
    [InlineData("ghostty 1.1.3", "xterm-ghostty", BlockShape.Sextant)]
    [InlineData("VTE(7600)", "xterm-256color", BlockShape.Sextant)]
    [InlineData("XTerm(379)", "xterm", BlockShape.Quadrant)]
    [InlineData("footling", "xterm", BlockShape.Quadrant)]
    [InlineData(null, "xterm-256color", BlockShape.Quadrant)]
    [InlineData(null, "linux", BlockShape.Half)]
    [InlineData(null, "screen.linux", BlockShape.Half)]
    public void The_terminals_name_says_which_blocks_it_has(string? name, string term, object shape) =>
        GraphicsChoice.ShapeFor(ImageMode.Auto, Environment(("TERM", term)), new() { Name = name }).Should().Be((BlockShape)shape);

    [Theory]
    [InlineData(ImageMode.Octants, BlockShape.Octant)]
    [InlineData(ImageMode.Sextants, BlockShape.Sextant)]
    [InlineData(ImageMode.Blocks, BlockShape.Quadrant)]
    public void The_setting_says_it_louder(object mode, object shape)
    {
        GraphicsChoice.ShapeFor((ImageMode)mode, Environment(), new() { Name = "kitty(0.41.1)" }).Should().Be((BlockShape)shape);
        GraphicsChoice
            .KindFor((ImageMode)mode, Environment(), new() { HasKitty = true, IsComplete = true })
            .Should()
            .Be(GraphicsKind.Blocks);
    }

    [Theory]
    [InlineData("iTerm2 3.5.0", "", GraphicsKind.Iterm)]
    [InlineData("WezTerm 20240203", "", GraphicsKind.Iterm)]
    [InlineData("mintty 3.7.4", "", GraphicsKind.Iterm)]
    [InlineData(null, "TERM_PROGRAM=iTerm.app", GraphicsKind.Iterm)]
    [InlineData(null, "TERM_PROGRAM=WarpTerminal", GraphicsKind.Iterm)]
    [InlineData(null, "LC_TERMINAL=iTerm2", GraphicsKind.Iterm)]
    [InlineData(null, "TERM_PROGRAM=Apple_Terminal", GraphicsKind.Blocks)]
    [InlineData("XTerm(379)", "TERM_PROGRAM=iTerm.app", GraphicsKind.Blocks)]
    [InlineData("xterm.js(5.6.0)", "TERM_PROGRAM=vscode", GraphicsKind.Blocks)]
    [InlineData("iTerm2 3.5.0", "STY=1.pts", GraphicsKind.Blocks)]
    [InlineData("tmux 3.3a", "TMUX=/tmp/tmux,1,0;LC_TERMINAL=iTerm2", GraphicsKind.Blocks)]
    public void A_terminal_with_inline_images_is_known_by_its_name(string? name, string variables, object kind)
    {
        var environment = Environment([
            .. variables.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).Select(one => (one[0], one[1])),
        ]);

        GraphicsChoice.KindFor(ImageMode.Auto, environment, new() { Name = name, IsComplete = true }).Should().Be((GraphicsKind)kind);
        GraphicsChoice
            .KindFor(ImageMode.Auto, environment, new() { Name = name, IsComplete = false })
            .Should()
            .Be(GraphicsKind.Blocks, "its word may still come");
    }

    [Fact]
    public void VS_Code_is_sent_files_only_while_its_images_are_on() =>
        GraphicsChoice
            .KindFor(ImageMode.Auto, Environment(("TERM_PROGRAM", "vscode")), new() { HasSixel = true, IsComplete = true })
            .Should()
            .Be(GraphicsKind.Iterm);

    [Fact]
    public void What_draws_more_colours_or_over_the_cells_comes_first()
    {
        var all = new TerminalFacts
        {
            Name = "WezTerm 1",
            HasKitty = true,
            HasSixel = true,
            IsComplete = true,
        };

        GraphicsChoice.KindFor(ImageMode.Auto, Environment(), all).Should().Be(GraphicsKind.Kitty);
        GraphicsChoice.KindFor(ImageMode.Auto, Environment(), all with { HasKitty = false }).Should().Be(GraphicsKind.Iterm);
        GraphicsChoice
            .KindFor(ImageMode.Auto, Environment(), all with { HasKitty = false, Name = "foot(1.1)" })
            .Should()
            .Be(GraphicsKind.Sixel);
    }

    [Theory]
    [InlineData("kitty(0.41.1)", "xterm-256color", "256,RGB", true, GraphicsKind.Placeholders)]
    [InlineData("ghostty 1.1.3", "xterm-ghostty", "RGB", true, GraphicsKind.Placeholders)]
    [InlineData("", "xterm-kitty", "RGB", true, GraphicsKind.Placeholders)]
    [InlineData("kitty(0.41.1)", "xterm-kitty", "RGB", false, GraphicsKind.Blocks)]
    [InlineData("kitty(0.26.5)", "xterm-kitty", "RGB", true, GraphicsKind.Blocks)]
    [InlineData("kitty(0.41.1)", "xterm-256color", "256", true, GraphicsKind.Blocks)]
    [InlineData("WezTerm 20240203", "xterm-256color", "RGB", true, GraphicsKind.Blocks)]
    [InlineData("tmux 3.3a", "tmux-256color", "RGB", true, GraphicsKind.Blocks)]
    public void In_tmux_the_terminal_around_it_decides(string name, string term, string features, bool passes, object kind) =>
        GraphicsChoice
            .KindFor(ImageMode.Auto, Environment(("TMUX", "/tmp/tmux-0/default,1,0")), new() { Tmux = new(name, term, features, passes) })
            .Should()
            .Be((GraphicsKind)kind);

    [Fact]
    public void Kittys_graphics_are_wanted_in_tmux_only_past_it_and_after_it_was_asked()
    {
        var environment = Environment(("TMUX", "/tmp/tmux-0/default,1,0"));

        GraphicsChoice.KindFor(ImageMode.Kitty, environment, new()).Should().Be(GraphicsKind.Blocks);
        GraphicsChoice
            .KindFor(ImageMode.Kitty, environment, new() { Tmux = _kittyAroundTmux with { Terminal = "other" } })
            .Should()
            .Be(GraphicsKind.Placeholders);
        GraphicsChoice.KindFor(ImageMode.Kitty, Environment(), new()).Should().Be(GraphicsKind.Kitty);
    }

    [Theory]
    [InlineData("kitty(0.41.1)|xterm-kitty|256,RGB,title\non\n", true)]
    [InlineData("kitty(0.41.1)|xterm-kitty|256,RGB,title\nall\n", true)]
    [InlineData("kitty(0.41.1)|xterm-kitty|256,RGB,title\noff\n", false)]
    [InlineData("kitty(0.41.1)|xterm-kitty|256,RGB,title\n", true)]
    public void Tmux_says_it_in_two_lines(string answer, bool passes) =>
        Tmux.Parse(answer).Should().Be(_kittyAroundTmux with { PassesThrough = passes });

    [Theory]
    [InlineData("")]
    [InlineData("no server running on /tmp/tmux-0/default\n")]
    public void And_what_is_not_that_says_nothing(string answer) => Tmux.Parse(answer).Should().BeNull();

    [Theory]
    [InlineData("\eP>|kitty(0.41.1)", "kitty(0.41.1)")]
    [InlineData("\eP>|XTerm(379)\e\\", "XTerm(379)")]
    [InlineData("\eP>|", "")]
    [InlineData("\eP1$r0m", null)]
    public void A_terminal_tells_its_name(string answer, string? name) => TerminalName.Of(answer).Should().Be(name);

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(one => one.Name, one => one.Value).GetValueOrDefault;
}
