using System.Net;

namespace StoriesCli.Testing;

/// <summary>A request body whose first half is sent at once, and the rest when a condition holds.</summary>
/// <param name="bytes">All bytes of the body.</param>
/// <param name="condition">Awaited between the halves.</param>
public sealed class HeldBackContent(byte[] bytes, Func<Task> condition) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await stream.FlushAsync();
        await condition();
        await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
