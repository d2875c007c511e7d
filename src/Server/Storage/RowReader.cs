using System.Runtime.CompilerServices;

namespace StoriesCli.Server.Storage;

/// <summary>Reads whole collections while a projection is loaded.</summary>
internal abstract class RowReader : IDisposable
{
    /// <summary>All rows in the order of their ids.</summary>
    public IEnumerable<TRow> All<TRow>(Collection<TRow> collection)
        where TRow : class
    {
        foreach (var row in All(collection.Name, collection.FromDocument))
            yield return Unsafe.As<TRow>(row);
    }

    // Not generic: the native runtime would build a generic method that is overridden anew for each type of row, in a third of the start.
    protected abstract IEnumerable<object> All(string collection, Func<RowDocument, object> read);

    public virtual void Dispose() { }
}
