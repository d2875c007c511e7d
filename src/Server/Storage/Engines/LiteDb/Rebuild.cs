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
        var path = Write(directory, rows);
        KeptDamage.Keep(directory.DatabaseFile);
        if (!logIsKept)
            KeptDamage.Keep(directory.LogFile);
        using (var file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.None))
            AtomicFile.Place(file, directory.File(DoneName));
        return rows.Lost;
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

    private static string Write(DataDirectory directory, SalvagedRows rows)
    {
        var path = Path.Combine(directory.TemporaryPath, "rebuilt.db");
        var log = Path.Combine(directory.TemporaryPath, "rebuilt-log.db");
        File.Delete(path);
        File.Delete(log);
        PrivateFile.Open(path, FileMode.CreateNew, FileShare.None).Dispose();
        RowEngine.WriteNew(path, rows.Rows.Concat(Quarantined(rows.Lost)));
        return path;
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
