using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StoriesCli.Client.Api;

namespace StoriesCli.Client.Tests.Api;

public class ReachingTests
{
    private static readonly ApiClientOptions Once = new() { Retries = 0 };

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_said_in_one_sentence()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)reserved.LocalEndpoint).Port}");
        reserved.Stop();
        using var client = new ApiClient(url, null, Once);

        var me = () => client.Accounts.GetMeAsync();

        (await me.Should().ThrowAsync<ServerUnreachableException>()).WithMessage(
            $"Nothing listens at {ServerAddress.Origin(url)}. Check the server URL, and that the server is running."
        );
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_said_in_one_sentence()
    {
        using var client = new ApiClient(new("https://nobody.invalid"), null, Once);

        var me = () => client.Accounts.GetMeAsync();

        (await me.Should().ThrowAsync<ServerUnreachableException>()).WithMessage(
            "The host nobody.invalid was not found. Check the server URL and the network."
        );
    }

    [Fact]
    public async Task A_certificate_that_nobody_signed_is_refused_and_not_tried_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connections = 0;
        var serving = Task.Run(async () =>
        {
            using var certificate = SelfSigned();
            while (true)
            {
                using var socket = await listener.AcceptTcpClientAsync();
                connections++;
                await using var tls = new SslStream(socket.GetStream());
                try
                {
                    await tls.AuthenticateAsServerAsync(certificate);
                    await tls.ReadExactlyAsync(new byte[1]);
                }
                catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // The client hung up, as it should.
                }
            }
        });
        var url = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var client = new ApiClient(url, "sty_secret", new() { RetryPause = TimeSpan.FromMilliseconds(1) });

        var me = () => client.Accounts.GetMeAsync();

        (await me.Should().ThrowAsync<ServerUnreachableException>()).WithMessage(
            $"{ServerAddress.Origin(url)} cannot be trusted: its certificate is not valid: *"
        );
        connections.Should().Be(1);
        listener.Stop();
        await serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Plain_http_where_TLS_was_expected_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var socket = await listener.AcceptTcpClientAsync();
            await ScriptedServer.WriteAsync(socket.GetStream(), "HTTP/1.1 400 Bad Request\r\n\r\n");
            await socket.GetStream().CopyToAsync(Stream.Null);
        });
        using var client = new ApiClient(new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), null, Once);

        var me = () => client.Accounts.GetMeAsync();

        (await me.Should().ThrowAsync<ServerUnreachableException>()).WithMessage("*it does not speak TLS (is it plain http?).");
        await answering;
    }

    [Theory]
    [InlineData("http://team.example")]
    [InlineData("http://192.168.0.7:7867")]
    public void Plain_http_to_another_machine_has_to_be_allowed(string url)
    {
        var make = () => new ApiClient(new(url), "sty_secret").Dispose();
        var makeAllowed = () => new ApiClient(new(url), "sty_secret", new() { AllowPlainHttp = true }).Dispose();

        make.Should().Throw<ArgumentException>();
        makeAllowed.Should().NotThrow();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
