using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StoriesCli.Testing;

/// <summary>A connection to a server that can be closed and opened again, or swallow what is sent, to simulate a failing network.</summary>
public sealed class NetworkGate : IDisposable
{
    private readonly Func<Uri> _server;
    private readonly IPEndPoint _at;
    private readonly List<Socket> _open = [];
    private TcpListener? _listener;
    private volatile TaskCompletionSource _passes = Passing();
    private volatile bool _onlyAnswers;
    private volatile byte[]? _last;
    private int _waiting;

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

    /// <summary>As <see cref="Swallow"/>, but what clients send passes, and it begins with the answer to what has this text.</summary>
    public void SwallowAnswersAfter(string text) => _last = Encoding.UTF8.GetBytes(text);

    /// <summary>Whether something waits to pass.</summary>
    public bool IsWaiting => Volatile.Read(ref _waiting) > 0;

    /// <summary>What waits, passes, and what comes later waits.</summary>
    public void PassWhatWaits()
    {
        var passing = _passes;
        _passes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        passing.SetResult();
    }

    /// <summary>What waits, passes, and all that comes later.</summary>
    public void Pass()
    {
        _onlyAnswers = false;
        _passes.TrySetResult();
    }

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
            await Task.WhenAll(CopyAsync(near, far, isAnswer: false), CopyAsync(far, near, isAnswer: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The server is away.
        }
        near.Dispose();
        far.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            do
            {
                read = await from.ReceiveAsync(buffer);
                if (!isAnswer && _last is { } last && buffer.AsSpan(0, read).IndexOf(last) >= 0)
                {
                    (_last, _onlyAnswers) = (null, true);
                    Swallow();
                }
                if (isAnswer || !_onlyAnswers)
                {
                    Interlocked.Increment(ref _waiting);
                    await _passes.Task;
                    Interlocked.Decrement(ref _waiting);
                }
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
