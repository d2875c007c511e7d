namespace StoriesCli.Cli;

/// <summary>What the command line runs in: streams, terminal, environment, clock. Tests bring their own.</summary>
internal sealed record Surroundings
{
    public required Stream In { get; init; }
    public required Stream Out { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>The same for what is shown byte by byte.</summary>
    public Stream ErrorBytes { get; init; } = Stream.Null;
    public bool InIsTerminal { get; init; }
    public bool OutIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>Reads a line from the terminal without echo; null when the user gives none.</summary>
    public Func<string?> ReadSecret { get; init; } = () => null;
    public required Func<string, string?> Environment { get; init; }

    /// <summary>All of the environment, for finding what must not be shown.</summary>
    public Func<IEnumerable<KeyValuePair<string, string>>> Variables { get; init; } = () => [];

    /// <summary>What <see cref="In"/> is to a program that shares it: a descriptor, or null when only we can read it.</summary>
    public int? InDescriptor { get; init; }

    /// <summary>Null where no signals arrive.</summary>
    public Interrupts? Interrupts { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whose days and hours a time without a zone means.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Where this program lies, and <c>stories-server</c> with it.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Starts this program once more with these arguments, behind the back of whoever waits for this one; false where that cannot be.</summary>
    public Func<string[], bool> StartBehind { get; init; } = _ => false;

    /// <summary>A terminal that does not understand escape sequences gets plain text.</summary>
    public bool IsDumb => Environment("TERM") == "dumb";

    public bool HasColour =>
        Environment("NO_COLOR") is not { Length: > 0 }
        && (Environment("CLICOLOR_FORCE") is { Length: > 0 } and not "0" || (OutIsTerminal && !IsDumb));

    public bool ShowsProgress => ErrorIsTerminal && !IsDumb;
}
