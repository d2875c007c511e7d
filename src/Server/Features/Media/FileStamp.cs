using Microsoft.Win32.SafeHandles;

namespace StoriesCli.Server.Features.Media;

/// <summary>Length and last write of a file, by the file system. A file that nobody has touched has the same stamp.</summary>
internal readonly record struct FileStamp(long Bytes, DateTime WrittenAt)
{
    /// <returns>Null when the file is missing.</returns>
    public static FileStamp? Of(string path) =>
        new FileInfo(path) is { Exists: true } file ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;

    public static FileStamp Of(SafeFileHandle file) => new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
}
