using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests;

/// <summary>What the environment says of proxies and certificates, in a process of its own: it is read once.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("stories-environment-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task The_token_for_this_machine_reaches_no_proxy_and_others_go_where_the_variables_say()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var address = $"http://me:hidden@127.0.0.1:{((IPEndPoint)proxy.LocalEndpoint).Port}";

        var here = await RunAsync(host.Url.ToString(), token, ("http_proxy", address), ("HTTP_PROXY", address), ("ALL_PROXY", address));
        (here.ExitCode, here.Out).Should().Be((0, "ana\n"), here.Error);
        proxy.Pending().Should().BeFalse();
        proxy.Stop();

        var there = await RunAsync("https://team.invalid", token, ("HTTPS_PROXY", address));
        there.ExitCode.Should().Be(6);
        there
            .Error.Should()
            .Contain($"The proxy http://127.0.0.1:{new Uri(address).Port} cannot be reached")
            .And.Contain("NO_PROXY=team.invalid")
            .And.NotContain("hidden");
        (await RunAsync("https://team.invalid", token, ("HTTPS_PROXY", address), ("NO_PROXY", "team.invalid")))
            .Error.Should()
            .Contain("The host team.invalid was not found");
        (await RunAsync("http://team.invalid", token, ("HTTP_PROXY", address)))
            .Should()
            .Match<CommandRun>(ran => ran.ExitCode == 2 && ran.Error.Contains("--insecure"));
    }

    [Theory]
    [InlineData("whoami")]
    [InlineData("list", "--json")]
    [InlineData("doctor")]
    [InlineData("doctor", "--json")]
    [InlineData("watch")]
    [InlineData("whoami", "--retry", "1")]
    public async Task A_proxy_that_refuses_is_named_without_its_password(params string[] command)
    {
        using var proxy = Refusing(out var port, out _);
        var address = $"http://me:s3cret@127.0.0.1:{port}";
        string[] args = command is ["doctor", ..] || command.Contains("--retry") ? command : [.. command, "--retry", "0"];

        var ran = await RunAsync(args, [("STORIES_URL", "https://team.invalid"), ("STORIES_TOKEN", "sty_x"), ("HTTPS_PROXY", address)]);

        ran.ExitCode.Should().NotBe(0);
        (ran.Out + ran.Error)
            .Should()
            .Contain($"The proxy http://127.0.0.1:{port} does not connect to https://team.invalid: it does not allow that")
            .And.NotContain("s3cret")
            .And.NotContain("me:")
            .And.NotContain("\".");
    }

    [Fact]
    public async Task What_a_profile_allows_is_a_direct_connection_and_no_proxy_reads_its_token_unasked()
    {
        using var proxy = Refusing(out var port, out var seen);
        Directory.CreateDirectory(Path.Combine(_home, "stories"));
        var config = Path.Combine(_home, "stories", "config.json");
        await File.WriteAllTextAsync(
            config,
            """{ "profile": "lan", "profiles": { "lan": { "server": "http://team.invalid", "token": "sty_secret", "insecure": true } } }"""
        );
        File.SetUnixFileMode(config, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (string, string) proxied = ("http_proxy", $"http://me:s3cret@127.0.0.1:{port}");

        var refused = await RunAsync(["whoami", "--retry", "0"], [proxied]);

        refused.ExitCode.Should().Be(2);
        refused
            .Error.Should()
            .Contain($"through the proxy http://127.0.0.1:{port}")
            .And.Contain("NO_PROXY=team.invalid")
            .And.Contain("--insecure")
            .And.NotContain("s3cret");
        foreach (var context in (string[])["*", "team.invalid:80", ".invalid"])
        {
            (await RunAsync(["whoami", "--retry", "0"], [proxied, ("no_proxy", context)]))
                .Error.Should()
                .Contain("The host team.invalid was not found", context);
        }
        seen.Should().BeEmpty();
        (await RunAsync(["whoami", "--retry", "0", "--insecure"], [proxied])).Error.Should().Contain("403");
        seen.Should().Contain(line => line.Contains("sty_secret", StringComparison.Ordinal), "that was said");
    }

    [Fact]
    public async Task A_name_that_is_not_UTF_8_is_refused_and_nothing_is_made_by_another()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        var program = $"dotnet exec {typeof(CliApp).Assembly.Location}";
        foreach (
            var (command, name) in ((string, string)[])
                [
                    ("get 01kb3v8sxq7m2c4w9e5r1t0y6z -o $'out\\xff.png'", "--output"),
                    ("get 01kb3v8sxq7m2c4w9e5r1t0y6z --output=$'out\\xff.png'", "--output"),
                    ("promote 01kb3v8sxq7m2c4w9e5r1t0y6z --to $'d\\xff'", "--to"),
                    ("admin backup -o $'b\\xff.tar'", "--output"),
                    ("post --text x --caption $'\\xff'", "--caption"),
                    ("reply 01kb3v8sxq7m2c4w9e5r1t0y6z $'\\xff'", "TEXT"),
                    ("run -- touch $'x\\xff'", "CMD"),
                ]
        )
        {
            var ran = await RunShellAsync($"{program} {command}");
            ran.ExitCode.Should().Be(2, command);
            ran.Error.Should().StartWith($"stories: {name} is not valid UTF-8", command);
        }

        Directory.GetFileSystemEntries(_home).Should().BeEmpty();
        (await RunShellAsync($"{program} get 01kb3v8sxq7m2c4w9e5r1t0y6z -o '\uFFFD.png' --server http://127.0.0.1:9 --retry 0"))
            .ExitCode.Should()
            .Be(6, "it is UTF-8, and typed");
    }

    [Fact]
    public async Task A_certificate_of_ones_own_authority_is_trusted_where_SSL_CERT_FILE_names_it()
    {
        var (pem, keyPem) = (Path.Combine(_home, "certificate.pem"), Path.Combine(_home, "key.pem"));
        await LocalhostCertificate.WriteAsync(pem, keyPem);
        await using var host = await ServerHost.StartWithTlsAsync(pem, keyPem);
        var server = $"https://localhost:{host.Url.Port}";

        var distrusted = await RunAsync(server, "sty_x");
        distrusted.ExitCode.Should().Be(6);
        distrusted.Error.Should().Contain("no authority that this machine trusts has signed it");
        var trusted = await RunAsync(server, "sty_x", ("SSL_CERT_FILE", pem));
        trusted.ExitCode.Should().Be(4, "it was asked, and knows no such token");
    }

    private Task<CommandRun> RunAsync(string server, string token, params (string Name, string Value)[] variables) =>
        RunAsync(["whoami", "-q", "--retry", "0", "--server", server], [("STORIES_TOKEN", token), .. variables]);

    private Task<CommandRun> RunAsync(string[] args, (string Name, string Value)[] variables) =>
        RunAsync(new ProcessStartInfo("dotnet", ["exec", typeof(CliApp).Assembly.Location, .. args]), variables);

    private Task<CommandRun> RunShellAsync(string line) =>
        RunAsync(
            new ProcessStartInfo("bash", ["-c", line]) { WorkingDirectory = _home },
            [("STORIES_TOKEN", "sty_x"), ("LC_ALL", "C.UTF-8")]
        );

    private async Task<CommandRun> RunAsync(ProcessStartInfo start, (string Name, string Value)[] variables)
    {
        foreach (var name in start.Environment.Keys.Where(name => name.Contains("proxy", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }
        start.Environment["XDG_CONFIG_HOME"] = _home;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }
        return await CommandRun.OfAsync(start);
    }

    /// <summary>A proxy that notes what it is asked, and refuses it.</summary>
    private static TcpListener Refusing(out int port, out List<string> seen)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var lines = seen = [];
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(connection.GetStream(), leaveOpen: true);
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    lines.Add(line);
                }
                await connection
                    .GetStream()
                    .WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
        });
        return listener;
    }
}
