namespace StoriesCli.Server.Storage;

/// <summary>The database at one moment, readable until disposed. Meanwhile the data file does not change and the log only grows.</summary>
/// <param name="writer">Runs no checkpoint while the snapshot is held.</param>
/// <param name="directory">Directory of the files.</param>
/// <param name="logBytes">Bytes of the log that belong to the snapshot.</param>
/// <param name="captured">What <c>capture</c> took from the read model at that moment.</param>
internal sealed class DatabaseSnapshot<T>(WriterThread writer, DataDirectory directory, long logBytes, T captured) : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private bool _released;

    public T Captured => captured;

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
