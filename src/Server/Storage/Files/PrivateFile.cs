namespace StoriesCli.Server.Storage.Files;

/// <summary>Files and folders that only the server's own account can open, whatever the umask is.</summary>
internal static class PrivateFile
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>Opens a file unbuffered. A new file gets mode 0600.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var isNew = mode is FileMode.CreateNew || !File.Exists(path);
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
            UnixCreateMode = FileMode600,
        };
        var stream = new FileStream(path, options);
        if (isNew)
            File.SetUnixFileMode(stream.SafeFileHandle, FileMode600);
        return stream;
    }

    /// <summary>Text of a small file; null when it does not exist.</summary>
    public static string? TryReadText(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    public static void Delete(string path) => File.Delete(path);

    /// <summary>Removes access for others from a file that somebody else made.</summary>
    public static void Restrict(string path) => File.SetUnixFileMode(path, FileMode600);

    /// <summary>Removes access for others from an existing folder.</summary>
    /// <returns>The previous mode; null when others had no access.</returns>
    public static UnixFileMode? RestrictFolder(string path)
    {
        var before = File.GetUnixFileMode(path);
        if (before == FolderMode700)
            return null;
        File.SetUnixFileMode(path, FolderMode700);
        return before;
    }

    /// <summary>Creates a folder with mode 0700 and returns whether it was missing. An existing folder keeps its mode.</summary>
    public static bool MakeFolder(string path)
    {
        if (Directory.Exists(path))
            return false;
        Directory.CreateDirectory(path, FolderMode700);
        File.SetUnixFileMode(path, FolderMode700);
        return true;
    }
}
