using System.Globalization;
using System.IO.Hashing;
using System.Text;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage;

/// <summary>The folder that holds all data of a server. Only one process can have it open.</summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Suffix of the notes that name stories about to arrive. They survive a kill.</summary>
    public const string ArrivingSuffix = ".arriving";

    /// <summary>Name of the folder with the files of stories.</summary>
    public const string MediaName = "media";

    /// <summary>Name of the folder with copies of files that are in a bucket.</summary>
    public const string CopiesName = "media-cache";

    private const string LockFile = "lock";

    // Every ext file system has this folder at its root.
    private const string MountPoint = "lost+found";
    private const int MediaFolders = 256;
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private static readonly string[] Marks = ["stories.db", LockFile, "server.json"];

    private readonly FileStream _lock;
    private readonly HashSet<string> _syncedFolders = new(StringComparer.Ordinal);

    private DataDirectory(string path, FileStream lockFile)
    {
        Path = path;
        _lock = lockFile;
        Reserve = new(File(DiskReserve.FileName), new DriveInfo(path).TotalSize, () => FreeBytes);
    }

    public string Path { get; }

    public string DatabaseFile => File("stories.db");

    public string LogFile => File("stories.log");

    /// <summary>Whether there is a data file that is not empty.</summary>
    public bool HasDatabase => IsFilled(DatabaseFile);

    /// <summary>Whether there is a log that is not empty.</summary>
    public bool HasLog => IsFilled(LogFile);

    /// <summary>Folder of the media: the files of stories and what is made of them, or copies of what is in a bucket.</summary>
    public string MediaPath => File(HoldsCopies ? CopiesName : MediaName);

    /// <summary>Whether the media are in a bucket, so that the folder of the media has copies of some of them.</summary>
    public bool HoldsCopies { get; private set; }

    public string TemporaryPath => File("tmp");

    /// <summary>Disk space for writes that must succeed although the disk is full.</summary>
    public DiskReserve Reserve { get; }

    /// <exception cref="DataDirectoryException">Another server uses the directory, or it cannot be read or written.</exception>
    public static DataDirectory Open(string path) => Open(path, keepTemporaries: false);

    /// <summary>As <see cref="Open(string)"/>, but keeps temporary files of an interrupted server, for inspection.</summary>
    /// <exception cref="DataDirectoryException">Another server uses the directory, or it cannot be read or written.</exception>
    public static DataDirectory OpenToLook(string path) => Open(path, keepTemporaries: true);

    /// <summary>Finds why no server may start on this directory. Changes nothing.</summary>
    /// <returns>Null when one may, also when there is no directory yet.</returns>
    public static string? FindFault(string path)
    {
        try
        {
            UnfinishedRestore.VerifyNone(path);
            if (Directory.Exists(path))
                VerifyOurs(path);
            return null;
        }
        catch (Exception e) when (e is ForeignDirectoryException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static DataDirectory Open(string path, bool keepTemporaries)
    {
        path = System.IO.Path.GetFullPath(path);
        FileStream? lockFile = null;
        try
        {
            if (System.IO.File.Exists(path))
                throw new DataDirectoryException($"The data directory '{path}' cannot be used: it is a file.");
            UnfinishedRestore.VerifyNone(path);
            UnixFileMode? modeBefore = null;
            if (PrivateFile.MakeFolder(path))
            {
                SyncParent(path);
            }
            else
            {
                VerifyOurs(path);
                modeBefore = PrivateFile.RestrictFolder(path);
            }
            lockFile = Lock(path);
            var directory = new DataDirectory(path, lockFile) { ModeBefore = modeBefore };
            directory.MakeFolders();
            if (!keepTemporaries)
                directory.DeleteTemporaries();
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lockFile?.Dispose();
            throw new DataDirectoryException($"The data directory '{path}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The directory's mode when others could enter it, before it was opened; null when they could not.</summary>
    public UnixFileMode? ModeBefore { get; private init; }

    /// <summary>Call before anything is read: the media are in a bucket. Their copies have a folder of their own, because nobody misses what is deleted there.</summary>
    public void HoldCopies()
    {
        HoldsCopies = true;
        PrivateFile.MakeFolder(MediaPath);
    }

    /// <summary>Bytes that the file system has free for this process.</summary>
    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Full path of a file directly in the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Path of an id's media, or of a file beside it named by the id, a dot and a suffix. Ids may begin with a time, so a hash spreads them over the folders.</summary>
    public string MediaFile(string name)
    {
        if (name.Length == 0 || name[0] == '.' || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            throw new ArgumentException("A media id is a file's name.", nameof(name));
        var id = name.Split('.')[0];
        return System.IO.Path.Combine(MediaPath, FolderName((int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(id)) % MediaFolders)), name);
    }

    /// <summary>Makes sure that the folder of an id's media exists, also after a power failure, before anything is written into it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void MakeMediaFolder(string id)
    {
        var folder = System.IO.Path.GetDirectoryName(MediaFile(id))!;
        // One after the other: who finds the folder must not go on before the one who made it has synced it.
        lock (_syncedFolders)
        {
            if (PrivateFile.MakeFolder(folder) | !_syncedFolders.Contains(folder))
            {
                Folder.Sync(MediaPath);
                _syncedFolders.Add(folder);
            }
        }
    }

    /// <summary>Whether this is one of the folders over which media are spread.</summary>
    public bool IsMediaFolder(string path) =>
        System.IO.Path.GetDirectoryName(path) == MediaPath
        && System.IO.Path.GetFileName(path) is { Length: 2 } name
        && name.All(char.IsAsciiHexDigitLower);

    public void Dispose() => _lock.Dispose();

    // The host may name a folder that others need, such as a home: never restrict or fill that one.
    private static void VerifyOurs(string path)
    {
        if (Marks.Any(mark => System.IO.File.Exists(System.IO.Path.Combine(path, mark))))
            return;
        if (
            Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => System.IO.Path.GetFileName(entry) != MountPoint) is { } other
        )
        {
            throw new ForeignDirectoryException(
                $"'{path}' is no data directory: it holds \"{System.IO.Path.GetFileName(other)}\", and neither a database nor a server.json. Name a directory that is new or empty."
            );
        }
    }

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
                $"The data directory '{path}' is in use by another server. Stop that one first, or start this one with another directory.",
                e
            );
        }
    }

    // We may not be allowed to open the parent folder. Then its file system decides when the new name is safe.
    private static void SyncParent(string path)
    {
        try
        {
            if (System.IO.Path.GetDirectoryName(path) is { } parent)
                Folder.Sync(parent);
        }
        catch (IOException) { }
    }

    private static bool IsFilled(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private static string FolderName(int index) => index.ToString("x2", CultureInfo.InvariantCulture);

    private void MakeFolders()
    {
        PrivateFile.MakeFolder(MediaPath);
        PrivateFile.MakeFolder(TemporaryPath);
        Folder.Sync(Path);
    }

    private void DeleteTemporaries()
    {
        foreach (
            var left in Directory.EnumerateFiles(TemporaryPath).Where(file => !file.EndsWith(ArrivingSuffix, StringComparison.Ordinal))
        )
            System.IO.File.Delete(left);
    }
}
