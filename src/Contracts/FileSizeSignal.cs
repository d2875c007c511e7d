using System.Runtime.InteropServices;

namespace StoriesCli.Contracts;

/// <summary>
/// A file may not grow beyond the size that <c>ulimit -f</c> allows. Unless told the system ends a program that tries; here the write fails instead, and is handled as a disk
/// that takes no more.
/// </summary>
public static class FileSizeSignal
{
    // SIGXFSZ, on Linux and macOS alike.
    private const PosixSignal Exceeded = (PosixSignal)25;

    // ENOSPC, on Linux and macOS alike: whoever handles a full disk knows it by this.
    private const int NoSpace = 28;

    private static PosixSignalRegistration? _ignored;

    /// <summary>Called once, at the start. Programs that are started from here have the signal as usual again.</summary>
    public static void Ignore() =>
        _ignored ??= OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Exceeded, context => context.Cancel = true);

    /// <summary>Whether a write failed by that limit: the framework tells it as a value out of range.</summary>
    public static bool IsCauseOf(Exception e) => e is ArgumentOutOfRangeException { ParamName: "value", ActualValue: null };

    /// <summary>The failure in words, for whoever handles a disk that takes no more.</summary>
    public static IOException Explain() => new("The file would grow beyond the size that this process may write (ulimit -f).", NoSpace);
}
