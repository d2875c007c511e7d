using System.Buffers;
using System.Net;

namespace StoriesCli.Client.Media;

/// <summary>Streams media into a request and reports progress.</summary>
internal sealed class MediaContent(MediaUpload media, IdleGuard guard, IProgress<long>? progress) : HttpContent
{
    private const int BufferBytes = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var source = media.Open();
            await using var _ = source.ConfigureAwait(false);
            long sent = 0;
            progress?.Report(0);
            while (sent < media.Bytes)
            {
                var want = (int)Math.Min(buffer.Length, media.Bytes - sent);
                var read = await source.ReadAsync(buffer.AsMemory(0, want), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new InvalidDataException($"The file became shorter while it was sent: {media.Bytes} bytes at first, now {sent}.");
                }
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                sent += read;
                guard.Moved();
                progress?.Report(sent);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = media.Bytes;
        return true;
    }
}
