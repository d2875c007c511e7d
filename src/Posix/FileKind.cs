using System.Runtime.InteropServices;

namespace StoriesCli.Posix;

/// <summary>Distinguishes files from devices and pipes.</summary>
internal static class FileKind
{
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;
    private const int ModeOffset = 28;
    private const ushort TypeMask = 0xF000,
        Folder = 0x4000,
        Regular = 0x8000;

    /// <summary>Whether the path is missing, a file or a directory, following links. True if the system cannot tell.</summary>
    public static bool IsRegularOrNone(string path)
    {
        if (!OperatingSystem.IsLinux() || path.Contains('\0', StringComparison.Ordinal))
        {
            return true;
        }
        Span<byte> found = stackalloc byte[256];
        return Libc.Status(CurrentFolder, path, 0, TypeOnly, ref MemoryMarshal.GetReference(found)) != 0
            || (MemoryMarshal.Read<ushort>(found[ModeOffset..]) & TypeMask) is Regular or Folder;
    }
}
