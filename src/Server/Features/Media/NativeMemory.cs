using StoriesCli.Posix;

namespace StoriesCli.Server.Features.Media;

/// <summary>Keeps the C library from holding on to memory that decoders have freed. Does nothing where it is not glibc.</summary>
internal static class NativeMemory
{
    private const int ArenaMax = -8,
        MmapThreshold = -3,
        TrimThreshold = -1;
    private const int Arenas = 2,
        LargeBytes = 128 * 1024,
        TopBytes = 1 << 20;
    private const int OfThread = 0,
        Nice = 10;

    /// <summary>Call once, before other threads exist: each could get an arena of 64 MiB that is never given back.</summary>
    public static void Bound() =>
        Try(() =>
        {
            _ = LibcProcess.SetMemoryOption(ArenaMax, Arenas);
            // A value that is set stays. Otherwise glibc would raise it with each large block, and then keep such blocks.
            _ = LibcProcess.SetMemoryOption(MmapThreshold, LargeBytes);
            _ = LibcProcess.SetMemoryOption(TrimThreshold, TopBytes);
        });

    /// <summary>Returns free memory to the system.</summary>
    public static void GiveBack() => Try(() => _ = LibcProcess.TrimMemory(0));

    /// <summary>Gives the calling thread, and threads that it starts, a lower priority than those that answer requests.</summary>
    public static void YieldToOthers() => Try(() => _ = LibcProcess.SetPriority(OfThread, 0, Nice));

    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library: nothing to do.
        }
    }
}
