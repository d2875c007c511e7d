using System.Runtime.InteropServices;

namespace StoriesCli.Posix;

/// <summary>The C library's calls for files and descriptors. Constants and layouts are those of Linux on x64 and arm64; callers check the platform.</summary>
/// <remarks>Projects compile the files of this folder as links: see decision 0235.</remarks>
internal static unsafe partial class Libc
{
    public const int ReadOnly = 0,
        ReadWrite = 0x2,
        NoControllingTerminal = 0x100,
        NonBlocking = 0x800,
        CloseOnExec = 0x80000;
    public const short PollIn = 0x1,
        PollOut = 0x4,
        PollError = 0x8,
        PollHangUp = 0x10;
    public const int Interrupted = 4;
    public const int GetFlags = 1,
        ClosesOnExec = 1;

    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    public static partial int Ask(int descriptor, int what);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    public static partial int Pipe(int* ends);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial void Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    public static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Flush(int descriptor);

    /// <remarks>Linux only.</remarks>
    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    public static partial int StartWriting(int descriptor, long offset, long bytes, uint flags);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(int folder, string path, int mode, int flags);

    /// <remarks>Unlike <c>struct stat</c>, <c>struct statx</c> is the same on all processors.</remarks>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Status(int folder, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    /// <remarks>Writes a byte a block where the file system knows no shorter way.</remarks>
    [LibraryImport("libc", EntryPoint = "posix_fallocate64")]
    public static partial int Allocate(int descriptor, long offset, long bytes);

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

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int Check(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(LastError)}");
}
