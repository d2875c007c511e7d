using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Storage.Files;

/// <summary>A file on its way in. It is hashed while it is received; disposing it before it is finished removes it.</summary>
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

    /// <summary>For reading what has come so far; whoever writes says so with <see cref="NoteRewritten"/>, or the hash would not know.</summary>
    public SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>The hash of what was received so far, whatever was overwritten since.</summary>
    public byte[] ReceivedSha256 => _received.GetCurrentHash();

    public static IncomingFile Create(DataDirectory directory) =>
        new(
            PrivateFile.Open(
                System.IO.Path.Combine(directory.TemporaryPath, Guid.NewGuid().ToString("N")),
                FileMode.CreateNew,
                FileShare.Read
            )
        );

    /// <summary>Takes the next bytes. Writing goes to the page cache, which is quicker than handing it to another thread.</summary>
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

    /// <summary>Says that <see cref="Handle"/> was written through: the file has this length now, and is hashed anew.</summary>
    public void NoteRewritten(long bytes)
    {
        _rewritten = true;
        Bytes = bytes;
    }

    /// <summary>Brings the file to its place; on return the bytes and the name are on the disk.</summary>
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
