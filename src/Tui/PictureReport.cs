using StoriesCli.Contracts;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Terminal;

namespace StoriesCli.Tui;

/// <summary>How the terminal UI shows pictures here.</summary>
/// <param name="Found">A sentence without its end, such as "the picture itself, by kitty's graphics".</param>
/// <param name="Advice">What would show them better, such as a line for a file; null: nothing.</param>
public sealed record PictureReport(string Found, string? Advice)
{
    /// <summary>Asks tmux, or else the terminal, which takes a second where it does not answer.</summary>
    /// <param name="mode">The viewer's setting.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="input">The descriptor of the terminal's input; null: do not ask.</param>
    /// <param name="cancel">Ends the questions.</param>
    public static async Task<PictureReport> FindAsync(
        ImageMode mode,
        Func<string, string?> environment,
        int? input,
        CancellationToken cancel
    )
    {
        ArgumentNullException.ThrowIfNull(environment);
        var facts = new TerminalFacts();
        if (Tmux.Of(environment) is { } tmux)
        {
            facts = facts with { Tmux = await tmux.ReadAsync(cancel).ConfigureAwait(false) };
        }
        if (input is { } descriptor && mode == ImageMode.Auto)
        {
            facts = GraphicsQuery.Ask(descriptor, environment).Aggregate(facts, GraphicsQuery.Add);
        }
        var depth = ColourDepths.Find(environment, term => Terminfo.Colours(term, environment));
        return Describe(mode, environment, facts, depth);
    }

    internal static PictureReport Describe(ImageMode mode, Func<string, string?> environment, TerminalFacts facts, ColourDepth depth)
    {
        if (mode == ImageMode.Off)
        {
            return new("off: caption and file name instead", null);
        }
        if (depth == ColourDepth.None)
        {
            return new("none, because the terminal has no colours", null);
        }
        var blocks = Describe(GraphicsChoice.ShapeFor(mode, environment, facts), depth);
        var found = GraphicsChoice.KindFor(mode, environment, facts) switch
        {
            GraphicsKind.Kitty => "the picture itself, by kitty's graphics",
            GraphicsKind.Iterm => "the picture itself, by iTerm2's inline images",
            GraphicsKind.Placeholders => "the picture itself, by kitty's placeholders in tmux",
            GraphicsKind.Sixel => "the picture in at most 256 colours, by sixel",
            _ => blocks,
        };
        if (facts.Tmux is not { } tmux || mode is not (ImageMode.Auto or ImageMode.Kitty) || (mode == ImageMode.Auto && !tmux.IsCapable))
        {
            return new(facts.Name is { Length: > 0 } name ? $"{found}, in {CleanText.OneLine(name)}" : found, null);
        }
        return !tmux.PassesThrough
                ? new(
                    $"{blocks}, because tmux does not pass pictures on",
                    "Add this line to ~/.tmux.conf, and run \"tmux source-file ~/.tmux.conf\": set -g allow-passthrough on"
                )
            : !tmux.HasAllColours && mode == ImageMode.Auto
                ? new(
                    $"{blocks}, because tmux does not use all colours of the terminal",
                    "Add this line to ~/.tmux.conf, run \"tmux source-file ~/.tmux.conf\", and attach again: "
                        + $"set -as terminal-features \",{CleanText.OneLine(tmux.Term)}:RGB\""
                )
            : new(found, null);
    }

    private static string Describe(BlockShape shape, ColourDepth depth)
    {
        var name = shape switch
        {
            BlockShape.Half => "half blocks",
            BlockShape.Quadrant => "quadrants",
            BlockShape.Sextant => "sextants",
            _ => "octants",
        };
        var colours = depth switch
        {
            ColourDepth.True => "all",
            ColourDepth.Indexed => "256",
            _ => "16",
        };
        return $"{name}, {colours} colours";
    }
}
