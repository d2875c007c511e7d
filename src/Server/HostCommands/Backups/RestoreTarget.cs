using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>
/// The directory into which a restore writes. It builds everything in a subfolder and moves it up at the end, protected by a mark that is written first
/// and deleted last. So a server never starts on half a restore, and a killed restore can be repeated. Nothing that existed before is deleted.
/// </summary>
internal sealed class RestoreTarget : IDisposable
{
    private const string MountPoint = "lost+found",
        DataFile = "stories.db",
        LogFile = "stories.log",
        LockFile = "lock",
        TemporaryFolder = "tmp";
    private const string MarkText =
        "A restore or a migration into this directory is running, or was killed. Run the same command again. No server starts here until then.\n";

    // Names that an earlier restore may have moved up before it was killed.
    private static readonly string[] Restored =
    [
        DataFile,
        LogFile,
        PageSums.FileName,
        SyncMark.FileName,
        LockFile,
        TemporaryFolder,
        "media",
        "lib",
        "link-key",
        "webhook-key",
        MediaMark.FileName,
        DataDirectory.CopiesName,
        "owner-invite",
        DamagedMedia.FileName,
        UnfinishedRestore.StageName,
    ];

    private readonly string _path;
    private readonly List<string> _made;
    private readonly FileStream _mark;
    private bool _isMoving;

    private RestoreTarget(string path, List<string> made, FileStream mark) => (_path, _made, _mark) = (path, made, mark);

    /// <summary>Folder in which the data directory is built.</summary>
    public string Stage => Path.Combine(_path, UnfinishedRestore.StageName);

    /// <summary>Whether the restored files will belong to root, because the directory does.</summary>
    public bool IsRoots { get; private init; }

    /// <exception cref="DataDirectoryException">The directory holds something that must not be overwritten.</exception>
    public static RestoreTarget Open(string path) => Open(path, keepsStage: false);

    /// <param name="path">The directory.</param>
    /// <param name="keepsStage">Whether what a killed one has built is used again.</param>
    /// <exception cref="DataDirectoryException">The directory holds something that must not be overwritten.</exception>
    public static RestoreTarget Open(string path, bool keepsStage)
    {
        path = Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (File.Exists(path))
        {
            throw new DataDirectoryException($"'{path}' is a file. Name a directory that is new or empty.");
        }
        var isUnfinished = File.Exists(Path.Combine(path, UnfinishedRestore.MarkName));
        Verify(path, isUnfinished);
        var made = Make(path);
        FolderUser.Become(path);
        var mark = TakeMark(path);
        if (isUnfinished)
        {
            Clear(path, keepsStage);
        }
        return new(path, made, mark) { IsRoots = FolderUser.IsRoot };
    }

    /// <summary>Moves everything to its final place. On return it is on disk.</summary>
    public void Finish()
    {
        // Without a data file, because the rows are in PostgreSQL, the lock is what makes it a data directory.
        if (File.Exists(Path.Combine(Stage, DataFile)))
        {
            File.Delete(Path.Combine(Stage, LockFile));
        }
        Directory.Delete(Path.Combine(Stage, TemporaryFolder), recursive: true);
        foreach (var folder in Directory.EnumerateDirectories(Stage, "*", SearchOption.AllDirectories))
        {
            Folder.Sync(folder);
        }
        Folder.Sync(Stage);
        _isMoving = true;
        // The data file last: it makes the directory a data directory.
        foreach (var entry in Directory.GetFileSystemEntries(Stage).OrderBy(entry => Path.GetFileName(entry) is DataFile or LockFile))
        {
            MoveInto(entry, _path);
        }
        Directory.Delete(Stage);
        Folder.Sync(_path);
        RemoveMark();
        _made.ForEach(folder => Folder.Sync(Path.GetDirectoryName(folder)!));
    }

