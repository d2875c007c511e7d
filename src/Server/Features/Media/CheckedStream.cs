using System.IO.Hashing;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media;

/// <summary>
/// A story's file on its way to a caller. When it is read from beginning to end, it is compared with its hash, and the last piece is sent
/// only if that matches. So a caller never gets a damaged file as a complete answer.
/// </summary>
/// <param name="file">The file. It is disposed with this stream.</param>
/// <param name="media">Length and hash that the file must have.</param>
/// <param name="known">Checksum of the bytes that had this hash; null when they must be hashed.</param>
/// <param name="learn">Called with that checksum once the hash has matched.</param>
/// <param name="refuse">Notes the damage that it is given, and returns the exception to throw.</param>
internal sealed class CheckedStream(
    SafeFileHandle file,
    StoryMedia media,
    UInt128? known,
    Action<UInt128> learn,
    Func<string, Exception> refuse
) : Stream
{
    // Ten times as fast as SHA-256. Damage cannot be made to match it, and only what had the right SHA-256 has one.
    private readonly XxHash128 _checksum = new();
    private readonly IncrementalHash? _hash = known is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private long _hashed;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => media.Bytes;

    public override long Position { get; set; }

    // A read from the page cache is faster than handing it to another thread, which would wait for the disk just as this one does.
    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = RandomAccess.Read(file, buffer, Position);
        }
        catch (IOException e) when (MediaReader.IsDamage(e))
        {
            throw refuse(MediaReader.CannotBeRead(e));
        }
        if (read == 0 && buffer.Length > 0 && Position < media.Bytes)
        {
            throw refuse(MediaReader.WrongLength(Position, media));
        }
        // A range cannot be compared with the hash of the whole.
        if (Position == _hashed && read > 0)
        {
            _checksum.Append(buffer[..read]);
            _hash?.AppendData(buffer[..read]);
            _hashed += read;
            if (_hashed == media.Bytes)
            {
                VerifyWhole();
            }
        }
        Position += read;
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position =
            origin == SeekOrigin.Begin ? offset
            : origin == SeekOrigin.Current ? Position + offset
            : Length + offset;

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash?.Dispose();
            file.Dispose();
        }
        base.Dispose(disposing);
    }

    private void VerifyWhole()
    {
        var checksum = _checksum.GetCurrentHashAsUInt128();
        if (_hash is null && checksum != known)
        {
            throw refuse("was changed: its bytes are not those that were posted");
        }
        if (_hash is not null)
        {
            if (Convert.ToHexStringLower(_hash.GetCurrentHash()) is var sha256 && sha256 != media.Sha256)
            {
                throw refuse(MediaReader.WrongHash(sha256, media));
            }
            learn(checksum);
        }
    }
}
