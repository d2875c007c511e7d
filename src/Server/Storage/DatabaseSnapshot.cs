namespace StoriesCli.Server.Storage;

/// <summary>The database as it was at one moment, readable until this is disposed: the data file does not change meanwhile, and the log only grows behind its part.</summary>
/// <param name="writer">Checkpoints nothing while it is held.</param>
/// <param name="directory">Where the files are.</param>
/// <param name="logBytes">How much of the log belongs to the moment.</param>
/// <param name="captured">What was taken from the read model at that moment.</param>
internal sealed class DatabaseSnapshot<T>(WriterThread writer, DataDirectory directory, long logBytes, T captured) : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private bool _released;

    public T Captured => captured;

    public FileStream OpenDataFile() => OpenForReading(directory.DatabaseFile);

    /// <summary>Copies the log's part, which is bounded by what lies between two checkpoints, into a file that is gone once it is closed.</summary>
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
        for (var left = logBytes; left > 0; )
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
            writer.ReleaseCheckpoints();
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
