using System.Runtime.InteropServices;

namespace StoriesCli.Posix;

/// <summary>All calls into the C library. Constants and layouts are those of Linux on x64 and arm64; callers check the platform.</summary>
/// <remarks>Projects compile this file as a link: see decision 0235.</remarks>
internal static unsafe partial class Libc
{
    public const int ReadOnly = 0,
        ReadWrite = 0x2,
        NoControllingTerminal = 0x100,
        NonBlocking = 0x800,
        CloseOnExec = 0x80000;
    public const short PollIn = 0x1,
        PollOut = 0x4;
    public const short SpawnSignalDefaults = 0x04,
        SpawnSignalMask = 0x08,
        SpawnNewSession = 0x80;
    public const int Interrupted = 4;
    public const int ChildSignal = 17,
        PipeSignal = 13,
        Kill = 9;
    public const int GetFlags = 1,
        ClosesOnExec = 1;
    public const nuint GetWindowSize = 0x5413,
        SetWindowSize = 0x5414;
    public const uint Echo = 0x8,
        ReturnBeforeNewline = 0x4;
    public const int AfterDrain = 1;

    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    public struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelsAcross;
        public ushort PixelsDown;
    }

    public struct TerminalMode
    {
        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public byte LineDiscipline;
        public fixed byte Characters[32];
        public uint InputSpeed;
        public uint OutputSpeed;
    }

    /// <summary>Room for any of libc's opaque structures used here; the largest has 336 bytes.</summary>
    public struct Opaque
    {
        public fixed ulong Words[64];
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantPseudoTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockPseudoTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    public static partial int NamePseudoTerminal(int descriptor, byte* name, nuint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    public static partial int Ask(int descriptor, int what);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial void Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    public static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    /// <remarks>Unlike <c>struct stat</c>, <c>struct statx</c> is the same on all processors.</remarks>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Status(int folder, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    /// <remarks>Writes a byte a block where the file system knows no shorter way.</remarks>
    [LibraryImport("libc", EntryPoint = "posix_fallocate64")]
    public static partial int Allocate(int descriptor, long offset, long bytes);

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

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, ref byte buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, in byte buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    // The count is as wide as a pointer on Linux and 32 bits on macOS: one descriptor reads the same in both.
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollDescriptor descriptor, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    public static partial int Control(int descriptor, nuint request, WindowSize* size);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    public static partial int Control(int descriptor, nuint request, out WindowSize size);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static partial int GetMode(int descriptor, TerminalMode* mode);

    /// <param name="descriptor">A terminal.</param>
    /// <param name="mode">At least as long as the system's termios.</param>
    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static partial int GetMode(int descriptor, [Out] byte[] mode);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    public static partial int SetMode(int descriptor, int when, byte[] mode);

    [LibraryImport("libc", EntryPoint = "tcflow")]
    public static partial int ControlFlow(int descriptor, int action);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    public static partial void SetMode(int descriptor, int when, TerminalMode* mode);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(TerminalMode* mode);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    public static partial int GetForegroundGroup(int descriptor);

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

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial void StartAttributes(Opaque* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial void EndAttributes(Opaque* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial void SetFlags(Opaque* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial void SetSignalDefaults(Opaque* attributes, Opaque* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial void SetSignalMask(Opaque* attributes, Opaque* set);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial void StartActions(Opaque* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial void EndActions(Opaque* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial void AddOpen(Opaque* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial void AddCopy(Opaque* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    public static partial int Spawn(int* process, byte* file, Opaque* actions, Opaque* attributes, byte** arguments, byte** environment);

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

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int Check(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(LastError)}");
}
