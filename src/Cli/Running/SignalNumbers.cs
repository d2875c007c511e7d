using System.Runtime.InteropServices;

namespace StoriesCli.Cli.Running;

/// <summary>Unix signal numbers; .NET uses its own numbers.</summary>
internal static class SignalNumbers
{
    public static int Of(PosixSignal signal) =>
        signal switch
        {
            PosixSignal.SIGHUP => 1,
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            PosixSignal.SIGTERM => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "is not passed on"),
        };

    /// <summary>The name of a signal, for people.</summary>
    public static string Name(int number) =>
        number switch
        {
            1 => "SIGHUP",
            2 => "SIGINT",
            3 => "SIGQUIT",
            6 => "SIGABRT",
            9 => "SIGKILL",
            11 => "SIGSEGV",
            13 => "SIGPIPE",
            15 => "SIGTERM",
            _ => $"signal {number}",
        };
}
