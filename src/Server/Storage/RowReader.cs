namespace StoriesCli.Server.Storage;

/// <summary>Reads whole collections while a projection is loaded.</summary>
internal abstract class RowReader : IDisposable
{
    /// <summary>All rows in the order of their ids.</summary>
    public abstract IEnumerable<TRow> All<TRow>(Collection<TRow> collection);

    public virtual void Dispose() { }
}
