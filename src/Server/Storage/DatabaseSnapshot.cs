using StoriesCli.Server.Storage.Engines;

namespace StoriesCli.Server.Storage;

/// <summary>The database at one moment, readable until disposed.</summary>
/// <param name="rows">The rows of that moment.</param>
/// <param name="captured">What <c>capture</c> took from the read model at that moment.</param>
internal sealed class DatabaseSnapshot<T>(IRowSnapshot rows, T captured) : IDisposable
{
    public T Captured => captured;

    public FileStream OpenDataFile() => rows.OpenDataFile();

    /// <summary>Copies the snapshot's part of the log into a file that is deleted when closed.</summary>
    public Task<FileStream> CopyLogAsync(CancellationToken cancel) => rows.CopyLogAsync(cancel);

    public void Dispose() => rows.Dispose();
}
