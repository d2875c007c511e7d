using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Examples;

/// <summary>nginx or Caddy with its example from docs/examples; only name, ports, certificate and log are changed to those of a test.</summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-reverse-proxy-").FullName;
    private readonly bool _isNginx;
    private Process? _process;

    public ReverseProxy(string program)
    {
        _isNginx = program == "nginx";
        // Neither program says which port the system chose for it.
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        Url = new($"https://localhost:{((IPEndPoint)reserved.LocalEndpoint).Port}/");
    }

    /// <summary>Where people reach the server.</summary>
    public Uri Url { get; }

    public string CertificatePath => Path.Combine(_folder, "certificate.pem");

    private string KeyPath => Path.Combine(_folder, "key.pem");

    private string LogPath => Path.Combine(_folder, "access.log");

    public string ReadLog() => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    /// <param name="servers">One server, or two behind the example of nginx for several.</param>
    public async Task StartAsync(params Uri[] servers)
    {
        await LocalhostCertificate.WriteAsync(CertificatePath, KeyPath);
        var configuration = Path.Combine(_folder, "configuration");
        await File.WriteAllTextAsync(configuration, _isNginx ? ForNginx(servers) : ForCaddy(servers.Single()));
        var start = _isNginx
            ? new ProcessStartInfo("nginx", ["-p", _folder, "-e", Path.Combine(_folder, "error.log"), "-c", configuration])
            : new ProcessStartInfo("caddy", ["run", "--adapter", "caddyfile", "--config", configuration]);
        (start.Environment["HOME"], start.Environment["XDG_DATA_HOME"]) = (_folder, _folder);
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Url.Port);
                return true;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                return false;
            }
        });
    }

    /// <summary>Trusts its certificate.</summary>
    public HttpClient Http()
    {
        var known = X509CertificateLoader.LoadCertificateFromFile(CertificatePath).Thumbprint;
        return new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, given, _, _) => given?.Thumbprint == known })
        {
            BaseAddress = Url,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string ForNginx(Uri[] servers) =>
        $$"""
            daemon off;
            pid {{_folder}}/pid;
            events {}
            http {
                client_body_temp_path {{_folder}}/body;
                proxy_temp_path {{_folder}}/proxy;
                fastcgi_temp_path {{_folder}}/fastcgi;
                uwsgi_temp_path {{_folder}}/uwsgi;
                scgi_temp_path {{_folder}}/scgi;
            {{Published.Adapted(
                servers.Length == 1 ? "nginx.conf" : "nginx-servers.conf",
                [.. servers.Select((server, i) => ($"127.0.0.1:{7867 + i}", server.Authority)),
                ("listen 443", $"listen 127.0.0.1:{Url.Port}"),
                ("/etc/letsencrypt/live/stories.example/fullchain.pem", CertificatePath),
                ("/etc/letsencrypt/live/stories.example/privkey.pem", KeyPath),
                ("/var/log/nginx/stories.log", LogPath),
                ("stories.example", "localhost")]
            )}}
            }
            """;

    private string ForCaddy(Uri server) =>
        "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"
        + Published.Adapted(
            "Caddyfile",
            ("127.0.0.1:7867", server.Authority),
            ("stories.example {", $"{Url.Authority} {{\n\tbind 127.0.0.1\n\ttls {CertificatePath} {KeyPath}"),
            ("log {", $"log {{\n\t\toutput file {LogPath}")
        );
}
