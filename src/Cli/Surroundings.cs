namespace StoriesCli.Cli;

/// <summary>What the command line runs in: streams, terminal, environment, clock. Tests bring their own.</summary>
internal sealed record Surroundings
{
    public required Stream In { get; init; }
    public required Stream Out { get; init; }
    public required TextWriter Error { get; init; }
    public bool InIsTerminal { get; init; }
    public bool OutIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }
    /// <summary>Columns of the terminal.</summary>
    public Func<int> Width { get; init; } = () => 80;
    /// <summary>Reads a line from the terminal without echo; null when the user gives none.</summary>
    public Func<string?> ReadSecret { get; init; } = () => null;
    public required Func<string, string?> Environment { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>Where this program lies, and <c>stories-server</c> with it.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Starts this program once more with these arguments, behind the back of whoever waits for this one; false where that cannot be.</summary>
    public Func<string[], bool> StartBehind { get; init; } = _ => false;

    /// <summary>A terminal that does not understand escape sequences gets plain text.</summary>
    public bool IsDumb => Environment("TERM") == "dumb";

    public bool HasColour => Environment("NO_COLOR") is not { Length: > 0 }
        && (Environment("CLICOLOR_FORCE") is { Length: > 0 } and not "0" || (OutIsTerminal && !IsDumb));

    public bool ShowsProgress => ErrorIsTerminal && !IsDumb;
}
