namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>Reads from the pages of the data file when the log is empty, else through the engine.</summary>
internal sealed class LiteDbReader(RowEngine engine) : RowReader
{
    private readonly PageScan? _pages = engine.LogPages == 0 ? PageScan.Of(engine.OpenPages) : null;

    public override IEnumerable<TRow> All<TRow>(Collection<TRow> collection) =>
        _pages?.All(collection.Name, collection.FromDocument) ?? engine.Scan(collection.Name).Select(collection.Read);
}
