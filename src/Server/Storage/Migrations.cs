using LiteDB;
using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

/// <summary>One forward step of the schema: its writes lead from the version before <paramref name="To"/> to that version.</summary>
/// <param name="To">New version, from 2.</param>
/// <param name="Change">Computes the writes from the rows that the previous steps left. An exception undoes all steps.</param>
/// <param name="Reader">
/// The oldest version whose servers may still open the result. Equals <paramref name="To"/> when stored data changes its meaning. A step
/// that only adds fields which older servers may omit and drop keeps the previous reader.
/// </param>
internal sealed record Migration(int To, Func<MigrationRows, IEnumerable<RowWrite>> Change, int? Reader = null);

/// <summary>What a step may read: raw documents, because the row types know only the newest schema.</summary>
internal sealed class MigrationRows
{
    private readonly IMigratedRows _rows;

    internal MigrationRows(IMigratedRows rows) => _rows = rows;

    public IEnumerable<BsonDocument> All(string collection) => _rows.Scan(collection);
}

/// <summary>The version of the stored data, and the steps that lead to it.</summary>
internal sealed class Migrations
{
    public const string SchemaCollection = "schema";
    private const string VersionId = "version",
        VersionField = "value",
        ReaderField = "reader";

    /// <summary>From this schema on, a data file has checksums beside it.</summary>
    public const int FirstWithSums = 2;

    private readonly Migration[] _steps;

    public Migrations(params Migration[] steps)
    {
        for (var i = 0; i < steps.Length; i++)
            if (steps[i].To != i + 2)
                throw new ArgumentException($"Step {i} leads to version {steps[i].To}, not {i + 2}.", nameof(steps));
        _steps = steps;
    }

    /// <summary>
    /// The steps of this program. From version 2, pages have checksums and syncs are noted. An older server would change the files without
    /// updating either, so that they would look damaged. From version 3, short texts have no file: an older server would miss it.
    /// </summary>
    public static Migrations Released { get; } = new(new Migration(2, _ => []), new Migration(3, _ => []));

    public int Newest => _steps.Length + 1;

    /// <summary>
    /// Migrates the database to the newest schema. Before the first step the engine copies what it can. All steps are one transaction: when one
    /// fails, the database stays as it was and the older server can still open it.
    /// </summary>
    /// <returns>The version that was found; 0 for a new database.</returns>
    /// <exception cref="DataDirectoryException">A newer program wrote it, or it is not a server's, or a step failed.</exception>
    public int Run(IMigratedRows engine, ILogger log)
    {
        var version = FindReadable(engine);
        if (version >= Newest)
            return version;

        if (version == 0)
            engine.CommitSteps([() => [Version(Newest, Reader(Newest))]]);
        else
            Migrate(engine, version, log);
        engine.Sync();
        return version;
    }

    /// <summary>Finds the version of the rows, and changes nothing.</summary>
    /// <returns>0 for a new database.</returns>
    /// <exception cref="DataDirectoryException">A newer program wrote it, or it is not a server's.</exception>
    public int FindReadable(IMigratedRows engine)
    {
        var (version, reader) = FindVersion(engine);
        return reader <= Newest
            ? version
            : throw new DataDirectoryException(
                $"{engine.Place} has schema {version}, which servers from schema {reader} on can read; "
                    + $"this server knows schemas up to {Newest}. Start the newer server again, or go back as docs/host/upgrade.md says."
            );
    }

    private void Migrate(IMigratedRows engine, int version, ILogger log)
    {
        var deleteCopy = engine.KeepCopy(version, Newest, log);
        try
        {
            var rows = new MigrationRows(engine);
            engine.CommitSteps(
                _steps
                    .Where(step => step.To > version)
                    .Select(step => (Func<IEnumerable<RowWrite>>)(() => [.. step.Change(rows), Version(step.To, Reader(step.To))]))
            );
        }
        catch (Exception e)
        {
            deleteCopy();
            throw new DataDirectoryException(
                $"{engine.Place} could not be brought from schema {version} to {Newest}: {e.Message} "
                    + "It has not changed: the previous server can still open it.",
                e
            );
        }
        Log.Migrated(log, Newest);
    }

    // By default a step changes the meaning; otherwise the reader that earlier steps require still holds.
    private int Reader(int version) => _steps.Take(version - 1).Aggregate(1, (reader, step) => Math.Max(reader, step.Reader ?? step.To));

    private static (int Version, int Reader) FindVersion(IMigratedRows engine)
    {
        var collections = engine.CollectionNames();
        if (collections.Count == 0)
            return (0, 0);
        return
            collections.Contains(SchemaCollection)
            && engine.Find(SchemaCollection, VersionId) is { } row
            && row[VersionField] is { IsInt32: true } value
            ? (value.AsInt32, row[ReaderField] is { IsInt32: true } reader ? reader.AsInt32 : value.AsInt32)
            : throw new DataDirectoryException(
                $"{engine.Place} has rows of something else than this server. Name a new one, or an empty one."
            );
    }

    private static RowWrite Version(int version, int reader) =>
        new(
            WriteKind.Put,
            SchemaCollection,
            VersionId,
            new BsonDocument
            {
                ["_id"] = VersionId,
                [VersionField] = version,
                [ReaderField] = reader,
            }
        );
}
