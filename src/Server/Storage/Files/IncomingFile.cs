using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Storage.Files;

/// <summary>A file that is being received. It is hashed once, as it lies there, while it is flushed. Disposing it before it is finished deletes it.</summary>
internal sealed class IncomingFile : IAsyncDisposable
{
    private const int HashBufferBytes = 256 * 1024;

    // The disk begins with what is there while the rest arrives, so that less is left for the flush.
    private const int WrittenAtOnce = 8 << 20;

    private readonly FileStream _file;
    private readonly XxHash128 _received = new();
    private long _handedToDisk;
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

    /// <summary>Checksum of what was received so far, even if it was overwritten since: 16 bytes that tell a repeated request from another one.</summary>
    public byte[] ReceivedChecksum => _received.GetCurrentHash();

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
        _received.Append(bytes.Span);
        Bytes += bytes.Length;
        if (Bytes - _handedToDisk >= WrittenAtOnce)
        {
            Folder.StartWriting(Handle, _handedToDisk, Bytes - _handedToDisk);
            _handedToDisk = Bytes;
        }
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
            var hashing = Bytes > HashBufferBytes ? Task.Run(Hash) : Task.FromResult(Hash());
            try
            {
                AtomicFile.Place(_file, finalPath);
                Path = finalPath;
                _finished = true;
            }
            finally
            {
                // It reads the file, which must not be closed meanwhile.
                Task.WaitAny(hashing);
            }
            return new FinishedFile(finalPath, Bytes, hashing.GetAwaiter().GetResult());
        });

    /// <summary>SHA-256 of the file, as it lies there. Nothing of it need be on the disk.</summary>
    public Task<byte[]> HashAsync() => Task.Run(Hash);

    /// <summary>Moves the file, which somebody else keeps for good, to another place. It may get lost there in a crash.</summary>
    public void Move(string path)
    {
        File.Move(Path, path, overwrite: true);
        Path = path;
        _finished = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync().ConfigureAwait(false);
        if (!_finished)
            File.Delete(Path);
    }

    private byte[] Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var checksum = new XxHash128();
        var buffer = ArrayPool<byte>.Shared.Rent(HashBufferBytes);
        try
        {
            var offset = 0L;
            for (int read; (read = Read(buffer, offset)) > 0; offset += read)
            {
                hash.AppendData(buffer, 0, read);
                checksum.Append(buffer.AsSpan(0, read));
            }
            // The returned hash must be that of the bytes that arrived, whatever happened to them on the way to the disk and back.
            return _rewritten || checksum.GetCurrentHashAsUInt128() == _received.GetCurrentHashAsUInt128()
                ? hash.GetHashAndReset()
                : throw new IOException($"'{Path}' does not hold the bytes that were written into it.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
