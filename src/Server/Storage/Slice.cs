using System.Runtime.CompilerServices;

namespace StoriesCli.Server.Storage;

/// <summary>One feature's part of the read model: an immutable value that a commit replaces.</summary>
internal sealed class Slice<TModel>
    where TModel : class
{
    private readonly ReadModel _model;
    private readonly int _index;

    internal Slice(ReadModel model, int index)
    {
        _model = model;
        _index = index;
    }

    /// <summary>What is committed, for any thread.</summary>
    public TModel Current => In(_model.Published);

    /// <summary>Inside a change: what is committed with the effects of all changes before. Setting it is undone when the change fails.</summary>
    public TModel Pending
    {
        get => Unsafe.As<TModel>(_model.GetPending(_index));
        set => _model.SetPending(_index, value);
    }

    /// <summary>This slice as it was at one commit, beside others of the same commit.</summary>
    public TModel In(Snapshot snapshot) => Unsafe.As<TModel>(snapshot[_index]);
}
