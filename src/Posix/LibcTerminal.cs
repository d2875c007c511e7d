using System.Runtime.InteropServices;

namespace StoriesCli.Posix;

/// <summary>The C library's calls for terminals and pseudo-terminals.</summary>
internal static unsafe partial class LibcTerminal
{
    public const nuint GetWindowSize = 0x5413,
        SetWindowSize = 0x5414;
    public const uint Echo = 0x8,
        ReturnBeforeNewline = 0x4;
    public const int AfterDrain = 1;

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

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantPseudoTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockPseudoTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    public static partial int NamePseudoTerminal(int descriptor, byte* name, nuint size);

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
}
