namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>Data file and log of one moment. Until it is disposed the data file does not change and the log only grows.</summary>
/// <param name="directory">Directory of the files.</param>
/// <param name="engine">Engine of the files.</param>
/// <param name="release">Lets checkpoints run again.</param>
internal sealed class HeldFiles(DataDirectory directory, RowEngine engine, Action release) : IRowSnapshot
{
    private const int BufferBytes = 256 * 1024;
    private readonly long _logBytes = engine.LogFileBytes;
    private bool _released;

    // The data file does not change while it is held, so all of it is checked outside the writer thread.
    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (await Task.Run(engine.CountDamagedPages, CancellationToken.None).ConfigureAwait(false) is not 0)
            throw new DatabaseUnavailableException(
                UnavailableReason.NotReady,
                "The data file is damaged, so that no backup of it can be taken. "
                    + "Start the server again: it saves every row that is whole, and names the others."
            );
    }

    public FileStream OpenDataFile() => OpenForReading(directory.DatabaseFile);

    /// <summary>Copies the snapshot's part of the log into a file that is deleted when closed. Its size is bounded by the distance between checkpoints.</summary>
    public async Task<FileStream> CopyLogAsync(CancellationToken cancel)
    {
        var copy = new FileStream(
            Path.Combine(directory.TemporaryPath, Guid.NewGuid().ToString("N")),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            }
        );
        await using var log = OpenForReading(directory.LogFile);
        var buffer = new byte[BufferBytes];
        for (var left = _logBytes; left > 0; )
        {
            var read = await log.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancel).ConfigureAwait(false);
            if (read == 0)
            {
                await copy.DisposeAsync().ConfigureAwait(false);
                throw new IOException("The database's log has become shorter while it was copied.");
            }
            await copy.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
            left -= read;
        }
        await copy.FlushAsync(cancel).ConfigureAwait(false);
        copy.Position = 0;
        return copy;
    }

    public void Dispose()
    {
        if (!_released)
        {
            _released = true;
            release();
        }
    }

    private static FileStream OpenForReading(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite,
                Options = FileOptions.Asynchronous,
            }
        );
}
