using System.Runtime.InteropServices;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Terminal;

/// <summary>
/// One of the process's standard streams, without buffering. Console's streams write to the terminal before the first byte, and
/// FileStream keeps its own position, so that the next program's output to the same file would overwrite ours.
/// </summary>
internal sealed class DescriptorStream(int descriptor, bool isInput) : Stream
{
    private const int Again = 11;

    public override bool CanRead => isInput;
    public override bool CanWrite => !isInput;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            var got = Libc.Read(descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (got >= 0)
            {
                return (int)got;
            }
            WaitOrThrow(Libc.PollIn);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var put = Libc.Write(descriptor, in MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (put >= 0)
            {
                buffer = buffer[(int)put..];
                continue;
            }
            WaitOrThrow(Libc.PollOut);
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Another process may have made the shared descriptor non-blocking.</summary>
    private void WaitOrThrow(short events)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error == Again)
        {
            var waiting = new Libc.PollDescriptor { Descriptor = descriptor, Events = events };
            _ = Libc.Poll(ref waiting, 1, -1);
        }
        else if (error != Libc.Interrupted)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }
}
