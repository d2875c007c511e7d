using System.Runtime.InteropServices;

namespace StoriesCli.Server.Features.Media;

/// <summary>Keeps the C library from holding on to memory that decoders are done with. Where it is not glibc nothing happens.</summary>
internal static partial class NativeMemory
{
    private const int ArenaMax = -8,
        MmapThreshold = -3,
        TrimThreshold = -1;
    private const int Arenas = 2,
        LargeBytes = 128 * 1024,
        TopBytes = 1 << 20;
    private const int OfThread = 0,
        Nice = 10;

    /// <summary>Once, before other threads are there: each of them could get an arena of 64 MiB that is never given back.</summary>
    public static void Bound() =>
        Try(() =>
        {
            _ = SetOption(ArenaMax, Arenas);
            // Set by hand it stays: glibc would raise it with each large block, and then keep them.
            _ = SetOption(MmapThreshold, LargeBytes);
            _ = SetOption(TrimThreshold, TopBytes);
        });

    /// <summary>Gives what is free back to the system.</summary>
    public static void GiveBack() => Try(() => _ = Trim(0));

    /// <summary>Lets the calling thread, and those that it makes, run after the threads that answer requests.</summary>
    public static void YieldToOthers() => Try(() => _ = SetPriority(OfThread, 0, Nice));

    private static void Try(Action act)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            act();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library: it goes without.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int value);
}
