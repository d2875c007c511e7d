using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace StoriesCli.Server.Storage;

/// <summary>The one folder that holds everything of a server. Whoever has it open has it alone.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockFile = "lock";
    private const int MediaFolders = 256;
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    public string Path { get; }

    public string DatabaseFile => File("stories.db");

    public string LogFile => File("stories.log");

    public string MediaPath => File("media");

    public string TemporaryPath => File("tmp");

    /// <exception cref="DataDirectoryException">Another server uses it, or it cannot be read or written.</exception>
    public static DataDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        FileStream? lockFile = null;
        try
        {
            if (PrivateFile.MakeFolder(path)) SyncParent(path);
            else PrivateFile.RestrictFolder(path, LockFile);
            lockFile = Lock(path);
            var directory = new DataDirectory(path, lockFile);
            directory.MakeFolders();
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lockFile?.Dispose();
            throw new DataDirectoryException($"The data directory '{path}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>What the file system has left for us.</summary>
    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>The full path of a file of this name that stands directly in the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Where the media of this id lie. Ids may begin with a time, so a hash spreads them over the folders.</summary>
    public string MediaFile(string id)
    {
        if (id.Length == 0 || id[0] == '.' || id.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            throw new ArgumentException("A media id is a file's name.", nameof(id));
        return System.IO.Path.Combine(MediaPath, FolderName((int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(id)) % MediaFolders)), id);
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, LockFile);
        try
        {
            return PrivateFile.Open(file, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            throw new DataDirectoryException(
                $"The data directory '{path}' is in use by another server. Stop that one first, or start this one with another directory.", e);
        }
    }

    // The folder above may be closed to us; then its own file system decides when the new name is safe.
    private static void SyncParent(string path)
    {
        try
        {
            if (System.IO.Path.GetDirectoryName(path) is { } parent) Folder.Sync(parent);
        }
        catch (IOException)
        {
        }
    }

    private static string FolderName(int index) => index.ToString("x2", CultureInfo.InvariantCulture);

    // Made once, so that no upload waits for a new folder to reach the disk.
    private void MakeFolders()
    {
        var anyNew = PrivateFile.MakeFolder(MediaPath);
        for (var i = 0; i < MediaFolders; i++) anyNew |= PrivateFile.MakeFolder(System.IO.Path.Combine(MediaPath, FolderName(i)));
        if (anyNew) Folder.Sync(MediaPath);
        PrivateFile.MakeFolder(TemporaryPath);
        foreach (var left in Directory.EnumerateFiles(TemporaryPath)) System.IO.File.Delete(left);
        Folder.Sync(Path);
    }
}
