using System.Threading.Channels;
using StoriesCli.Server.Storage.Engines;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Engines.Postgres;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage;

/// <summary>
/// Rows on disk and the read model built from them. One thread owns both. A change is acknowledged and visible only once it is on disk.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly Dictionary<string, CollectionSchema> _collections = new(StringComparer.OrdinalIgnoreCase);
    private readonly ReadModel _model = new();
    private readonly Channel<QueuedChange> _queue;
    private readonly IRowEngine _engine;
    private readonly WriterThread _writer;
    private readonly Projection<Quarantine> _quarantine;
    private bool _opened;
    private volatile bool _closing;

    public Database(DataDirectory directory, ILogger<Database> log, DatabaseSettings? settings = null)
    {
        settings ??= new DatabaseSettings();
        Events = new() { AreCarried = settings.Postgres is not null };
        _engine = settings.Postgres is { } address
            ? new PostgresEngine(address, directory, settings, log)
            : new LiteDbEngine(directory, settings, log);
        _queue = Channel.CreateBounded<QueuedChange>(new BoundedChannelOptions(settings.QueueLimit) { SingleReader = true });
        Role = new(_engine);
        _writer = new WriterThread(
            _engine,
            Role,
            settings.Postgres?.Text ?? $"in '{directory.Path}'",
            log,
            settings,
            _collections,
            _model,
            Events,
            _queue
        );
        Register(QuarantineRow.Collection);
        _quarantine = Project(Quarantine.Empty).LoadedBy(rows => new Quarantine(rows.All(QuarantineRow.Collection)));
    }

    /// <summary>Called once, on another thread, when the database failed and could not be reopened: the process should end.</summary>
    public event Action<Exception>? Stopped
    {
        add => _writer.Stopped += value;
        remove => _writer.Stopped -= value;
    }

    /// <summary>Raised on the writer thread: no file on disk shows rows that were deleted until now.</summary>
    public event Action? Erased
    {
        add => _engine.Erased += value;
        remove => _engine.Erased -= value;
    }

    /// <summary>Raised on the writer thread when the database failed and was reopened. Changes in doubt may be stored, and their <see cref="WriteBatch.AfterCommit"/> never ran.</summary>
    public event Action? Reopened
    {
        add => _writer.Reopened += value;
        remove => _writer.Reopened -= value;
    }

    /// <summary>Features subscribe here to events of other features, before the database opens.</summary>
    public DomainEvents Events { get; }

    public DatabaseHealth Health => _writer.Health;

    /// <summary>Where the rows are, for messages.</summary>
    public string Place => _engine.Place;

    /// <summary>Which server writes, where several share the rows.</summary>
    public WriterRole Role { get; }

    /// <summary>Rows that were lost when the data file was damaged.</summary>
    public Quarantine Quarantine => _quarantine.Current;

    /// <summary>Number of log pages lost since the process started that may have been acknowledged.</summary>
    public long LostLogPages => _engine.Damage.LostLogPages;

    /// <summary>Copy of a damaged log, while it is kept. Rows from it may be lost, and their names are unknown.</summary>
    public KeptFile? KeptLog => _engine.Damage.KeptLog;

    /// <summary>Called on the writer thread when a batch of changes is on the disk: how long it took.</summary>
    public event Action<TimeSpan>? Committed
    {
        add => _writer.Committed += value;
        remove => _writer.Committed -= value;
    }

    public int QueueLength => _queue.Reader.Count;

    /// <summary>All projections as of the last commit, for readers that need several from the same commit: <c>projection.In(snapshot)</c>.</summary>
    public Snapshot Published => _model.Published;

    public void Register<TRow>(Collection<TRow> collection)
    {
        VerifyNotOpened();
        _collections.Add(
            collection.Name,
            new CollectionSchema(collection.Name, collection.Indexes, document => collection.FromDocument(document)!)
        );
    }

    /// <summary>Adds a projection to the read model. The writer thread loads it at opening and after each recovery.</summary>
    /// <param name="empty">The model without rows.</param>
    public Projection<TModel> Project<TModel>(TModel empty)
        where TModel : class
    {
        VerifyNotOpened();
        return new(this, _model, empty);
    }

    /// <exception cref="DataDirectoryException">A newer program wrote the database, or it is not one of ours.</exception>
    public Task OpenAsync()
    {
        VerifyNotOpened();
        _opened = true;
        return _writer.Start();
    }

    /// <summary>
    /// Runs <paramref name="change"/> on the writer thread, in turn, and returns once its writes are on disk and visible.
    /// An exception from it fails only this change. It may run twice, so it must touch nothing but pending models and its <see cref="WriteBatch"/>.
    /// </summary>
    /// <exception cref="DuplicateRowException">A row that it inserted already exists.</exception>
    /// <exception cref="DatabaseUnavailableException">The change was not accepted, or it is in doubt whether it was.</exception>
    public Task<T> CommitAsync<T>(Func<WriteBatch, T> change, CancellationToken cancel = default) =>
        Enqueue(new QueuedChange<T>(change, cancel));

    /// <summary>Reads a page of rows that no projection holds, in the order of the ids. It runs on the writer thread, so keep pages small.</summary>
    /// <exception cref="DatabaseUnavailableException">The rows cannot be read now.</exception>
    public Task<IReadOnlyList<TRow>> ReadAsync<TRow>(Collection<TRow> collection, RowRange range, CancellationToken cancel = default) =>
        Enqueue(new QueuedRead<IReadOnlyList<TRow>>(engine => [.. engine.Page(collection.Name, range).Select(collection.Read)], cancel));

    /// <summary>Erases deleted rows where they are kept.</summary>
    /// <returns>Whether no deleted row is left; false while a backup holds the files, or when the disk is full.</returns>
    /// <exception cref="DatabaseUnavailableException">It cannot be done now.</exception>
    public Task<bool> EraseDeletedAsync(CancellationToken cancel = default) =>
        Enqueue(new QueuedRead<bool>(engine => engine.Erase(), cancel));

    /// <summary>Holds the rows as they are for a backup, until the result is disposed. Meanwhile changes go on.</summary>
    /// <param name="capture">Runs at the moment of the snapshot: the published models match the files.</param>
    /// <param name="cancel">Cancels only while waiting for its turn.</param>
    /// <exception cref="DatabaseUnavailableException">It cannot be done now.</exception>
    public async Task<DatabaseSnapshot<T>> HoldAsync<T>(Func<T> capture, CancellationToken cancel = default)
    {
        var (rows, captured) = await Enqueue(
                new QueuedRead<(IRowSnapshot, T)>(
                    engine =>
                    {
                        var captured = capture();
                        return (engine.Hold(), captured);
                    },
                    cancel
                )
            )
            .ConfigureAwait(false);
        try
        {
            await rows.PrepareAsync(cancel).ConfigureAwait(false);
            return new(rows, captured);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>A secret key of all servers on these rows, which no archive holds.</summary>
    /// <param name="name">Name of the key.</param>
    /// <param name="bytes">Its length.</param>
    /// <exception cref="DataDirectoryException">What is kept there is no key, or the database cannot be reached.</exception>
    public byte[] ReadOrMakeKey(string name, int bytes) => _engine.ReadOrMakeKey(name, bytes);

    private Task<T> Enqueue<T>(QueuedChange<T> queued)
    {
        if (!Health.IsReady)
            queued.Refuse(_writer.NotReady());
        else if (!_queue.Writer.TryWrite(queued))
            queued.Refuse(
                Health.IsReady && !_closing
                    ? new DatabaseUnavailableException(
                        UnavailableReason.QueueFull,
                        "Too many changes wait to be written. Try again in a moment."
                    )
                    : _writer.NotReady()
            );
        return queued.Done;
    }

    /// <summary>Writes waiting changes, moves the log into the data file and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _queue.Writer.TryComplete();
        if (_opened)
            await _writer.Ended.ConfigureAwait(false);
    }

    private void VerifyNotOpened()
    {
        if (_opened)
            throw new InvalidOperationException("The database is open already.");
    }
}
