using System.Runtime.InteropServices;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>Limits the size of files that this process writes: the closest to a full disk without privileges. Must not run beside other tests.</summary>
internal sealed partial class FileSizeLimit : IDisposable
{
    private const int FileSizeResource = 1;
    private const PosixSignal FileSizeExceeded = (PosixSignal)25;

    // Lasts as long as the process: a signal that is handled late would otherwise find no handler and end it.
    private static readonly PosixSignalRegistration Ignored = PosixSignalRegistration.Create(
        FileSizeExceeded,
        context => context.Cancel = true
    );

    private readonly Limit _before;

    public FileSizeLimit(long bytes)
    {
        GC.KeepAlive(Ignored);
        if (GetLimit(FileSizeResource, out _before) != 0)
            throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
        Set(_before with { Soft = (ulong)bytes });
    }

    public void Dispose()
    {
        Set(_before);
    }

    private static void Set(Limit limit)
    {
        if (SetLimit(FileSizeResource, limit) != 0)
            throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
