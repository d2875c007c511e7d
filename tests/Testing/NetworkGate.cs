using System.Net;
using System.Net.Sockets;

namespace StoriesCli.Testing;

/// <summary>A connection to a server that can be closed and opened again, or swallow what is sent, to simulate a failing network.</summary>
public sealed class NetworkGate : IDisposable
{
    private readonly Func<Uri> _server;
    private readonly IPEndPoint _at;
    private readonly List<Socket> _open = [];
    private TcpListener? _listener;
    private volatile TaskCompletionSource _passes = Passing();

    public NetworkGate(Uri server)
        : this(() => server) { }

    /// <param name="server">Called for each connection: a restarted server listens on another port.</param>
    public NetworkGate(Func<Uri> server)
    {
        _server = server;
        _at = new(IPAddress.Loopback, 0);
        Open();
        _at = (IPEndPoint)_listener!.LocalEndpoint;
    }

    public Uri Url => new($"http://{_at}");

    public void Open()
    {
        var listener = _listener = new(_at);
        listener.Start();
        _ = AcceptAsync(listener);
    }

    /// <summary>Cuts open connections, and refuses new ones.</summary>
    public void Close()
    {
        _listener?.Stop();
        lock (_open)
        {
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }

    /// <summary>Nothing passes any more, and nobody is told: connections stay open, as with a cable that was pulled.</summary>
    public void Swallow() => _passes = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What waits, passes.</summary>
    public void Pass() => _passes.TrySetResult();

    public void Dispose()
    {
        Pass();
        Close();
        _listener?.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_open)
                {
                    _open.AddRange([near, far]);
                }
                _ = PassAsync(near, far);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The gate was closed.
        }
    }

    private static TaskCompletionSource Passing()
    {
        var passing = new TaskCompletionSource();
        passing.SetResult();
        return passing;
    }

    private async Task PassAsync(Socket near, Socket far)
    {
        try
        {
            await far.ConnectAsync(_server().Host, _server().Port);
            await Task.WhenAll(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The server is away.
        }
        near.Dispose();
        far.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            do
            {
                read = await from.ReceiveAsync(buffer);
                await _passes.Task;
                for (var sent = 0; sent < read; )
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            } while (read > 0);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection was cut, and so both ends of it.
            from.Dispose();
            to.Dispose();
        }
    }
}
