namespace StoriesCli.Bench;

/// <summary>HAProxy before several servers, as docs/examples/haproxy.cfg has it, without TLS.</summary>
internal sealed class Haproxy : IDisposable
{
    private readonly Running _program;

    public Haproxy(Lab lab, IReadOnlyList<Uri> servers)
    {
        var folder = lab.NewFolder("haproxy");
        var port = Lab.FreePort();
        Url = new(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        var lines = servers.Select(
            (url, i) => FormattableString.Invariant($"  server s{i} {url.Authority} check inter 500ms fall 2 rise 1")
        );
        File.WriteAllText(
            Path.Combine(folder, "haproxy.cfg"),
            $"""
            global
              maxconn 4096
              nbthread 1
            defaults
              mode http
              timeout connect 2s
              timeout client 60s
              timeout server 60s
              option http-keep-alive
            frontend stories
              bind 127.0.0.1:{port}
              default_backend servers
            backend servers
              balance leastconn
              option httpchk GET /readyz
              retries 3
              option redispatch
            {string.Join('\n', lines)}

            """
        );
        _program = new("haproxy", "-db", "-f", Path.Combine(folder, "haproxy.cfg"));
        _program.AwaitPort(port);
    }

    public Uri Url { get; }

    public void Dispose()
    {
        _program.Stop();
        _program.Dispose();
    }
}
