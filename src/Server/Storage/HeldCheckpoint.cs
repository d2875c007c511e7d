namespace StoriesCli.Server.Storage;

/// <summary>A moment at which the data file held everything, and which it goes on showing until this is disposed: changes stay in the log meanwhile.</summary>
/// <param name="owner">Checkpoints nothing while it is held.</param>
/// <param name="path">Of the data file.</param>
/// <param name="captured">What was taken from the read model at that moment.</param>
internal sealed class HeldCheckpoint<T>(Owner owner, string path, T captured) : IDisposable
{
    private bool _released;

    public T Captured => captured;

    public FileStream OpenDataFile() => new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite, Options = FileOptions.Asynchronous });

    public void Dispose()
    {
        if (!_released)
        {
            _released = true;
            owner.ReleaseCheckpoints();
        }
    }
}
