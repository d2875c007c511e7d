namespace StoriesCli.Client.Api;

/// <summary>An event stream that fails if it is idle for too long, or an event has no end.</summary>
internal sealed class GuardedStream(Stream inner, IdleGuard guard) : Stream
{
    /// <summary>A screen of a live terminal, the largest event, stays far below it.</summary>
    public const int EventBytesMaximum = 16 << 20;

    // The number of bytes since the last empty line.
    private long _eventBytes;
    private bool _isAtLine;

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
        var read = await inner.ReadAsync(buffer, guard.Token).ConfigureAwait(false);
        guard.Moved();
        Count(buffer.Span[..read]);
        return read;
    }

    /// <exception cref="IOException">An event is longer than any that a server of ours sends. Its parser would keep all of it.</exception>
    private void Count(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }
        var end = bytes.LastIndexOf("\n\n"u8);
        _eventBytes =
            end >= 0 ? bytes.Length - end - 2
            : _isAtLine && bytes[0] == '\n' ? bytes.Length - 1
            : _eventBytes + bytes.Length;
        _isAtLine = bytes[^1] == '\n';
        if (_eventBytes > EventBytesMaximum)
        {
            throw new IOException($"An event has more than {EventBytesMaximum >> 20} MiB.");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
