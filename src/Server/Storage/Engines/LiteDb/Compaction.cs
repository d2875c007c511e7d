using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>
/// Copies all rows into a new data file, on a thread of its own, while the server works. LiteDB never returns the space of deleted rows to
/// the disk. Until the copy is in place or given up, the old data file must not change: writes go to the log, and are repeated in the copy.
/// </summary>
internal sealed class Compaction : IDisposable
{
    // Repeating the writes keeps the writer thread from its work, so they are bounded.
    private const int WritesMaximum = 10_000;

    private readonly DataDirectory _directory;
    private readonly DatabaseSettings _settings;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<RowWrite> _writes = [];
    private readonly Task _copying;

    private Compaction(DataDirectory directory, RowEngine engine, DatabaseSettings settings)
    {
        (_directory, _settings) = (directory, settings);
        _copying = Task.Factory.StartNew(
            () => Copy(engine),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <summary>Begins to copy. Call it right after a checkpoint.</summary>
    /// <param name="directory">Directory of the data file.</param>
    /// <param name="engine">Engine of the data file, which tells the copy of each commit from now on.</param>
    /// <param name="settings">Tells tests what happens.</param>
    /// <param name="copied">Called on another thread when the rows are copied, or when that failed.</param>
    public static Compaction Start(DataDirectory directory, RowEngine engine, DatabaseSettings settings, Action copied)
    {
        var compaction = new Compaction(directory, engine, settings);
        engine.Compaction = compaction;
        compaction._copying.ContinueWith(_ => copied(), TaskScheduler.Default);
        return compaction;
    }

    /// <summary>Whether the thread has copied all rows, or failed.</summary>
    public bool IsCopied => _copying.IsCompleted;

    /// <summary>Whether so much was written meanwhile that repeating it would take too long.</summary>
    public bool IsTooSlow => _writes.Count > WritesMaximum;

    /// <summary>Notes writes that were committed after the copy began.</summary>
    public void Note(IEnumerable<RowWrite> writes) =>
        _writes.AddRange(writes.Select(write => write.Kind == WriteKind.Delete ? write with { Document = null } : write));

    /// <summary>Call on the writer thread: brings the copy up to date and places it. The next opening takes it for the data file.</summary>
    /// <exception cref="Exception">It failed. The old files are as they were.</exception>
    public void Place()
    {
        _copying.GetAwaiter().GetResult();
        RowEngine.WriteMore(NewFile, _writes);
        _settings.CompactionStep?.Invoke("repeated");
        Rebuild.Place(_directory, NewFile);
        _settings.CompactionStep?.Invoke("placed");
    }

    /// <summary>Stops the thread, and deletes the copy unless it is placed.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAny(_copying);
        _stop.Dispose();
        Rebuild.DeleteNew(_directory);
    }

    private string NewFile => Rebuild.NewFile(_directory);

    private void Copy(RowEngine engine)
    {
        _settings.CompactionStep?.Invoke("began");
        if (engine.CountDamagedPages() > 0)
            throw new IOException("The data file is damaged. The next start saves what is whole.");
        Rebuild.WriteNew(_directory, Stoppable(SalvagedRows.Read(engine.OpenPages(), _directory.DatabaseFile).Rows));
        // The writer thread would have to wait for these bytes.
        using (var file = PrivateFile.Open(NewFile, FileMode.OpenOrCreate, FileShare.ReadWrite))
            file.Flush(flushToDisk: true);
        _settings.CompactionStep?.Invoke("copied");
    }

    private IEnumerable<T> Stoppable<T>(IEnumerable<T> rows)
    {
        foreach (var row in rows)
        {
            _stop.Token.ThrowIfCancellationRequested();
            yield return row;
        }
    }
}
