using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Storage;

/// <summary>Reads whole collections while a projection is loaded.</summary>
internal sealed class RowReader
{
    private readonly RowEngine _engine;

    internal RowReader(RowEngine engine) => _engine = engine;

    /// <summary>All rows in the order of their ids, read one by one.</summary>
    public IEnumerable<TRow> All<TRow>(Collection<TRow> collection) => _engine.Scan(collection.Name).Select(collection.Read);
}
