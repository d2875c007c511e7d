namespace StoriesCli.Cli;

/// <summary>What a command runs with: streams, terminal, environment, clock. Tests pass their own.</summary>
internal sealed record CliContext
{
    public required Stream In { get; init; }
    public required Stream Out { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>Standard error as bytes.</summary>
    public Stream ErrorBytes { get; init; } = Stream.Null;
    public bool InIsTerminal { get; init; }
    public bool OutIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>Reads a line from the terminal without echo; null when the user gives none.</summary>
    public Func<string?> ReadSecret { get; init; } = () => null;
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The whole environment, to find secrets that must not be shown.</summary>
    public Func<IEnumerable<KeyValuePair<string, string>>> Variables { get; init; } = () => [];

    /// <summary>File descriptor of <see cref="In"/> for child processes; null if only this process can read it.</summary>
    public int? InDescriptor { get; init; }

    /// <summary>Null if signals are not handled.</summary>
    public ShutdownSignals? ShutdownSignals { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Time zone of times that name none.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Folder of this program and of <c>stories-server</c>.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Starts this program again in the background with these arguments; false if that is not possible.</summary>
    public Func<string[], bool> StartDetached { get; init; } = _ => false;

    /// <summary>A terminal that does not understand escape sequences gets plain text.</summary>
    public bool IsDumb => Environment("TERM") == "dumb";

    public bool HasColour =>
        Environment("NO_COLOR") is not { Length: > 0 }
        && (Environment("CLICOLOR_FORCE") is { Length: > 0 } and not "0" || (OutIsTerminal && !IsDumb));

    public bool ShowsProgress => ErrorIsTerminal && !IsDumb;
}
