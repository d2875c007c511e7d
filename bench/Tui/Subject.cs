namespace StoriesCli.Bench.Tui;

/// <summary>A full-screen program, and how to know what it does.</summary>
/// <param name="Name">Begins the names of its figures.</param>
/// <param name="IsKitty">Whether its terminal has kitty's graphics.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="IsFramed">Whether it marks its frames by DEC 2026.</param>
/// <param name="FirstFrame">A text that its first frame has.</param>
/// <param name="Ready">A text that is there once it has all that it waits for.</param>
internal sealed record Subject(string Name, bool IsKitty, string[] Command, bool IsFramed, string FirstFrame, string Ready)
{
    /// <summary>Variables of a new start: each is somebody who has seen nothing.</summary>
    public required Func<IReadOnlyDictionary<string, string?>> Environment { get; init; }

    /// <summary>Whether a picture is on its screen; null for a program that shows none.</summary>
    public Func<TimedTerminal, bool>? HasPicture { get; init; }

    public TimedTerminal Start() => new(IsKitty, Environment(), Command);

    /// <summary>Whether this is there, at the end of a frame where the program marks it.</summary>
    /// <param name="isTrue">Looks at the screen.</param>
    public Func<TimedTerminal, bool> InFrame(Func<TimedTerminal, bool> isTrue)
    {
        if (!IsFramed)
        {
            return isTrue;
        }
        var frames = 0;
        return terminal =>
        {
            var isEnd = terminal.Frames > frames;
            frames = terminal.Frames;
            return isEnd && isTrue(terminal);
        };
    }
}
