using LiteDB;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>Replaces a damaged data file by a new one with every undamaged row, and keeps the damaged files for a while.</summary>
internal static class Rebuild
{
    private const string DoneName = "stories.db.rebuilt";

    /// <summary>Replaces the files. A crash at any point leaves either the damaged files or the new one.</summary>
    /// <exception cref="DataDirectoryException">Too much is lost. Nothing was changed.</exception>
    /// <returns>The lost rows. The new file names them in <see cref="QuarantineRow"/>s.</returns>
    public static IReadOnlyList<(string Collection, string Id)> Run(DataDirectory directory, PageSource pages, bool logIsKept)
    {
        var rows = SalvagedRows.Read(pages, directory.DatabaseFile);
        if (rows.Lost.Any(lost => lost.Collection == Migrations.SchemaCollection))
            throw SalvagedRows.Refuse(directory.DatabaseFile, "the row that tells its version is lost");
        WriteNew(directory, rows.Rows.Concat(Quarantined(rows.Lost)));
        KeptDamage.Keep(directory.DatabaseFile);
        if (!logIsKept)
            KeptDamage.Keep(directory.LogFile);
        Place(directory, NewFile(directory));
        return rows.Lost;
    }

    /// <summary>Makes a new file the data file of the next opening, also after a crash.</summary>
    public static void Place(DataDirectory directory, string path)
    {
        using var file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.None);
        AtomicFile.Place(file, directory.File(DoneName));
    }

    /// <summary>Moves a complete new data file into place. The log and checksums of the old one must be deleted first.</summary>
    public static void Finish(DataDirectory directory)
    {
        var done = directory.File(DoneName);
        if (!File.Exists(done))
            return;
        foreach (var old in new[] { directory.LogFile, directory.File(SyncMark.FileName), directory.File(PageSums.FileName) })
            File.Delete(old);
        Folder.Sync(directory.Path);
        File.Move(done, directory.DatabaseFile, overwrite: true);
        Folder.Sync(directory.Path);
    }

    /// <summary>Whether the next opening takes a new file for the data file.</summary>
    public static bool IsPlaced(DataDirectory directory) => File.Exists(directory.File(DoneName));

    /// <summary>Where the new file is written. The next start deletes it if it is not placed.</summary>
    public static string NewFile(DataDirectory directory) => Path.Combine(directory.TemporaryPath, "rebuilt.db");

    public static void WriteNew(DataDirectory directory, IEnumerable<(string Collection, BsonDocument Document)> rows)
    {
        DeleteNew(directory);
        PrivateFile.Open(NewFile(directory), FileMode.CreateNew, FileShare.None).Dispose();
        RowEngine.WriteNew(NewFile(directory), rows);
    }

    public static void DeleteNew(DataDirectory directory)
    {
        File.Delete(NewFile(directory));
        File.Delete(Path.Combine(directory.TemporaryPath, "rebuilt-log.db"));
    }

    private static IEnumerable<(string Collection, BsonDocument Document)> Quarantined(IReadOnlyList<(string Collection, string Id)> lost)
    {
        var at = TimeProvider.System.GetUtcNow();
        foreach (var (collection, id) in lost)
        {
            // If the row about a lost row is lost, its id still says everything but the time.
            var named = collection == QuarantineRow.Collection.Name ? id : QuarantineRow.IdOf(collection, id);
            yield return (QuarantineRow.Collection.Name, QuarantineRow.Collection.Write(new(named, at)));
        }
    }
}
