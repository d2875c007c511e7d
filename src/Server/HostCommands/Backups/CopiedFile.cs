using System.Security.Cryptography;
using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>
/// A file that is copied into an archive and hashed meanwhile. Its length stays the one it had at the beginning, because an archive entry states
/// its length before the bytes. Zeros replace bytes that the disk cannot read.
/// </summary>
/// <param name="file">The file, read from its beginning. The caller disposes it.</param>
internal sealed class CopiedFile(FileStream file) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = file.Length;

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    /// <summary>Why the bytes are not those of the whole file; null when they are.</summary>
    public string? Fault { get; private set; }

    /// <summary>Hash of the bytes read so far, 64 hexadecimal digits.</summary>
    public string GetSha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, Length - _at)];
        if (wanted.IsEmpty)
        {
            return 0;
        }
        var read = Fault is null ? await TryReadAsync(wanted, cancellationToken).ConfigureAwait(false) : 0;
        if (read == 0)
        {
            wanted.Span.Clear();
            read = wanted.Length;
        }
        _hash.AppendData(buffer.Span[..read]);
        _at += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Files are read without blocking a thread.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }

    private async ValueTask<int> TryReadAsync(Memory<byte> wanted, CancellationToken cancel)
    {
        try
        {
            var read = await file.ReadAsync(wanted, cancel).ConfigureAwait(false);
            if (read == 0)
            {
                Fault = FormattableString.Invariant($"became shorter while it was copied: {_at} of {Length} bytes were left");
            }
            return read;
        }
        catch (IOException e) when (MediaReader.IsDamage(e))
        {
            Fault = MediaReader.CannotBeRead(e);
            return 0;
        }
    }
}
