using System.Runtime.InteropServices;

namespace StoriesCli.Contracts;

/// <summary>
/// Turns the limit of <c>ulimit -f</c> on file sizes into a failed write. By default the system ends a program that exceeds it;
/// here the write fails and is handled as on a full disk.
/// </summary>
public static class FileSizeSignal
{
    // SIGXFSZ, on Linux and macOS alike.
    private const PosixSignal Exceeded = (PosixSignal)25;

    // ENOSPC, on Linux and macOS alike. Code that handles a full disk checks for it.
    private const int NoSpace = 28;

    private static PosixSignalRegistration? _ignored;

    /// <summary>Call once, at the start. Child processes get the default handling of the signal again.</summary>
    public static void Ignore() =>
        _ignored ??= OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Exceeded, context => context.Cancel = true);

    /// <summary>Whether a write failed because of that limit. The framework reports it as an argument out of range.</summary>
    public static bool IsCauseOf(Exception e) => e is ArgumentOutOfRangeException { ParamName: "value", ActualValue: null };

    /// <summary>The failure in words, for code that handles a full disk.</summary>
    public static IOException Explain() => new("The file would grow beyond the size that this process may write (ulimit -f).", NoSpace);
}
