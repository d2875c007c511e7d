using StoriesCli.Contracts;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>The bytes of the log on disk. Methods are virtual so that tests can make the disk fail.</summary>
internal class LogFile(string path) : IDisposable
{
    private readonly FileStream _file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.Read);

    public string Path { get; } = path;

    /// <summary>Space to release so that a write on a full disk succeeds (default: none).</summary>
    public DiskReserve? Reserve { get; set; }

    public long Length => RandomAccess.GetLength(_file.SafeFileHandle);

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }

    public virtual void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        while (true)
        {
            try
            {
                RandomAccess.Write(_file.SafeFileHandle, bytes, offset);
                return;
            }
            catch (IOException e) when (DiskReserve.IsFullDiskError(e) && Reserve?.GiveUp() == true)
            {
                // Retry with the space that this has freed.
            }
            catch (Exception e) when (FileSizeSignal.IsCauseOf(e))
            {
                throw FileSizeSignal.Explain();
            }
        }
    }

    public virtual void SetLength(long bytes) => RandomAccess.SetLength(_file.SafeFileHandle, bytes);

    public virtual void FlushToDisk()
    {
        try
        {
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (IOException e) when (DiskReserve.IsFullDiskError(e))
        {
            // Data of this flush may be lost, so it fails all the same. Reopening the database writes it again, into this space.
            Reserve?.GiveUp();
            throw;
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
    }
}
