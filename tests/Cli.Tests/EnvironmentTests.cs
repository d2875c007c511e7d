using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
        there.Error.Should().Contain($"The proxy http://127.0.0.1:{new Uri(address).Port} cannot be reached").And.Contain("NO_PROXY=team.invalid").And.NotContain("hidden");
        (await RunAsync("https://team.invalid", token, ("HTTPS_PROXY", address), ("NO_PROXY", "team.invalid"))).Error.Should().Contain("The host team.invalid cannot be found");
        (await RunAsync("http://team.invalid", token, ("HTTP_PROXY", address))).Should().Match<CommandRun>(ran => ran.ExitCode == 2 && ran.Error.Contains("--insecure"));
    }

    [Fact]
    public async Task A_certificate_of_ones_own_authority_is_trusted_where_SSL_CERT_FILE_names_it()
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) { CertificateExtensions = { names.Build() } };
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (pem, keyPem) = (Path.Combine(_home, "certificate.pem"), Path.Combine(_home, "key.pem"));
        await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPem, key.ExportPkcs8PrivateKeyPem());
        await using var host = await ServerHost.StartWithTlsAsync(pem, keyPem);
        var server = $"https://localhost:{host.Url.Port}";

        var distrusted = await RunAsync(server, "sty_x");
        distrusted.ExitCode.Should().Be(6);
        distrusted.Error.Should().Contain("nobody that this machine trusts has signed it");
        var trusted = await RunAsync(server, "sty_x", ("SSL_CERT_FILE", pem));
        trusted.ExitCode.Should().Be(4, "it was asked, and knows no such token");
    }

    private async Task<CommandRun> RunAsync(string server, string token, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(CliApp).Assembly.Location, "whoami", "-q", "--retry", "0", "--server", server]);
        foreach (var name in start.Environment.Keys.Where(name => name.Contains("proxy", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }
        start.Environment["XDG_CONFIG_HOME"] = _home;
        start.Environment["STORIES_TOKEN"] = token;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }
        return await CommandRun.OfAsync(start);
    }
}
