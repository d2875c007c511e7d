using System.Buffers;
using System.Security.Cryptography;
using StoriesCli.Contracts;
using StoriesCli.Posix;

namespace StoriesCli.Client.Media;

/// <summary>Receives media in one or more pieces and hashes them.</summary>
internal sealed class MediaCopy(StoryMedia media, Stream target, IProgress<long>? progress) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly IncrementalHash _hash = NewHash();
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);

    public long Bytes { get; private set; }

    public bool IsComplete => Bytes >= media.Bytes;

    public string EntityTag => $"\"{media.Sha256}\"";

    private static IncrementalHash NewHash()
    {
        OpenSsl.Require();
        return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>Hashes the target's content from an earlier try. A target that is too long starts again.</summary>
    public async Task TakeWhatIsThereAsync(CancellationToken cancel)
    {
        if (!target.CanSeek)
        {
            return;
        }
        if (target.Length > media.Bytes)
        {
            target.SetLength(0);
        }
        target.Position = 0;
        int read;
        while ((read = await target.ReadAsync(_buffer, cancel).ConfigureAwait(false)) > 0)
        {
            Count(read);
        }
    }

    public async Task AppendAsync(MediaDownload source, IdleGuard guard)
    {
        for (var at = source.From; !IsComplete; )
        {
            var read = await ReceiveAsync(source.Content, guard.Token).ConfigureAwait(false);
            guard.Moved();
            // A server that ignores the range sends the beginning again.
            var known = (int)Math.Clamp(Bytes - at, 0, read);
            at += read;
            if (known < read)
            {
                if (known > 0)
                {
                    _buffer.AsSpan(known, read - known).CopyTo(_buffer);
                }
                await target.WriteAsync(_buffer.AsMemory(0, read - known), guard.Token).ConfigureAwait(false);
                Count(read - known);
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes do not match the story's length and SHA-256.</exception>
    public void Verify()
    {
        var sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (Bytes != media.Bytes || sha256 != media.Sha256)
        {
            throw new InvalidDataException(
                $"The downloaded media are damaged: {Bytes} bytes with SHA-256 {sha256}, but the story says {media.Bytes} bytes with {media.Sha256}."
            );
        }
    }

    public void Dispose()
    {
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    /// <summary>Separates network errors, which can be retried, from errors of the target.</summary>
    private async ValueTask<int> ReceiveAsync(Stream source, CancellationToken cancel)
    {
        try
        {
            var read = await source.ReadAsync(_buffer, cancel).ConfigureAwait(false);
            return read > 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded, "the media ended early");
        }
        catch (IOException e) when (e is not HttpIOException)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, e.Message, e);
        }
    }

    private void Count(int read)
    {
        _hash.AppendData(_buffer, 0, read);
        Bytes += read;
        progress?.Report(Bytes);
    }
}
