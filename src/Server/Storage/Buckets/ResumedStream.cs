using Amazon.S3.Model;

namespace StoriesCli.Server.Storage.Buckets;

/// <summary>An object as a stream. When the connection breaks, it goes on from there, a few times in a row, as long as the object is the same.</summary>
/// <param name="length">Bytes of the object.</param>
/// <param name="open">Opens it from a place on.</param>
internal sealed class ResumedStream(long length, Func<long, CancellationToken, Task<GetObjectResponse>> open) : Stream
{
    private const int Tries = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    // Silence longer than this is a broken connection.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private GetObjectResponse? _from;
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at == length || buffer.IsEmpty)
        {
            return 0;
        }
        for (var i = 1; ; i++)
        {
            try
            {
                var read = await ReadOnceAsync(buffer, cancellationToken).ConfigureAwait(false);
                _at += read;
                return read;
            }
            catch (Exception e) when (i < Tries && IsBroken(e, cancellationToken))
            {
                LetGo();
                await Task.Delay(FirstPause * (1 << i), TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not BucketUnavailableException && IsBroken(e, cancellationToken))
            {
                throw new BucketUnavailableException($"the connection broke off after {_at:N0} of {length:N0} bytes", inner: e);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Objects are read without blocking a thread.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            LetGo();
        }
        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        _from ??= await open(_at, cancel).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Silence);
        var read = await _from.ResponseStream.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
        return read > 0 ? read : throw new IOException("it ended too early");
    }

    private static bool IsBroken(Exception e, CancellationToken cancel) =>
        !cancel.IsCancellationRequested
        && e is IOException or HttpRequestException or OperationCanceledException
        && e is not BucketUnavailableException { IsRefusal: true };

    private void LetGo()
    {
        _from?.Dispose();
        _from = null;
    }
}
