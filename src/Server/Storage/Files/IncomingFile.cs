using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Storage.Files;

/// <summary>A file that is being received, and hashed meanwhile. Disposing it before it is finished deletes it.</summary>
internal sealed class IncomingFile : IAsyncDisposable
{
    private const int HashBufferBytes = 256 * 1024;

    private readonly FileStream _file;
    private readonly IncrementalHash _received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _rewritten;
    private bool _finished;

    private IncomingFile(FileStream file)
    {
        _file = file;
        Path = file.Name;
    }

    public string Path { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>For reading what was received so far. After writing through it call <see cref="NoteRewritten"/>, or the hash will be wrong.</summary>
    public SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>Hash of what was received so far, even if it was overwritten since.</summary>
    public byte[] ReceivedSha256 => _received.GetCurrentHash();

    public static IncomingFile Create(DataDirectory directory) =>
        new(
            PrivateFile.Open(
                System.IO.Path.Combine(directory.TemporaryPath, Guid.NewGuid().ToString("N")),
                FileMode.CreateNew,
                FileShare.Read
            )
        );

    /// <summary>Appends bytes. Writing to the page cache is faster than handing it to another thread.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        if (_rewritten)
            throw new InvalidOperationException("Nothing more can be received once bytes were overwritten.");
        try
        {
            RandomAccess.Write(Handle, bytes.Span, Bytes);
        }
        catch (Exception e) when (FileSizeSignal.IsCauseOf(e))
        {
            throw FileSizeSignal.Explain();
        }
        _received.AppendData(bytes.Span);
        Bytes += bytes.Length;
        return ValueTask.CompletedTask;
    }

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(Handle, buffer, offset);

    /// <summary>Notes that the file was rewritten through <see cref="Handle"/>: it has this length now, and is hashed again.</summary>
    public void NoteRewritten(long bytes)
    {
        _rewritten = true;
        Bytes = bytes;
    }

    /// <summary>Moves the file to its final place. On return bytes and name are on disk.</summary>
    public Task<FinishedFile> FinishAsync(string finalPath) =>
        Task.Run(() =>
        {
            var received = ReceivedSha256;
            var final = _rewritten ? HashAnew() : received;
            AtomicFile.Place(_file, finalPath);
            Path = finalPath;
            _finished = true;
            return new FinishedFile(finalPath, Bytes, received, final);
        });

    public async ValueTask DisposeAsync()
    {
        _received.Dispose();
        await _file.DisposeAsync().ConfigureAwait(false);
        if (!_finished)
            File.Delete(Path);
    }

    private byte[] HashAnew()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(HashBufferBytes);
        try
        {
            var offset = 0L;
            for (int read; (read = Read(buffer, offset)) > 0; offset += read)
                hash.AppendData(buffer, 0, read);
            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
