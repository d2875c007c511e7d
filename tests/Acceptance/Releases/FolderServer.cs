using System.Net;
using System.Net.Sockets;

namespace StoriesCli.Acceptance.Releases;

/// <summary>Serves the files of a folder over http, on a port of this machine.</summary>
internal sealed class FolderServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;

    public FolderServer(string folder)
    {
        _folder = folder;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var file = Path.Combine(_folder, Uri.UnescapeDataString(context.Request.Url!.AbsolutePath).TrimStart('/'));
                using var response = context.Response;
                if (File.Exists(file))
                {
                    response.ContentLength64 = new FileInfo(file).Length;
                    await using var from = File.OpenRead(file);
                    await from.CopyToAsync(response.OutputStream);
                }
                else
                {
                    response.StatusCode = (int)HttpStatusCode.NotFound;
                }
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was disposed.
        }
    }
}
