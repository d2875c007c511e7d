using System.Diagnostics;
using System.Threading.Channels;
using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

/// <summary>The thread that owns the engine: takes changes in batches, makes each batch durable at once, then publishes and answers.</summary>
internal sealed class WriterThread(
    IRowEngine engine,
    WriterRole role,
    string place,
    ILogger log,
    DatabaseSettings settings,
    IReadOnlyDictionary<string, CollectionSchema> collections,
    ReadModel model,
    DomainEvents events,
    Channel<QueuedChange> queue
)
{
    // Between two tries to open an engine that may come back. A database that restarts is there within seconds.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100),
        LongestPause = TimeSpan.FromSeconds(1);

    private readonly Batch _batch = new(model, collections, events);
    private readonly List<QueuedChange> _changes = new(settings.BatchLimit);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DatabaseHealth _health = new(DatabaseState.Opening, "The database is opening.");

    public event Action<Exception>? Stopped;

    public event Action? Reopened;

    public DatabaseHealth Health
    {
        get => Volatile.Read(ref _health);
        private set => Volatile.Write(ref _health, value);
    }

    /// <summary>As <see cref="Database.Committed"/>.</summary>
    public event Action<TimeSpan>? Committed;

    /// <summary>Completes when the thread has closed everything. Never fails.</summary>
    public Task Ended => _ended.Task;

    public Task Start()
    {
        // A read of nothing gives the engine its turn.
        engine.WantsTurn += () => queue.Writer.TryWrite(new QueuedRead<bool>(_ => true, CancellationToken.None));
        new Thread(Run) { IsBackground = true, Name = "database" }.Start();
        return _opened.Task;
    }

    public DatabaseUnavailableException NotReady() => new(UnavailableReason.NotReady, Health.Reason ?? "The server is stopping.");

    private void Run()
    {
        try
        {
            Open();
            // Clients may resume here what they heard of on another server.
            Tell(engine.ReadPast());
            Health = new DatabaseHealth(DatabaseState.Ready);
            _opened.SetResult();
            while (engine.IsOpen && WaitForChanges())
                TakeBatch();
            Close();
        }
        catch (Exception e)
        {
            GiveUp(e);
            // A fault in the files may surface as any exception; starting must never end in a stack trace.
            _opened.TrySetException(
                e as DataDirectoryException ?? new DataDirectoryException($"The database {place} cannot be opened: {e.Message}", e)
            );
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void Open()
    {
        try
        {
            engine.Open([.. collections.Values]);
            Load();
        }
        catch
        {
            engine.Abandon();
            throw;
        }
    }

    private void Load()
    {
        using (var reader = engine.OpenReader())
            model.Load(reader);
        role.NotePublished();
        role.NoteWriter();
    }

    /// <summary>Waits for the next change, and does meanwhile what the engine has due. Returns false when none will come.</summary>
    private bool WaitForChanges()
    {
        var next = queue.Reader.WaitToReadAsync().AsTask();
        while (engine.UpkeepDueIn is { } left && !next.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero))
            LookAfter(engine.IsWriter ? engine.Upkeep : Follow);
        return engine.IsOpen && next.GetAwaiter().GetResult();
    }

    private void TakeBatch()
    {
        _changes.Clear();
        while (_changes.Count < settings.BatchLimit && queue.Reader.TryRead(out var change))
            if (change.TryTake())
                _changes.Add(change);
        if (!engine.IsWriter)
        {
            AnswerFollowing();
            return;
        }
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (_batch.Commit(_changes, engine))
            {
                engine.Sync();
                Committed?.Invoke(Stopwatch.GetElapsedTime(started));
            }
        }
        catch (Exception e)
        {
            StopTaking(e);
            foreach (var change in _changes)
                change.Refuse(InDoubt(e));
            Reopen(e);
            return;
        }
        model.Publish();
        role.NotePublished();
        foreach (var change in _changes)
            RunActions(change);
        foreach (var change in _changes)
            if (!change.NeedsEngine)
                change.Answer();
        foreach (var change in _changes)
            if (change.NeedsEngine)
                Look(change);
        if (engine.IsOpen)
            LookAfter(engine.AfterBatch);
    }

    private void AnswerFollowing()
    {
        foreach (var change in _changes)
        {
            if (change.NeedsEngine)
                Look(change);
            else
                change.Refuse(NotWriter());
        }
        if (engine.IsOpen)
            LookAfter(Follow);
    }

    /// <summary>Takes over the commits of the writer, and its part when it is gone.</summary>
    private void Follow()
    {
        var isLast = engine.TryLock();
        while (engine.ReadCommits() is var commits)
        {
            if (commits is null)
            {
                Load();
                Reopened?.Invoke();
            }
            else if (commits.Count > 0)
                Apply(commits);
            else
                break;
        }
        if (!isLast)
        {
            role.NoteWriter();
            return;
        }
        if (engine.BecomeWriter())
            Load();
        role.NotePublished();
        role.NoteWriter();
        Log.BecameWriter(log, engine.Seq);
        role.NoteBecameWriter();
    }

    private void Apply(IReadOnlyList<FollowedCommit> commits)
    {
        model.Change(() =>
        {
            foreach (var write in commits.SelectMany(commit => commit.Writes))
                Fold(write);
        });
        model.Publish();
        role.NotePublished();
        Tell(commits);
    }

    private void Tell(IReadOnlyList<FollowedCommit> commits)
    {
        foreach (var commit in commits)
        {
            events.Seq = commit.Seq;
            foreach (var happened in commit.Events)
            {
                try
                {
                    events.Receive(happened);
                }
                catch (Exception e)
                {
                    Log.AfterCommitFailed(log, e);
                }
            }
        }
    }

    private void Fold(RowWrite write)
    {
        // A newer server may have collections that this one does not know.
        if (!collections.TryGetValue(write.Collection, out var collection) || write.Document is not { } document)
            return;
        var row = collection.Read(new(document));
        if (write.Kind == WriteKind.Delete)
            model.Delete(write.Collection, row);
        else
            model.Put(write.Collection, row);
    }

    private static DatabaseUnavailableException NotWriter() =>
        new(UnavailableReason.NotWriter, "Another server writes, and this one could not pass the request on to it. Try again in a moment.");

    private void Look(QueuedChange change)
    {
        if (!engine.IsOpen)
        {
            change.Refuse(NotReady());
            return;
        }
        try
        {
            change.Look(engine);
            change.Answer();
        }
        catch (DatabaseUnavailableException e)
        {
            change.Refuse(e);
        }
        catch (Exception e)
        {
            change.Refuse(
                new DatabaseUnavailableException(
                    UnavailableReason.NotReady,
                    "The database failed while it was read. Try again in a moment.",
                    e
                )
            );
            if (engine.Survives(e))
                return;
            StopTaking(e);
            Reopen(e);
        }
    }

    private static DatabaseUnavailableException InDoubt(Exception e) =>
        new(
            UnavailableReason.InDoubt,
            "The database failed while this was written; it may have been saved or not. Ask again with the same idempotency key.",
            e
        );

    private void RunActions(QueuedChange change)
    {
        events.Seq = change.Seq;
        foreach (var action in change.AfterCommit)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                Log.AfterCommitFailed(log, e);
            }
        }
    }

    private void LookAfter(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            StopTaking(e);
            Reopen(e);
        }
    }

    private void StopTaking(Exception cause) =>
        Health = new DatabaseHealth(DatabaseState.Reopening, $"The database is opening again after an error: {cause.Message}");

    private void Reopen(Exception cause)
    {
        Log.Reopening(log, cause);
        engine.Abandon();
        for (var pause = FirstPause; !TryOpen(); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            RefuseWaiting();
            // Also ends when the server stops.
            if (Health.State == DatabaseState.Failed || queue.Reader.Completion.Wait(pause))
                return;
        }
        Health = new DatabaseHealth(DatabaseState.Ready);
        Log.Reopened(log);
        Reopened?.Invoke();
    }

    private bool TryOpen()
    {
        try
        {
            Open();
            return true;
        }
        catch (Exception e)
        {
            if (engine.MayComeBack(e))
                StopTaking(e);
            else
                GiveUp(e);
            return false;
        }
    }

    private void Close()
    {
        if (Health.State != DatabaseState.Failed)
            Health = new DatabaseHealth(DatabaseState.Closed, "The server is stopping.");
        if (!engine.IsOpen)
            return;
        try
        {
            engine.Close();
        }
        finally
        {
            engine.Abandon();
        }
    }

    private void GiveUp(Exception e)
    {
        engine.Abandon();
        Health = new DatabaseHealth(DatabaseState.Failed, $"The database could not be opened: {e.Message}");
        queue.Writer.TryComplete();
        RefuseWaiting();
        if (!_opened.Task.IsCompleted)
            return;
        Log.Failed(log, e);
        ThreadPool.QueueUserWorkItem(_ => Stopped?.Invoke(e));
    }

    private void RefuseWaiting()
    {
        while (queue.Reader.TryRead(out var change))
            if (change.TryTake())
                change.Refuse(NotReady());
    }
}
