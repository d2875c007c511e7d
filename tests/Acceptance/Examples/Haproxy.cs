using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Examples;

/// <summary>HAProxy with its example from docs/examples; only name, ports, certificate and log are changed to those of a test.</summary>
internal sealed class Haproxy : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-haproxy-").FullName;
    private Process? _process;

    /// <summary>Where people reach the servers.</summary>
    public Uri Url { get; } = new($"https://localhost:{FreePort.Find()}/");

    public string CertificatePath => Path.Combine(_folder, "certificate.pem");

    public async Task StartAsync(Uri one, Uri two)
    {
        var both = Path.Combine(_folder, "both.pem");
        await LocalhostCertificate.WriteAsync(CertificatePath, Path.Combine(_folder, "key.pem"));
        await File.WriteAllTextAsync(
            both,
            await File.ReadAllTextAsync(CertificatePath) + "\n" + await File.ReadAllTextAsync(Path.Combine(_folder, "key.pem"))
        );
        var configuration = Path.Combine(_folder, "haproxy.cfg");
        await File.WriteAllTextAsync(
            configuration,
            Published.Adapted(
                "haproxy.cfg",
                ("log /dev/log local0", "log stdout format raw local0"),
                ("bind :443", $"bind 127.0.0.1:{Url.Port}"),
                ("/etc/haproxy/stories.example.pem", both),
                ("127.0.0.1:7867", one.Authority),
                ("127.0.0.1:7868", two.Authority),
                ("stories.example", "localhost")
            )
        );
        (await CommandRun.OfAsync(Run("-c", "-f", configuration))).Succeeded();
        var start = Run("-db", "-f", configuration);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
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

    /// <summary>What it has logged so far.</summary>
    public string Log { get; private set; } = "";

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

    /// <summary>With the libraries that script/test fetched beside it.</summary>
    private static ProcessStartInfo Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("haproxy", arguments);
        var libraries = Path.Combine(Published.Artifacts, "tools", "usr", "lib");
        start.Environment["LD_LIBRARY_PATH"] = string.Join(
            ':',
            Directory.Exists(libraries) ? Directory.GetDirectories(libraries, "*-linux-gnu") : []
        );
        return start;
    }

    private void Keep(string? line)
    {
        lock (_folder)
        {
            Log += line is null ? "" : line + "\n";
        }
    }
}
