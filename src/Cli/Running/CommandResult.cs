using System.ComponentModel;

namespace StoriesCli.Cli.Running;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its own, 128 + n after signal n, 126 or 127 when it could not be started.</param>
/// <param name="Duration">From start to end.</param>
/// <param name="Fault">Why it could not be started, or null.</param>
internal sealed record CommandResult(int ExitCode, TimeSpan Duration, string? Fault = null)
{
    /// <summary>Why not all of what it wrote could be shown; null when it could, or when nobody wanted to read it.</summary>
    public string? OutputFault { get; init; }

    /// <summary>What <c>env</c> and shells answer for a command that is not there, and for one that cannot be run.</summary>
    public const int NotFound = 127,
        NotExecutable = 126;

    /// <summary>What <c>env</c> answers when it failed itself.</summary>
    public const int NotStarted = 125;

    private const int NoEntry = 2,
        NotDirectory = 20;

    public static CommandResult Failed(string program, int error) =>
        new(error is NoEntry or NotDirectory ? NotFound : NotExecutable, TimeSpan.Zero, $"{program}: {new Win32Exception(error).Message}");
}
