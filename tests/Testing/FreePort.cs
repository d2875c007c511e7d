using System.Net;
using System.Net.Sockets;

namespace StoriesCli.Testing;

/// <summary>A port of 127.0.0.1 that nobody uses now, for programs that cannot choose one themselves.</summary>
public static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
