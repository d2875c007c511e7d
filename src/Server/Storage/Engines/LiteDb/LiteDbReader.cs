namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>Reads from the pages of the data file when the log is empty, else through the engine.</summary>
internal sealed class LiteDbReader(RowEngine engine) : RowReader
{
    private readonly PageScan? _pages = engine.LogPages == 0 ? PageScan.Of(engine.OpenPages) : null;

    protected override IEnumerable<object> All(string collection, Func<RowDocument, object> read) =>
        _pages?.All(collection, read) ?? engine.Scan(collection).Select(stored => read(new(stored)));
}
