using System.Net;
using System.Net.Sockets;

namespace StoriesCli.Testing;

/// <summary>A connection to a server that can be closed and opened again, to simulate a failing network.</summary>
public sealed class NetworkGate : IDisposable
{
    private readonly Func<Uri> _server;
    private readonly IPEndPoint _at;
    private readonly List<Socket> _open = [];
    private TcpListener? _listener;

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

    public void Dispose()
    {
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
                await far.ConnectAsync(_server().Host, _server().Port);
                _ = CopyAsync(near, far);
                _ = CopyAsync(far, near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The gate was closed.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var target = new NetworkStream(to);
            await source.CopyToAsync(target);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The connection was cut.
        }
    }
}
