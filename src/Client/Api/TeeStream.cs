namespace StoriesCli.Client.Api;

/// <summary>A stream that writes everything it reads to a target first.</summary>
/// <param name="receive">Fills a buffer and returns the count; 0 at the end.</param>
/// <param name="target">Disposed by its owner.</param>
/// <param name="progress">Receives the number of bytes so far.</param>
internal sealed class TeeStream(Func<Memory<byte>, ValueTask<int>> receive, Stream target, IProgress<long>? progress) : Stream
{
    private long _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await receive(buffer).ConfigureAwait(false);
        if (read > 0)
        {
            await target.WriteAsync(buffer[..read], cancellationToken).ConfigureAwait(false);
            _bytes += read;
            progress?.Report(_bytes);
        }
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("An archive is read without blocking a thread.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
