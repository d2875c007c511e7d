namespace StoriesCli.Server.Storage;

/// <summary>All slices together. The owner alone changes them; readers take what is published with one read of a reference.</summary>
internal sealed class ReadModel
{
    private const int Nobody = -1;

    private readonly List<Func<RowReader, object>> _loads = [];
    private Snapshot _published = new([]);
    private object[] _pending = [];
    private object[] _mark = [];
    private int _changingThread = Nobody;
    private bool _changed;

    public Snapshot Published => Volatile.Read(ref _published);

    public Slice<TModel> Add<TModel>(Func<RowReader, TModel> load)
        where TModel : class
    {
        _loads.Add(load);
        return new Slice<TModel>(this, _loads.Count - 1);
    }

    public object GetPending(int index)
    {
        VerifyChanging();
        return _pending[index];
    }

    public void SetPending(int index, object model)
    {
        ArgumentNullException.ThrowIfNull(model);
        VerifyChanging();
        _pending[index] = model;
        _changed = true;
    }

    /// <summary>Makes every slice anew from the rows, and publishes them together.</summary>
    public void Load(RowReader reader)
    {
        var loaded = new object[_loads.Count];
        for (var i = 0; i < loaded.Length; i++) loaded[i] = _loads[i](reader);
        _pending = loaded;
        _mark = new object[loaded.Length];
        _changed = true;
        Publish();
    }

    /// <summary>Lets one change see and set what is pending; when it throws, its edits are undone.</summary>
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

    /// <summary>Undoes the change that ran last.</summary>
    public void UndoLast() => _mark.CopyTo(_pending, 0);

    /// <summary>Undoes everything that is not published.</summary>
    public void UndoAll() => _published.CopyTo(_pending);

    public void Publish()
    {
        if (!_changed) return;
        Volatile.Write(ref _published, new Snapshot([.. _pending]));
        _changed = false;
    }

    private void VerifyChanging()
    {
        if (_changingThread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("Pending models may only be used inside a change, on the owner's thread.");
    }
}
