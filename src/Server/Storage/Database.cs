using System.Threading.Channels;

namespace StoriesCli.Server.Storage;

/// <summary>
/// Rows on the disk and the read model made of them. One thread owns both; a change is acknowledged and visible only once it is on the disk.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly Dictionary<string, Shape> _collections = new(StringComparer.OrdinalIgnoreCase);
    private readonly ReadModel _model = new();
    private readonly Channel<QueuedChange> _queue;
    private readonly DataDirectory _directory;
    private readonly Owner _owner;
    private readonly Slice<Quarantine> _quarantine;
    private bool _opened;
    private volatile bool _closing;

    public Database(DataDirectory directory, ILogger<Database> log, DatabaseSettings? settings = null)
    {
        settings ??= new DatabaseSettings();
        _directory = directory;
        _queue = Channel.CreateBounded<QueuedChange>(new BoundedChannelOptions(settings.QueueLimit) { SingleReader = true });
        _owner = new Owner(directory, log, settings, _collections, _model, _queue);
        Register(QuarantineRow.Collection);
        _quarantine = Project(Quarantine.Empty).LoadedBy(rows => new Quarantine(rows.All(QuarantineRow.Collection)));
    }

    /// <summary>Called once, on another thread, when the database failed and could not be opened again: the process should end.</summary>
    public event Action<Exception>? Stopped
    {
        add => _owner.Stopped += value;
        remove => _owner.Stopped -= value;
    }

    /// <summary>On the owner's thread: nothing on the disk shows any more what was deleted until now.</summary>
    public event Action? Erased
    {
        add => _owner.Erased += value;
        remove => _owner.Erased -= value;
    }

    /// <summary>Called on the owner's thread when the database failed and was opened again: what was in doubt may be there, and its <see cref="Changes.AfterCommit"/> never ran.</summary>
    public event Action? Reopened
    {
        add => _owner.Reopened += value;
        remove => _owner.Reopened -= value;
    }

    public DatabaseHealth Health => _owner.Health;

    /// <summary>Rows that were lost to damage of the data file.</summary>
    public Quarantine Quarantine => _quarantine.Current;

    /// <summary>Pages of the log that may have been acknowledged and were lost, since the process started.</summary>
    public long LostLogPages => _owner.LostLogPages;

    /// <summary>The copy of a damaged log, while it is kept: rows of before it may be lost, and nobody can name them.</summary>
    public KeptFile? KeptLog => _owner.KeptLog;

    public CommitTimes CommitTimes => _owner.CommitTimes;

    public int QueueLength => _queue.Reader.Count;

    /// <summary>All slices as of the last commit, for readers that need several of the same one: <c>slice.In(snapshot)</c>.</summary>
    public Snapshot Published => _model.Published;

    public void Register<TRow>(Collection<TRow> collection)
    {
        VerifyNotOpened();
        _collections.Add(collection.Name, new Shape(collection.Name, collection.Indexes));
    }

    /// <summary>Adds a part of the read model. It is loaded on the owner's thread, at opening and after each recovery.</summary>
    /// <param name="empty">The model of no rows.</param>
    public Slice<TModel> Project<TModel>(TModel empty)
        where TModel : class
    {
        VerifyNotOpened();
        return new(this, _model, empty);
    }

    /// <exception cref="DataDirectoryException">The database is of a newer program, or not one of ours.</exception>
    public Task OpenAsync()
    {
        VerifyNotOpened();
        _opened = true;
        return _owner.Start();
    }

    /// <summary>
    /// Runs <paramref name="change"/> on the owner's thread, in its turn, and returns once its writes are on the disk and visible.
    /// What it throws fails it alone. It must touch nothing but pending models and its <see cref="Changes"/>: it may run twice.
    /// </summary>
    /// <exception cref="DuplicateRowException">A row that it inserted is there already.</exception>
    /// <exception cref="DatabaseUnavailableException">It was not taken, or cannot be told from one that was.</exception>
    public Task<T> CommitAsync<T>(Func<Changes, T> change, CancellationToken cancel = default) => Enqueue(new QueuedChange<T>(change, cancel));

    /// <summary>A page of rows that no slice holds, in the order of the ids, as of now. They are read on the owner's thread, so pages are small.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be read now.</exception>
    public Task<IReadOnlyList<TRow>> ReadAsync<TRow>(Collection<TRow> collection, RowRange range, CancellationToken cancel = default) =>
        Enqueue(new QueuedLook<IReadOnlyList<TRow>>(engine => [.. engine.Page(collection.Name, range).Select(collection.FromDocument)], cancel));

    /// <summary>Takes what was deleted off the disk: in the data file LiteDB writes zeros over it, but the log shows it until it is emptied.</summary>
    /// <returns>Whether nothing that was deleted is shown any more; false while a backup holds the files, or when the disk is full.</returns>
    /// <exception cref="DatabaseUnavailableException">It cannot be done now.</exception>
    public Task<bool> EraseDeletedAsync(CancellationToken cancel = default) => Enqueue(new QueuedLook<bool>(_owner.Erase, cancel));

    /// <summary>Keeps data file and log as they are for a backup, until the answer is disposed. Changes go on meanwhile, behind that part of the log.</summary>
    /// <param name="capture">Runs at that moment: the published models are those of the files.</param>
    /// <param name="cancel">Gives up only while it waits for its turn.</param>
    /// <exception cref="DatabaseUnavailableException">It cannot be done now.</exception>
    public async Task<HeldMoment<T>> HoldAsync<T>(Func<T> capture, CancellationToken cancel = default)
    {
        var (moment, findDamage) = await Enqueue(new QueuedLook<(HeldMoment<T>, Func<int>)>(engine => Hold(engine, capture), cancel)).ConfigureAwait(false);
        // The data file does not change while it is held, so all of it can be checked beside the owner.
        if (await Task.Run(findDamage, CancellationToken.None).ConfigureAwait(false) is 0) return moment;
        moment.Dispose();
        throw new DatabaseUnavailableException(UnavailableReason.NotReady, "The data file is damaged, so that no backup of it can be taken. "
            + "Start the server again: it saves every row that is whole, and names the others.");
    }

    private (HeldMoment<T> Moment, Func<int> FindDamage) Hold<T>(RowEngine engine, Func<T> capture)
    {
        // While another backup holds the file, it shows that one's moment and must not change.
        if (_owner.IsHeld) throw new DatabaseUnavailableException(UnavailableReason.NotReady, "Another backup is being taken. Wait until it is done.");
        engine.Sync();
        var captured = capture();
        _owner.HoldCheckpoints();
        return (new(_owner, _directory, engine.LogFileBytes, captured), engine.CountDamagedPages);
    }

    private Task<T> Enqueue<T>(QueuedChange<T> queued)
    {
        if (!Health.IsReady)
            queued.Refuse(_owner.NotReady());
        else if (!_queue.Writer.TryWrite(queued))
            queued.Refuse(Health.IsReady && !_closing
                ? new DatabaseUnavailableException(UnavailableReason.QueueFull, "Too many changes wait to be written. Try again in a moment.")
                : _owner.NotReady());
        return queued.Done;
    }

    /// <summary>Writes what waits, brings the log into the data file and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _queue.Writer.TryComplete();
        if (_opened) await _owner.Ended.ConfigureAwait(false);
    }

    private void VerifyNotOpened()
    {
        if (_opened) throw new InvalidOperationException("The database is open already.");
    }
}
