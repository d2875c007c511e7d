using System.Runtime.InteropServices;

namespace StoriesCli.Cli.Running;

/// <summary>Signals by the numbers that every Unix has for them; .NET names them by numbers of its own.</summary>
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

    /// <summary>Of an exit code above 128, for people.</summary>
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
