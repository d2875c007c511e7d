using System.Net;
using System.Net.Sockets;
using System.Text;
using StoriesCli.Client.Players;
using StoriesCli.Testing;

namespace StoriesCli.Client.Tests;

/// <summary>What a proxy of the environment gets to see: of loopback nothing, of others what the user allowed.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task What_is_for_this_machine_goes_through_no_proxy(string name)
    {
        await using var host = await ServerHost.StartAsync();
        using var proxy = Listening(out var address, out var seen);
        using var client = new ApiClient(new($"http://{name}:{host.Url.Port}"), await host.JoinAsync("ana"), new() { Retries = 0, Proxy = new WebProxy(address) });

        (await client.GetMeAsync()).Handle.Should().Be("ana");

        seen.Should().BeEmpty();
    }

    [Fact]
    public async Task Plain_http_to_another_machine_goes_through_one_only_where_that_is_allowed()
    {
        using var proxy = Listening(out var address, out var seen);
        var server = new Uri("http://team.example");
        var careless = () => new ApiClient(server, "sty_secret", new() { Proxy = new WebProxy(address) });
        careless.Should().Throw<ArgumentException>();
        using var client = new ApiClient(server, "sty_secret", new() { Retries = 0, AllowPlainHttp = true, Proxy = new WebProxy(address) });

        var me = () => client.GetMeAsync();

        (await me.Should().ThrowAsync<ApiException>()).WithMessage($"*the proxy {ServerAddress.Origin(address)}*502*");
        seen.Should().Contain(line => line.StartsWith("GET http://team.example/v1/me"));
    }

    [Fact]
    public async Task Https_through_a_proxy_shows_it_no_token_and_its_refusal_names_it_without_its_password()
    {
        using var proxy = Listening(out var address, out var seen);
        var named = new WebProxy(address) { Credentials = new NetworkCredential("me", "hidden") };
        using var client = new ApiClient(new("https://team.example"), "sty_secret", new() { Retries = 0, Proxy = named });

        var me = () => client.GetMeAsync();

        (await me.Should().ThrowAsync<ServerUnreachableException>()).WithMessage($"The proxy {ServerAddress.Origin(address)} opens no way to https://team.example: *NO_PROXY=team.example*")
            .Which.Message.Should().NotContain("hidden");
        seen.Should().Contain(line => line.StartsWith("CONNECT team.example:443")).And.NotContain(line => line.Contains("sty_"));
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        var proxy = Listening(out var address, out _);
        proxy.Stop();
        using var client = new ApiClient(new("https://team.example"), null, new() { Retries = 0, Proxy = new WebProxy(address) });

        var me = () => client.GetMeAsync();

        (await me.Should().ThrowAsync<ServerUnreachableException>()).WithMessage($"The proxy {ServerAddress.Origin(address)} cannot be reached: the connection was refused. *NO_PROXY=team.example*");
    }

    [Fact]
    public void A_player_asks_this_machine_through_no_proxy_either()
    {
        var variables = new Dictionary<string, string?> { ["https_proxy"] = "http://proxy:3128", ["NO_PROXY"] = "intern.example" };
        ChildEnvironment.KeepLoopbackDirect(variables);
        variables["NO_PROXY"].Should().Be("intern.example,localhost,127.0.0.1,::1");
        variables["no_proxy"].Should().Be("localhost,127.0.0.1,::1");

        var none = new Dictionary<string, string?> { ["PATH"] = "/bin" };
        ChildEnvironment.KeepLoopbackDirect(none);
        none.Should().HaveCount(1);
    }

    /// <summary>A proxy that notes what it is asked and opens no way anywhere.</summary>
    private static TcpListener Listening(out Uri address, out List<string> seen)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var lines = seen = [];
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(connection.GetStream(), leaveOpen: true);
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    lock (lines)
                    {
                        lines.Add(line);
                    }
                }
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        });
        return listener;
    }
}
