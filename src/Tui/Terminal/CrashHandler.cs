using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StoriesCli.Posix;

namespace StoriesCli.Tui.Terminal;

/// <summary>Gives the terminal back at signals that end the process at once, such as SIGABRT, which .NET hands to nobody.</summary>
/// <remarks>
/// The bytes to write lie ready in unmanaged memory: a signal handler must not allocate, and may call only functions that POSIX lists as safe there.
/// See decision 0151 for what this cannot do.
/// </remarks>
internal static unsafe class CrashHandler
{
    private const int Abort = 6,
        FlushUnreadInput = 2;
    private const nint DefaultAction = 0;

    private static byte* _sequence,
        _settings;
    private static int _length;

    /// <summary>Signals that end a process and that the runtime does not use itself: SIGABRT, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGSYS, SIGUSR1, SIGUSR2.</summary>
    private static ReadOnlySpan<int> Signals =>
        OperatingSystem.IsMacOS() ? [Abort, 14, 26, 27, 24, 12, 30, 31] : [Abort, 14, 26, 27, 24, 31, 10, 12];

    /// <summary>From now on those signals write this and set this before they end the process. A second call overwrites the bytes in place.</summary>
    public static void Arm(ReadOnlySpan<byte> sequence, ReadOnlySpan<byte> settings)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        // Nothing is freed: a handler may be reading it.
        _settings = Copy(settings);
        _sequence = Copy(sequence);
        _length = sequence.Length;
        // Bound now: a handler must not look for symbols.
        _ = LibcProcess.InSignalHandler.Write(1, null, 0);
        var self = LibcProcess.InSignalHandler.GetProcess();
        _ = LibcProcess.InSignalHandler.Send(self, 0);
        delegate* unmanaged[Cdecl]<int, void> handler = &OnSignal;
        foreach (var signal in Signals)
        {
            _ = LibcProcess.InSignalHandler.SetHandler(signal, (nint)handler);
        }
    }

    public static void Disarm()
    {
        _length = 0;
        foreach (var signal in OperatingSystem.IsWindows() ? [] : Signals)
        {
            _ = LibcProcess.InSignalHandler.SetHandler(signal, DefaultAction);
        }
    }

    private static byte* Copy(ReadOnlySpan<byte> bytes)
    {
        var copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new(copy, bytes.Length));
        return copy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnSignal(int number)
    {
        if (_length > 0)
        {
            _ = LibcProcess.InSignalHandler.Write(1, _sequence, _length);
            _ = LibcProcess.InSignalHandler.SetMode(0, FlushUnreadInput, _settings);
        }
        _ = LibcProcess.InSignalHandler.SetHandler(number, DefaultAction);
        _ = LibcProcess.InSignalHandler.Send(LibcProcess.InSignalHandler.GetProcess(), number);
    }
}
