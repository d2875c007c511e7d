using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

/// <summary>Commits a batch of changes in as few transactions as it can: one, or one per change when the engine refuses one of them.</summary>
internal sealed class Batch(ReadModel model, IReadOnlyDictionary<string, CollectionSchema> collections, DomainEvents events)
{
    private readonly List<RowWrite> _writes = [];
    private readonly List<CarriedEvent> _carried = [];

    /// <summary>Runs and commits the changes, but neither waits for the disk nor publishes. Returns whether there is anything to wait for.</summary>
    /// <exception cref="Exception">Only for errors after which the engine must be reopened.</exception>
    public bool Commit(IReadOnlyList<QueuedChange> changes, IRowEngine engine)
    {
        _writes.Clear();
        _carried.Clear();
        foreach (var change in changes)
        {
            var (writes, carried) = Decide(change);
            _writes.AddRange(writes);
            _carried.AddRange(carried);
        }
        if (_writes.Count == 0)
            return false;
        try
        {
            engine.Commit(_writes, _carried);
            foreach (var change in changes)
                change.Seq = engine.Seq;
            return true;
        }
        catch (Exception e) when (IsRefusal(e, engine))
        {
            model.UndoAll();
            foreach (var change in changes)
                CommitAlone(change, engine);
            return true;
        }
    }

    private static bool IsRefusal(Exception e, IRowEngine engine) => e is DuplicateRowException || engine.Survives(e);

    private void CommitAlone(QueuedChange change, IRowEngine engine)
    {
        var (writes, carried) = Decide(change);
        if (writes.Count == 0)
            return;
        try
        {
            engine.Commit(writes, carried);
            change.Seq = engine.Seq;
        }
        catch (Exception e) when (IsRefusal(e, engine))
        {
            model.UndoLast();
            Fail(change, e);
        }
    }

    private (IReadOnlyList<RowWrite> Writes, IReadOnlyList<CarriedEvent> Carried) Decide(QueuedChange change)
    {
        var recorded = new WriteBatch(collections, model, events);
        change.Error = null;
        try
        {
            model.Change(() => change.Run(recorded));
            change.AfterCommit = recorded.Actions;
            return (recorded.Writes, recorded.Carried);
        }
        catch (Exception e)
        {
            Fail(change, e);
            return ([], []);
        }
    }

    private static void Fail(QueuedChange change, Exception e)
    {
        change.Error = e;
        change.AfterCommit = [];
    }
}
