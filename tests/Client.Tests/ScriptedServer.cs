using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StoriesCli.Client.Api;

namespace StoriesCli.Client.Tests;

/// <summary>A request as it came over the socket.</summary>
internal sealed record Received(string Line, Dictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A server on a real socket that does what the test says, request after request: answers, breaks off, or keeps silent.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Func<Stream, Received, Task>> _script;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public ScriptedServer(params Func<Stream, Received, Task>[] script)
    {
        _script = new(script);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public ConcurrentQueue<Received> Requests { get; } = [];

    public ApiClient Client(ApiClientOptions? options = null, string? token = "sty_secret") =>
        new(Url, token, options ?? new() { RetryPause = TimeSpan.FromMilliseconds(1) });

    public static Func<Stream, Received, Task> Answer(
        int status,
        string body = "",
        string headers = "Content-Type: application/json\r\n"
    ) =>
        (stream, _) =>
            WriteAsync(
                stream,
                $"HTTP/1.1 {status} X\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"
            );

    /// <summary>Ends the connection without a byte of an answer.</summary>
    public static Task BreakOff(Stream stream, Received request) => Task.CompletedTask;

    public static async Task WriteAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = socket.GetStream();
                if (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    if (_script.TryDequeue(out var act))
                    {
                        await act(stream, request);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<Received?> ReadAsync(NetworkStream stream)
    {
        try
        {
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                await stream.ReadExactlyAsync(one, _stop.Token);
                head.Append((char)one[0]);
            }
            var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            var headers = lines
                .Skip(1)
                .Select(line => line.Split(": ", 2))
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
            if (headers.ContainsKey("Expect"))
            {
                await WriteAsync(stream, "HTTP/1.1 100 Continue\r\n\r\n");
            }
            return new(lines[0], headers, await ReadBodyAsync(stream, headers));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<byte[]> ReadBodyAsync(NetworkStream stream, Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("Content-Length", out var length))
        {
            var body = new byte[int.Parse(length, null)];
            await stream.ReadExactlyAsync(body, _stop.Token);
            return body;
        }
        var chunks = new MemoryStream();
        while (headers.ContainsKey("Transfer-Encoding"))
        {
            var size = Convert.ToInt32(await ReadLineAsync(stream), 16);
            var chunk = new byte[size];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            await ReadLineAsync(stream);
            if (size == 0)
            {
                break;
            }
            chunks.Write(chunk);
        }
        return chunks.ToArray();
    }

    private async Task<string> ReadLineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < 2 || line[^1] != '\n')
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            line.Append((char)one[0]);
        }
        return line.ToString().Trim();
    }
}
