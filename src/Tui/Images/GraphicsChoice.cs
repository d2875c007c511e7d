namespace StoriesCli.Tui.Images;

/// <summary>Chooses how pictures are drawn: by the viewer's setting, else by what the terminal says of itself.</summary>
internal static class GraphicsChoice
{
    private static readonly Version _firstKittyWithOctants = new(0, 40),
        _firstKittyWithSextants = new(0, 20);

    /// <summary>Those that draw sextants themselves, whatever their font has.</summary>
    private static readonly string[] _withSextants = ["foot", "WezTerm", "ghostty", "VTE", "contour"];

    /// <summary>By XTVERSION. VS Code's terminal is not among them: its name is that of a library, and its images can be off.</summary>
    private static readonly string[] _withInlineImages = ["iTerm2", "WezTerm", "mintty", "Warp"];

    /// <summary>By <c>TERM_PROGRAM</c>, where the terminal does not answer XTVERSION.</summary>
    private static readonly string[] _programsWithInlineImages = ["iTerm.app", "WezTerm", "WarpTerminal", "mintty"];

    public static bool IsTmux(Func<string, string?> environment) => !string.IsNullOrEmpty(environment("TMUX"));

    /// <param name="mode">The viewer's setting.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="facts">What is known yet.</param>
    public static GraphicsKind KindFor(ImageMode mode, Func<string, string?> environment, TerminalFacts facts) =>
        mode switch
        {
            // Nothing else of kitty's gets through tmux, and this not before tmux has been asked.
            ImageMode.Kitty when IsTmux(environment) => facts.Tmux is null ? GraphicsKind.Blocks : GraphicsKind.Placeholders,
            ImageMode.Kitty => GraphicsKind.Kitty,
            ImageMode.Iterm => GraphicsKind.Iterm,
            ImageMode.Sixel => GraphicsKind.Sixel,
            ImageMode.Auto when facts.Tmux is { CanDraw: true, PassesThrough: true } => GraphicsKind.Placeholders,
            ImageMode.Auto when facts.HasKitty && !IsTmux(environment) => GraphicsKind.Kitty,
            ImageMode.Auto when HasInlineImages(environment, facts) => GraphicsKind.Iterm,
            ImageMode.Auto when facts.HasSixel => GraphicsKind.Sixel,
            _ => GraphicsKind.Blocks,
        };

    /// <param name="mode">The viewer's setting.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="facts">What is known yet.</param>
    public static BlockShape ShapeFor(ImageMode mode, Func<string, string?> environment, TerminalFacts facts) =>
        mode switch
        {
            ImageMode.Octants => BlockShape.Octant,
            ImageMode.Sextants => BlockShape.Sextant,
            _ when IsConsole(environment("TERM") ?? "") => BlockShape.Half,
            // Whatever the terminal around it can: tmux measures characters that its C library does not know as it likes.
            ImageMode.Auto when !IsTmux(environment) && facts.Name is { } name => ShapeOf(name),
            _ => BlockShape.Quadrant,
        };

    private static BlockShape ShapeOf(string name) =>
        TerminalName.IsOf(name, "kitty")
            ? TerminalName.VersionOf(name) switch
            {
                var version when version >= _firstKittyWithOctants => BlockShape.Octant,
                var version when version >= _firstKittyWithSextants => BlockShape.Sextant,
                _ => BlockShape.Quadrant,
            }
        : _withSextants.Any(terminal => TerminalName.IsOf(name, terminal)) ? BlockShape.Sextant
        : BlockShape.Quadrant;

    /// <summary>Its font has 256 or 512 characters, and of blocks only halves.</summary>
    private static bool IsConsole(string term) =>
        term is "linux" || term.StartsWith("linux-", StringComparison.Ordinal) || term.EndsWith(".linux", StringComparison.Ordinal);

    private static bool HasInlineImages(Func<string, string?> environment, TerminalFacts facts)
    {
        // tmux and screen would write the file between their own cells.
        if (IsTmux(environment) || !string.IsNullOrEmpty(environment("STY")) || !facts.IsComplete)
        {
            return false;
        }
        // Variables are inherited by another terminal that is started from this one: its own word counts more.
        if (facts.Name is { } name && !TerminalName.IsOf(name, "xterm.js"))
        {
            return _withInlineImages.Any(terminal => TerminalName.IsOf(name, terminal));
        }
        return environment("TERM_PROGRAM") switch
        {
            "vscode" => facts.HasSixel,
            _ when facts.Name is not null => false,
            { } program when _programsWithInlineImages.Contains(program) => true,
            // This one goes along over SSH.
            _ => environment("LC_TERMINAL") == "iTerm2",
        };
    }
}
