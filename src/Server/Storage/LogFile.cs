namespace StoriesCli.Server.Storage;

/// <summary>The log's bytes on the disk. Its calls can be overridden, because tests let the disk fail here.</summary>
internal class LogFile(string path) : IDisposable
{
    private readonly FileStream _file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.Read);

    public string Path { get; } = path;

    public long Length => RandomAccess.GetLength(_file.SafeFileHandle);

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, buffer[total..], offset + total);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    public virtual void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_file.SafeFileHandle, bytes, offset);

    public virtual void SetLength(long bytes) => RandomAccess.SetLength(_file.SafeFileHandle, bytes);

    public virtual void FlushToDisk() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
    }
}
