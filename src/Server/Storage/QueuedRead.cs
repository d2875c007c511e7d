using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

/// <summary>Work on the engine itself between two batches: reading a page of rows, or a checkpoint.</summary>
internal sealed class QueuedRead<T>(Func<IRowEngine, T> look, CancellationToken cancel) : QueuedChange<T>(_ => default!, cancel)
{
    public override bool NeedsEngine => true;

    public override void Look(IRowEngine engine) => Result = look(engine);
}
