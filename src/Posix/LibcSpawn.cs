using System.Runtime.InteropServices;

namespace StoriesCli.Posix;

/// <summary>The C library's calls that start a program.</summary>
internal static unsafe partial class LibcSpawn
{
    public const short SpawnSignalDefaults = 0x04,
        SpawnSignalMask = 0x08,
        SpawnNewSession = 0x80;

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial void StartAttributes(LibcProcess.Opaque* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial void EndAttributes(LibcProcess.Opaque* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial void SetFlags(LibcProcess.Opaque* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial void SetSignalDefaults(LibcProcess.Opaque* attributes, LibcProcess.Opaque* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial void SetSignalMask(LibcProcess.Opaque* attributes, LibcProcess.Opaque* set);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial void StartActions(LibcProcess.Opaque* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial void EndActions(LibcProcess.Opaque* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial void AddOpen(LibcProcess.Opaque* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial void AddCopy(LibcProcess.Opaque* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    public static partial int Spawn(
        int* process,
        byte* file,
        LibcProcess.Opaque* actions,
        LibcProcess.Opaque* attributes,
        byte** arguments,
        byte** environment
    );
}
