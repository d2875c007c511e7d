using LiteDB;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>The rows of a data directory whose server is stopped, while they are moved.</summary>
internal static class RowFiles
{
    // With the log, and the files that say what of it is whole.
    private static readonly string[] Names = ["stories.db", "stories.log", PageSums.FileName, SyncMark.FileName];

    /// <summary>Copies them as they are. The old ones are only read.</summary>
    public static void Copy(DataDirectory from, DataDirectory to)
    {
        Delete(to);
        foreach (var name in Names.Where(name => File.Exists(from.File(name))))
            AtomicFile.Copy(from.File(name), to.File(name), told: $"copying {name}");
    }

    public static void Delete(DataDirectory directory)
    {
        foreach (var name in Names)
            File.Delete(directory.File(name));
        Folder.Sync(directory.Path);
    }

    /// <summary>Makes a data file of rows. On return it is on disk.</summary>
    public static void Write(DataDirectory directory, IEnumerable<(string Collection, BsonDocument Document)> rows)
    {
        Delete(directory);
        Rebuild.WriteNew(directory, rows);
        using var file = PrivateFile.Open(Rebuild.NewFile(directory), FileMode.OpenOrCreate, FileShare.None);
        AtomicFile.Place(file, directory.DatabaseFile);
    }

    /// <summary>Reads every collection in turn. Changes nothing.</summary>
    /// <param name="directory">The directory, which no database has open.</param>
    /// <param name="take">Takes the name and the rows of a collection. The rows can be read once.</param>
    public static void Read(DataDirectory directory, Action<string, IEnumerable<BsonDocument>> take)
    {
        using var engine = RowEngine.Open(directory, path => new LogFile(path));
        foreach (var collection in ((IMigratedRows)engine).CollectionNames())
            take(collection, engine.Scan(collection));
    }

    /// <summary>Reads a data file again that was just made, to compare it with what it was made of.</summary>
    public static IReadOnlyList<RowSum> SumNew(DataDirectory directory)
    {
        var sums = new List<RowSum>();
        Read(
            directory,
            (collection, rows) => sums.Add(RowSum.Of(collection, rows.Select(row => (row["_id"].AsString, BsonSerializer.Serialize(row)))))
        );
        // Reading has begun a log, which has nothing in it. With one, a start would miss the checksums that nobody has made yet.
        foreach (var name in Names.Where(name => directory.File(name) != directory.DatabaseFile))
            File.Delete(directory.File(name));
        return sums;
    }
}
