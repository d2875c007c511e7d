using System.ComponentModel;

namespace StoriesCli.Cli.Running;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its own, 128 + n after signal n, 126 or 127 when it could not be started.</param>
/// <param name="Duration">From start to end.</param>
/// <param name="StartError">Why it could not be started, or null.</param>
internal sealed record CommandResult(int ExitCode, TimeSpan Duration, string? StartError = null)
{
    /// <summary>Why some output could not be shown; null if all was shown or the reader has gone.</summary>
    public string? OutputFault { get; init; }

    /// <summary>Exit codes of <c>env</c> and shells for a missing command and for one that cannot be run.</summary>
    public const int NotFound = 127,
        NotExecutable = 126;

    /// <summary>Exit code of <c>env</c> when it fails itself.</summary>
    public const int NotStarted = 125;

    private const int NoEntry = 2,
        NotDirectory = 20;

    public static CommandResult Failed(string program, int error) =>
        new(error is NoEntry or NotDirectory ? NotFound : NotExecutable, TimeSpan.Zero, $"{program}: {new Win32Exception(error).Message}");
}
