namespace StoriesCli.Server.Storage;

/// <summary>All projections. Only the writer thread changes them; readers get the published ones with one read of a reference.</summary>
internal sealed class ReadModel
{
    private const int Nobody = -1;

    private readonly List<Func<RowReader, object>> _loads = [];
    private readonly Dictionary<string, RowFold> _folds = new(StringComparer.Ordinal);
    private Snapshot _published = new([]);
    private object[] _pending = [];
    private object[] _mark = [];
    private int _changingThread = Nobody;
    private bool _changed;

    public Snapshot Published => Volatile.Read(ref _published);

    /// <returns>The projection's index.</returns>
    public int Add(Func<RowReader, object> load)
    {
        _loads.Add(load);
        return _loads.Count - 1;
    }

    /// <summary>Registers how the rows of a collection change a projection.</summary>
    public void Fold(string collection, int index, Func<object, object, object> put, Func<object, object, object> delete) =>
        _folds.Add(collection, new(index, put, delete));

    /// <summary>Inside a change: folds a written row into its projection, if there is one.</summary>
    public void Put(string collection, object row)
    {
        VerifyChanging();
        if (_folds.TryGetValue(collection, out var fold))
            SetPending(fold.Index, fold.Put(_pending[fold.Index], row));
    }

    /// <summary>Inside a change: folds a deleted row into its projection, if there is one.</summary>
    public void Delete(string collection, object row)
    {
        VerifyChanging();
        if (_folds.TryGetValue(collection, out var fold))
            SetPending(fold.Index, fold.Delete(_pending[fold.Index], row));
    }

    public object GetPending(int index)
    {
        VerifyChanging();
        return _pending[index];
    }

    private void SetPending(int index, object model)
    {
        _pending[index] = model;
        _changed = true;
    }

    /// <summary>Loads every projection from the rows, and publishes them together.</summary>
    public void Load(RowReader reader)
    {
        var loaded = new object[_loads.Count];
        for (var i = 0; i < loaded.Length; i++)
            loaded[i] = _loads[i](reader);
        _pending = loaded;
        _mark = new object[loaded.Length];
        _changed = true;
        Publish();
    }

    /// <summary>Runs one change on the pending models. If it throws, its edits are undone.</summary>
    public void Change(Action change)
    {
        _pending.CopyTo(_mark, 0);
        _changingThread = Environment.CurrentManagedThreadId;
        try
        {
            change();
        }
        catch
        {
            UndoLast();
            throw;
        }
        finally
        {
            _changingThread = Nobody;
        }
    }

    /// <summary>Undoes the last change.</summary>
    public void UndoLast() => _mark.CopyTo(_pending, 0);

    /// <summary>Undoes everything that is not published.</summary>
    public void UndoAll() => _published.CopyTo(_pending);

    public void Publish()
    {
        if (!_changed)
            return;
        Volatile.Write(ref _published, new Snapshot([.. _pending]));
        _changed = false;
    }

    private void VerifyChanging()
    {
        if (_changingThread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("Pending models may only be used inside a change, on the writer thread.");
    }

    private readonly record struct RowFold(int Index, Func<object, object, object> Put, Func<object, object, object> Delete);
}
