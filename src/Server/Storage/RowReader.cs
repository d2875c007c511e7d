using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Storage;

/// <summary>Reads whole collections while a projection is loaded.</summary>
internal sealed class RowReader
{
    private readonly RowEngine _engine;
    private readonly PageScan? _pages;

    internal RowReader(RowEngine engine) => (_engine, _pages) = (engine, engine.LogPages == 0 ? PageScan.Of(engine.OpenPages) : null);

    /// <summary>All rows in the order of their ids.</summary>
    public IEnumerable<TRow> All<TRow>(Collection<TRow> collection) =>
        _pages?.All(collection.Name, collection.FromDocument) ?? _engine.Scan(collection.Name).Select(collection.Read);
}
