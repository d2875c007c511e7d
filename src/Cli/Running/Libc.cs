using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace StoriesCli.Cli.Running;

/// <summary>The few calls that a pseudo-terminal needs, with the constants and layouts that Linux has on x64 and arm64.</summary>
[SupportedOSPlatform("linux")]
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

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    public static partial int Control(int descriptor, nuint request, WindowSize* size);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static partial int GetMode(int descriptor, TerminalMode* mode);

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

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int Check(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(LastError)}");
}
