using System.Runtime.InteropServices;

namespace StoriesCli.Posix;

/// <summary>The C library's calls for signals, accounts and the memory of this process.</summary>
internal static unsafe partial class LibcProcess
{
    public const int ChildSignal = 17,
        PipeSignal = 13,
        Kill = 9;

    /// <summary>Room for any of libc's opaque structures used here; the largest has 336 bytes.</summary>
    public struct Opaque
    {
        public fixed ulong Words[64];
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    public static partial int SetGroups(nuint count, nint groups);

    [LibraryImport("libc", EntryPoint = "setegid", SetLastError = true)]
    public static partial int SetEffectiveGroup(uint group);

    [LibraryImport("libc", EntryPoint = "seteuid", SetLastError = true)]
    public static partial int SetEffectiveUser(uint user);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    public static partial int SetMemoryOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    public static partial int TrimMemory(nuint keep);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    public static partial int SetPriority(int which, int who, int value);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Execute(string path, string?[] arguments, string?[] environment);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int GetOwnGroup();

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Send(int process, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    public static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    public static partial int GetHandler(int signal, void* wanted, Opaque* found);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int Wait(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial void EmptySet(Opaque* set);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial void FillSet(Opaque* set);

    /// <summary>Calls that a signal handler may make: POSIX lists them as safe there, and they do not involve the runtime.</summary>
    public static partial class InSignalHandler
    {
        [LibraryImport("libc", EntryPoint = "write"), SuppressGCTransition]
        public static partial nint Write(int descriptor, byte* bytes, nint count);

        [LibraryImport("libc", EntryPoint = "tcsetattr"), SuppressGCTransition]
        public static partial int SetMode(int descriptor, int when, byte* mode);

        [LibraryImport("libc", EntryPoint = "signal"), SuppressGCTransition]
        public static partial nint SetHandler(int signal, nint handler);

        [LibraryImport("libc", EntryPoint = "kill"), SuppressGCTransition]
        public static partial int Send(int process, int signal);

        [LibraryImport("libc", EntryPoint = "getpid"), SuppressGCTransition]
        public static partial int GetProcess();
    }
}
