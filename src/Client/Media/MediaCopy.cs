using System.Buffers;
using System.Security.Cryptography;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Media;

/// <summary>Media that arrive in one or more pieces, hashed on the way.</summary>
internal sealed class MediaCopy(StoryMedia media, Stream target, IProgress<long>? progress) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);

    public long Bytes { get; private set; }

    public bool IsComplete => Bytes >= media.Bytes;

    public string EntityTag => $"\"{media.Sha256}\"";

    /// <summary>Hashes what an earlier try left in the target; a target with too much begins anew.</summary>
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
            // A server that gave the whole instead of the asked part repeats what is there already.
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

    /// <exception cref="InvalidDataException">The bytes are not those that the story names.</exception>
    public void Verify()
    {
        var sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (Bytes != media.Bytes || sha256 != media.Sha256)
        {
            throw new InvalidDataException(
                $"The media arrived damaged: {Bytes} bytes with SHA-256 {sha256}, where the story says {media.Bytes} bytes with {media.Sha256}."
            );
        }
    }

    public void Dispose()
    {
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    /// <summary>Tells the network's faults, after which another try helps, from those of the target.</summary>
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