    /// <summary>Deletes what this restore has made. Files that were already moved stay, with the mark, and the next restore deletes them.</summary>
    public void GiveUp()
    {
        if (_isMoving)
        {
            return;
        }
        if (Directory.Exists(Stage))
        {
            Directory.Delete(Stage, recursive: true);
        }
        RemoveMark();
        try
        {
            _made.ForEach(Directory.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else uses it by now, or its owner cannot write the parent folder. An empty folder does no harm.
        }
    }

    public void Dispose() => _mark.Dispose();

    /// <summary>Follows a symbolic link, so that the restore goes into its target and the link stays.</summary>
    private static string Follow(string path) =>
        new DirectoryInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : path;

    private static void Verify(string path, bool isUnfinished)
    {
        if (!Directory.Exists(path))
        {
            return;
        }
        var entries = Directory
            .EnumerateFileSystemEntries(path)
            .Where(entry => Path.GetFileName(entry) is not (MountPoint or UnfinishedRestore.MarkName));
        if (isUnfinished)
        {
            if (entries.FirstOrDefault(entry => !IsRestored(Path.GetFileName(entry))) is { } other)
            {
                throw new DataDirectoryException(
                    $"'{path}' holds a restore that was killed, and also \"{Path.GetFileName(other)}\", which no restore made. Move that away, or restore into a new directory."
                );
            }
        }
        else if (entries.FirstOrDefault(entry => !HoldsNothing(entry)) is { } other)
        {
            throw new DataDirectoryException(
                $"'{path}' is not empty: it holds \"{Path.GetFileName(other)}\". Restore into a new directory, or move the old one away."
            );
        }
    }

    private static bool IsRestored(string name) => Restored.Contains(name) || name.StartsWith("stories.schema-", StringComparison.Ordinal);

    /// <summary>Whether there are only folders without files, and empty files: a start or a restore that is killed at its very beginning leaves those.</summary>
    private static bool HoldsNothing(string entry) =>
        Path.GetFileName(entry) switch
        {
            LockFile or DataFile or LogFile or SyncMark.FileName => new FileInfo(entry) is { Exists: true, Length: 0, LinkTarget: null },
            "media" or TemporaryFolder => new DirectoryInfo(entry) is { Exists: true, LinkTarget: null } folder
                && !folder.EnumerateFiles("*", SearchOption.AllDirectories).Any(),
            _ => false,
        };

    /// <summary>Creates a folder and its missing parents, with the owner of the existing one.</summary>
    /// <returns>The created folders, innermost first.</returns>
    private static List<string> Make(string path)
    {
        var missing = new List<string>();
        for (var folder = path; !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)!)
        {
            missing.Add(folder);
        }
        foreach (var folder in missing.AsEnumerable().Reverse())
        {
            PrivateFile.MakeFolder(folder);
            if (FolderUser.IsRoot)
            {
                FolderUser.Give(folder, FolderUser.Find(Path.GetDirectoryName(folder)!));
            }
        }
        return missing;
    }

    private static FileStream TakeMark(string path)
    {
        // A server that is just starting on the empty directory has this file.
        if (File.Exists(Path.Combine(path, LockFile)))
        {
            Lock(path, LockFile).Dispose();
        }
        var mark = Lock(path, UnfinishedRestore.MarkName);
        mark.SetLength(0);
        mark.Write(Encoding.UTF8.GetBytes(MarkText));
        mark.Flush(flushToDisk: true);
        Folder.Sync(path);
        return mark;
    }

    private static FileStream Lock(string path, string name)
    {
        try
        {
            return PrivateFile.Open(Path.Combine(path, name), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DataDirectoryException($"'{path}' is in use by a server or by another restore: {FileFault.Reason(e)}", e);
        }
    }

    private static void Clear(string path, bool keepsStage)
    {
        foreach (var entry in Directory.GetFileSystemEntries(path).Where(entry => IsRestored(Path.GetFileName(entry))))
        {
            if (keepsStage && Path.GetFileName(entry) == UnfinishedRestore.StageName)
            {
                continue;
            }
            if (Directory.Exists(entry) && new DirectoryInfo(entry).LinkTarget is null)
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
    }

    /// <summary>Moves an entry into a folder. An existing folder stays and receives the contents.</summary>
    private static void MoveInto(string entry, string folder)
    {
        var place = Path.Combine(folder, Path.GetFileName(entry));
        if (File.Exists(entry))
        {
            // Only empty files can exist there.
            File.Move(entry, place, overwrite: true);
        }
        else if (!Directory.Exists(place))
        {
            Directory.Move(entry, place);
        }
        else
        {
            foreach (var inner in Directory.GetFileSystemEntries(entry))
            {
                MoveInto(inner, place);
            }
            Folder.Sync(place);
            Directory.Delete(entry);
        }
    }

    private void RemoveMark()
    {
        File.Delete(Path.Combine(_path, UnfinishedRestore.MarkName));
        Folder.Sync(_path);
    }
}
