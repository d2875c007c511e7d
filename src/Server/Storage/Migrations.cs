using LiteDB;

namespace StoriesCli.Server.Storage;

/// <summary>One step of the schema, forward only: the writes it returns lead from the version before <paramref name="To"/> to it.</summary>
internal sealed record Migration(int To, Func<MigrationRows, IEnumerable<RowWrite>> Change);

/// <summary>What a step may read: documents as they lie there, for the rows' own types know only the newest schema.</summary>
internal sealed class MigrationRows
{
    private readonly RowEngine _engine;

    internal MigrationRows(RowEngine engine) => _engine = engine;

    public IEnumerable<BsonDocument> All(string collection) => _engine.Scan(collection);
}

/// <summary>The version of what is stored, and the steps that lead to it.</summary>
internal sealed class Migrations
{
    private const string SchemaCollection = "schema";
    private const string VersionId = "version";

    private readonly Migration[] _steps;

    public Migrations(params Migration[] steps)
    {
        for (var i = 0; i < steps.Length; i++)
            if (steps[i].To != i + 2) throw new ArgumentException($"Step {i} leads to version {steps[i].To}, not {i + 2}.", nameof(steps));
        _steps = steps;
    }

    /// <summary>The steps of this program.</summary>
    public static Migrations Released { get; } = new();

    public int Newest => _steps.Length + 1;

    /// <summary>Brings the database to the newest schema; before the first step it keeps a copy of the data file.</summary>
    /// <exception cref="DataDirectoryException">A newer program wrote it, or no server did.</exception>
    public void Run(RowEngine engine, DataDirectory directory, ILogger log)
    {
        var version = FindVersion(engine, directory);
        if (version > Newest)
            throw new DataDirectoryException($"The data directory '{directory.Path}' has schema {version}; "
                + $"this server knows schemas up to {Newest}. Start the newer server again, or restore a backup.");
        if (version == Newest) return;

        if (version > 0) KeepCopy(engine, directory, version, log);
        foreach (var step in _steps.Where(step => version > 0 && step.To > version))
        {
            engine.Commit([.. step.Change(new MigrationRows(engine)), Version(step.To)]);
            Log.Migrated(log, step.To);
        }
        if (version == 0) engine.Commit([Version(Newest)]);
        engine.Sync();
    }

    private static int FindVersion(RowEngine engine, DataDirectory directory)
    {
        var collections = engine.CollectionNames();
        if (collections.Count == 0) return 0;
        return collections.Contains(SchemaCollection) && engine.Find(SchemaCollection, VersionId)?["value"] is { IsInt32: true } value
            ? value.AsInt32
            : throw new DataDirectoryException($"'{directory.DatabaseFile}' is not a database of this server.");
    }

    private static void KeepCopy(RowEngine engine, DataDirectory directory, int version, ILogger log)
    {
        // Between checkpoints the data file does not change, so it can be copied while it is open.
        engine.Checkpoint();
        var copy = directory.File($"stories.schema-{version}.db");
        AtomicFile.Copy(directory.DatabaseFile, copy);
        Log.CopiedBeforeMigration(log, copy);
    }

    private static RowWrite Version(int version) =>
        new(WriteKind.Put, SchemaCollection, VersionId, new BsonDocument { ["_id"] = VersionId, ["value"] = version });
}
