namespace StoriesCli.Tui.Terminal;

/// <summary>How many colours a terminal has.</summary>
internal enum ColourDepth
{
    None,
    Sixteen,
    Indexed,
    True,
}

/// <summary>Reads the environment, as every terminal program does: there is no query that all terminals answer.</summary>
internal static class ColourDepths
{
    private static readonly string[] _true = ["kitty", "alacritty", "foot", "wezterm", "ghostty", "contour", "rio"];

    /// <summary>Of the terminal that this program runs in.</summary>
    /// <param name="wanted">False for NO_COLOR.</param>
    public static ColourDepth Here(bool wanted) =>
        !wanted
            ? ColourDepth.None
            : Find(Environment.GetEnvironmentVariable, term => Terminfo.Colours(term, Environment.GetEnvironmentVariable));

    /// <param name="environment">Variables by name.</param>
    /// <param name="coloursOf">What the terminal's description says: a number, -1 for none at all, null where there is no description.</param>
    public static ColourDepth Find(Func<string, string?> environment, Func<string, int?> coloursOf)
    {
        var term = environment("TERM") ?? "";
        if (
            environment("COLORTERM") is "truecolor" or "24bit"
            || Has("WT_SESSION")
            || Has("VTE_VERSION")
            // tmux takes true colours always, and sends on what the terminal around it can show.
            || Has("TMUX")
            || term.Contains("direct", StringComparison.Ordinal)
            || _true.Any(name => term.Contains(name, StringComparison.Ordinal))
        )
        {
            return ColourDepth.True;
        }
        // The description of plain xterm is from a time when it had eight colours. Terminals with that name have 256 today: PuTTY, or xterm itself over SSH.
        if (term.Contains("256color", StringComparison.Ordinal) || term == "xterm" || Has("XTERM_VERSION"))
        {
            return ColourDepth.Indexed;
        }
        return coloursOf(term) switch
        {
            > 256 => ColourDepth.True,
            256 => ColourDepth.Indexed,
            > 0 => ColourDepth.Sixteen,
            < 0 => ColourDepth.None,
            // Without a description there is only the name.
            _ => term.StartsWith("xterm", StringComparison.Ordinal) ? ColourDepth.Indexed : ColourDepth.Sixteen,
        };

        bool Has(string name) => !string.IsNullOrEmpty(environment(name));
    }
}
