using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StoriesCli.Client.Tests;

/// <summary>Takes uploads of any size through one small buffer, so that what a test measures is the client's.</summary>
internal sealed class SinkServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public SinkServer()
    {
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Bytes of the last body.</summary>
    public long BodyBytes { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[64 * 1024];
        var answer = Encoding.UTF8.GetBytes(Samples.StoryJson());
        var head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 201 X\r\nContent-Type: application/json\r\nContent-Length: {answer.Length}\r\nConnection: close\r\n\r\n"
        );
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync(_stop.Token);
                var got = await socket.ReceiveAsync(buffer);
                var text = Encoding.ASCII.GetString(buffer, 0, got);
                var length = long.Parse(text.Split("Content-Length: ")[1].Split('\r')[0], null);
                if (text.Contains("100-continue", StringComparison.Ordinal))
                {
                    await socket.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                }
                BodyBytes = got - text.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4;
                while (BodyBytes < length)
                {
                    BodyBytes += await socket.ReceiveAsync(buffer);
                }
                await socket.SendAsync(head);
                await socket.SendAsync(answer);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}

/// <summary>So many zero bytes, out of nothing.</summary>
internal sealed class ZeroStream(long length) : MemoryStream
{
    private long _at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Min(buffer.Length, length - _at);
        buffer.Span[..count].Clear();
        _at += count;
        return ValueTask.FromResult(count);
    }
}
