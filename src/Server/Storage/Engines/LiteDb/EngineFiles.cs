namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>What an opening found wrong with the data file, and has replaced.</summary>
/// <param name="Log">What it found in the log, which is gone since.</param>
/// <param name="Pages">How many pages were damaged.</param>
/// <param name="Lost">The rows that are lost, by collection and id.</param>
internal sealed record FoundDamage(LogRecovery Log, int Pages, IReadOnlyList<(string Collection, string Id)> Lost);

/// <summary>The files of an engine while it is opened: closed again unless they are kept.</summary>
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
