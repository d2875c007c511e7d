namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>Damage of the data file that was found at opening, and repaired.</summary>
/// <param name="Log">What opening found in the log, which is deleted by now.</param>
/// <param name="Pages">Number of damaged pages.</param>
/// <param name="Lost">The lost rows, by collection and id.</param>
internal sealed record FoundDamage(LogRecovery Log, int Pages, IReadOnlyList<(string Collection, string Id)> Lost);

/// <summary>The files of an engine while it opens. Closes them unless they are kept.</summary>
internal sealed class EngineFiles : IDisposable
{
    private bool _kept;

    private EngineFiles(WriteAheadLog log) => Log = log;

    public WriteAheadLog Log { get; }

    public DataFile? Data { get; private set; }

    public static EngineFiles Open(DataDirectory directory, Func<string, LogFile> openLogFile)
    {
        var file = openLogFile(directory.LogFile);
        file.Reserve = directory.Reserve;
        SyncMark? mark = null;
        try
        {
            mark = SyncMark.Open(directory.File(SyncMark.FileName));
            return new(WriteAheadLog.Open(file, mark));
        }
        catch
        {
            file.Dispose();
            mark?.Dispose();
            throw;
        }
    }

    public DataFile AddData(DataDirectory directory, IEnumerable<long> inLog) => Data = DataFile.Open(directory, inLog);

    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (_kept)
            return;
        Log.Dispose();
        Data?.Dispose();
    }
}
