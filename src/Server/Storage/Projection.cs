using System.Runtime.CompilerServices;

namespace StoriesCli.Server.Storage;

/// <summary>
/// One feature's part of the read model: an immutable value computed only from the rows of some collections. Each row that a
/// change writes is folded in at once, and undone with the change. Loading is the same fold over all rows.
/// </summary>
internal sealed class Projection<TModel>
    where TModel : class
{
    private readonly Database _database;
    private readonly ReadModel _model;
    private readonly int _index;
    private readonly TModel _empty;
    private readonly List<Func<TModel, RowReader, TModel>> _folds = [];
    private Func<RowReader, TModel>? _load;
    private Func<TModel, RowReader, TModel> _complete = (model, _) => model;

    internal Projection(Database database, ReadModel model, TModel empty)
    {
        (_database, _model, _empty) = (database, model, empty);
        _index = model.Add(Load);
    }

    /// <summary>The committed model, for any thread.</summary>
    public TModel Current => In(_model.Published);

    /// <summary>Inside a change: the committed model with the writes of earlier changes and of this one so far.</summary>
    public TModel Pending => Unsafe.As<TModel>(_model.GetPending(_index));

    /// <summary>This projection at one commit, consistent with others of the same commit.</summary>
    public TModel In(Snapshot snapshot) => Unsafe.As<TModel>(snapshot[_index]);

    /// <summary>Registers a collection, and how its rows change the model.</summary>
    /// <param name="collection">A collection that no other projection registers.</param>
    /// <param name="put">Returns the model with the row, in place of the one with its id.</param>
    /// <param name="delete">Returns the model without the row, which it may not contain.</param>
    public Projection<TModel> On<TRow>(Collection<TRow> collection, Func<TModel, TRow, TModel> put, Func<TModel, TRow, TModel> delete)
        where TRow : class
    {
        _database.Register(collection);
        _model.Fold(
            collection.Name,
            _index,
            (model, row) => put(Unsafe.As<TModel>(model), Unsafe.As<TRow>(row)),
            (model, row) => delete(Unsafe.As<TModel>(model), Unsafe.As<TRow>(row))
        );
        _folds.Add(
            (model, rows) =>
            {
                foreach (var row in rows.All(collection))
                    model = put(model, row);
                return model;
            }
        );
        return this;
    }

    /// <summary>Replaces row-by-row loading where another way is faster. The result must be the same.</summary>
    public Projection<TModel> LoadedBy(Func<RowReader, TModel> load)
    {
        _load = load;
        return this;
    }

    /// <summary>Adds to the loaded model what other collections say.</summary>
    public Projection<TModel> CompletedBy(Func<TModel, RowReader, TModel> complete)
    {
        _complete = complete;
        return this;
    }

    private object Load(RowReader rows) =>
        _complete(_load is null ? _folds.Aggregate(_empty, (model, fold) => fold(model, rows)) : _load(rows), rows);
}
