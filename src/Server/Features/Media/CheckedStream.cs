using System.Security.Cryptography;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media;

/// <summary>
/// A story's file on its way to a caller. When it is read from beginning to end, it is hashed, and the last piece is sent only if the hash
/// matches. So a caller never gets a damaged file as a complete answer.
/// </summary>
/// <param name="file">The file. It is disposed with this stream.</param>
/// <param name="media">Length and hash that the file must have.</param>
/// <param name="refuse">Notes the damage that it is given, and returns the exception to throw.</param>
internal sealed class CheckedStream(FileStream file, StoryMedia media, Func<string, Exception> refuse) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _hashed;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => media.Bytes;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var at = file.Position;
        int read;
        try
        {
            read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (MediaReader.IsDamage(e))
        {
            throw refuse(MediaReader.CannotBeRead(e));
        }
        if (read == 0 && buffer.Length > 0 && at < media.Bytes)
        {
            throw refuse(MediaReader.WrongLength(at, media));
        }
        // A range cannot be compared with the hash of the whole.
        if (at == _hashed)
        {
            _hash.AppendData(buffer.Span[..read]);
            _hashed += read;
            if (
                _hashed == media.Bytes
                && read > 0
                && Convert.ToHexStringLower(_hash.GetCurrentHash()) is var sha256
                && sha256 != media.Sha256
            )
            {
                throw refuse(MediaReader.WrongHash(sha256, media));
            }
        }
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Media are read without blocking a thread.");

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            file.Dispose();
        }
        base.Dispose(disposing);
    }
}
