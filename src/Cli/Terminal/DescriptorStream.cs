using System.Runtime.InteropServices;

namespace StoriesCli.Cli.Terminal;

/// <summary>
/// One of the process's own three streams, read and written as it is. Console's streams write to the terminal before the first byte, and
/// FileStream keeps a position of its own, so that what the next program writes to the same file would overwrite ours.
/// </summary>
internal sealed partial class DescriptorStream(int descriptor, bool isInput) : Stream
{
    private const int EINTR = 4,
        EAGAIN = 11;
    private const short POLLIN = 1,
        POLLOUT = 4;

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
            var got = ReadSome(descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (got >= 0)
            {
                return (int)got;
            }
            WaitOrThrow(POLLIN);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var put = WriteSome(descriptor, in MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (put >= 0)
            {
                buffer = buffer[(int)put..];
                continue;
            }
            WaitOrThrow(POLLOUT);
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Whoever shares the descriptor may have made it one that does not wait.</summary>
    private void WaitOrThrow(short events)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error == EAGAIN)
        {
            var waiting = new PollDescriptor { Descriptor = descriptor, Events = events };
            _ = Poll(ref waiting, 1, -1);
        }
        else if (error != EINTR)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadSome(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(int descriptor, in byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
