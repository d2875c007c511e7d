namespace StoriesCli.Server.Storage.Files;

/// <summary>Files and folders that only the server's own account may open, whatever the umask is.</summary>
internal static class PrivateFile
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>Opens a file unbuffered; one that is made here gets mode 0600.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var isNew = mode is FileMode.CreateNew || !File.Exists(path);
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode600;
        var stream = new FileStream(path, options);
        if (isNew && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(stream.SafeFileHandle, FileMode600);
        return stream;
    }

    /// <summary>The text of a small file; null when there is none.</summary>
    public static string? TryReadText(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    public static void Delete(string path) => File.Delete(path);

    /// <summary>Takes a file that somebody else made from all but our own account.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, FileMode600);
    }

    /// <summary>Closes a folder that was there to all but our own account.</summary>
    /// <returns>The mode it had; null when it was closed already.</returns>
    public static UnixFileMode? RestrictFolder(string path)
    {
        if (OperatingSystem.IsWindows() || File.GetUnixFileMode(path) is var before && before == FolderMode700)
        {
            return null;
        }
        File.SetUnixFileMode(path, FolderMode700);
        return before;
    }

    /// <summary>Makes a folder with mode 0700, and says whether it was missing. One that was there keeps its mode.</summary>
    public static bool MakeFolder(string path)
    {
        if (Directory.Exists(path))
            return false;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return true;
        }
        Directory.CreateDirectory(path, FolderMode700);
        File.SetUnixFileMode(path, FolderMode700);
        return true;
    }
}
