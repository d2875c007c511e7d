using LiteDB;
using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

internal enum WriteKind
{
    Insert,
    Put,
    Delete,
}

/// <summary>One recorded write. The document of a deletion is the row that goes; null where nobody needs it.</summary>
internal readonly record struct RowWrite(WriteKind Kind, string Collection, BsonValue Id, BsonDocument? Document);

/// <summary>The writes of one change: all of them reach the disk in one commit, or none. The read model follows each row at once.</summary>
internal sealed class WriteBatch(IReadOnlyDictionary<string, CollectionSchema> collections, ReadModel model, DomainEvents events)
{
    private readonly List<RowWrite> _writes = [];
    private List<Action>? _afterCommit;
    private List<CarriedEvent>? _carried;

    public IReadOnlyList<RowWrite> Writes => _writes;

    public IReadOnlyList<Action> Actions => _afterCommit ?? [];

    public IReadOnlyList<CarriedEvent> Carried => _carried ?? [];

    /// <summary>Adds a row. If its id is taken, the commit fails with <see cref="DuplicateRowException"/>.</summary>
    public void Insert<TRow>(Collection<TRow> c, TRow row)
        where TRow : class => Write(WriteKind.Insert, c, row);

    /// <summary>Adds a row or replaces the one with its id.</summary>
    public void Put<TRow>(Collection<TRow> c, TRow row)
        where TRow : class => Write(WriteKind.Put, c, row);

    /// <summary>Deletes the row with this row's id, if there is one.</summary>
    public void Delete<TRow>(Collection<TRow> c, TRow row)
        where TRow : class
    {
        Verify(c.Name);
        var document = c.Write(row);
        _writes.Add(new RowWrite(WriteKind.Delete, c.Name, IdOf(document), document));
        model.Delete(c.Name, row);
    }

    /// <summary>Runs on the writer thread once the change is on disk and visible, so it must be quick. Exceptions are only logged.</summary>
    public void AfterCommit(Action action) => (_afterCommit ??= []).Add(action);

    /// <summary>Tells the subscribers of <see cref="DomainEvents"/> what this change did. They may add writes of their own.</summary>
    public void Raise(object happened) => events.Raise(this, happened);

    internal void Carry(CarriedEvent happened) => (_carried ??= []).Add(happened);

    private void Write<TRow>(WriteKind kind, Collection<TRow> c, TRow row)
        where TRow : class
    {
        Verify(c.Name);
        var document = c.Write(row);
        _writes.Add(new RowWrite(kind, c.Name, IdOf(document), document));
        model.Put(c.Name, row);
    }

    private static BsonValue IdOf(BsonDocument document) =>
        document["_id"] is { IsString: true } id ? id : throw new ArgumentException("A row has no text as its _id.", nameof(document));

    private void Verify(string collection)
    {
        if (!collections.ContainsKey(collection))
            throw new InvalidOperationException($"The collection '{collection}' is not registered.");
    }
}
