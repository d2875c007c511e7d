namespace StoriesCli.Tui.App;

/// <summary>
/// Work outside the screen: a request to the server, a file, a program. The model lists the commands that are wanted;
/// <see cref="CommandRunner"/> starts new ones and cancels those that left the list.
/// </summary>
internal abstract record Command
{
    /// <summary>Sealed, so that the native client does not carry a text form of every command.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>Later commands have higher numbers.</summary>
    public int Number { get; init; }

    /// <summary>Not cancelled after the usual time: a transfer, or a wait.</summary>
    public virtual bool IsLong => false;

    /// <summary>Touches files or programs of this machine, which <c>--restricted</c> forbids.</summary>
    public virtual bool IsOffWhenRestricted => false;

    /// <summary>The story that no longer exists when the server answers 410.</summary>
    public virtual string? GoneOn410 => null;

    /// <summary>What follows when it fails, with the reason in a sentence. Pure.</summary>
    public virtual CommandResult Fail(string reason) => new CommandFailed(reason);

    /// <summary>Runs off the UI thread.</summary>
    public abstract Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop);

    /// <summary>Shows how far it is. Pure.</summary>
    public virtual Model Progress(Model model, Transfer transfer) => model;
}

/// <summary>How a command ended, and what follows from it for the model.</summary>
internal abstract record CommandResult
{
    /// <summary>Sealed, so that the native client does not carry a text form of every result.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>Pure.</summary>
    /// <param name="model">Without the command, which has ended.</param>
    /// <param name="awaited">Whether the open dialog waits for it.</param>
    public abstract Model Update(Model model, bool awaited);
}

/// <summary>Bytes transferred so far.</summary>
internal readonly record struct Transfer(long Done, long Total, double BytesPerSecond);
