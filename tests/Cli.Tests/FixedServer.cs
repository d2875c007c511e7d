using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StoriesCli.Cli.Tests;

/// <summary>Something on a real socket that answers every request alike.</summary>
internal sealed class FixedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public FixedServer(int status, string type, string body)
    {
        _listener.Start();
        _serving = ServeAsync(
            Encoding.UTF8.GetBytes(
                $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"
            )
        );
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync(byte[] answer)
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptTcpClientAsync(_stop.Token);
                var stream = socket.GetStream();
                using var reader = new StreamReader(stream, leaveOpen: true);
                var length = 0;
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                {
                    length = line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase) ? int.Parse(line[16..]) : length;
                    length = line.StartsWith("Transfer-Encoding: ", StringComparison.OrdinalIgnoreCase) ? -1 : length;
                }
                if (length > 0)
                {
                    await reader.ReadBlockAsync(new char[length], _stop.Token);
                }
                while (length < 0 && await reader.ReadLineAsync(_stop.Token) is { } chunk && chunk != "0") { }
                await stream.WriteAsync(answer, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
