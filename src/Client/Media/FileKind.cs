using System.Runtime.InteropServices;

namespace StoriesCli.Client.Media;

/// <summary>Tells files on the disk from devices and pipes, which are read once and written into.</summary>
public static unsafe partial class FileKind
{
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;
    private const int ModeOffset = 28;
    private const ushort TypeMask = 0xF000,
        Folder = 0x4000,
        Regular = 0x8000;

    /// <summary>Whether nothing is there but a file on the disk or a directory, links followed; where the system cannot tell, yes.</summary>
    public static bool IsRegularOrNone(string path)
    {
        if (!OperatingSystem.IsLinux() || path.Contains('\0', StringComparison.Ordinal))
        {
            return true;
        }
        // struct statx is the same for all processors, other than struct stat.
        var found = stackalloc byte[256];
        return Ask(CurrentFolder, path, 0, TypeOnly, found) != 0 || (*(ushort*)(found + ModeOffset) & TypeMask) is Regular or Folder;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int flags, uint mask, byte* found);
}
