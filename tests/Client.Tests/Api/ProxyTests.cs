using System.Net;
using System.Net.Sockets;
using System.Text;
using StoriesCli.Client.Api;
using StoriesCli.Client.Players;
using StoriesCli.Testing;

namespace StoriesCli.Client.Tests.Api;

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
        using var client = new ApiClient(
            new($"http://{name}:{host.Url.Port}"),
            await host.JoinAsync("ana"),
            new() { Retries = 0, Proxy = new WebProxy(address) }
        );

        (await client.Accounts.GetMeAsync()).Handle.Should().Be("ana");

        seen.Should().BeEmpty();
    }

    [Fact]
    public async Task Plain_http_to_another_machine_goes_through_one_only_where_that_is_allowed()
    {
        using var proxy = Listening(out var address, out var seen);
        var server = new Uri("http://team.example");
        var careless = () => new ApiClient(server, "sty_secret", new() { Proxy = new WebProxy(address) });
        careless.Should().Throw<ArgumentException>();
        using var client = new ApiClient(
            server,
            "sty_secret",
            new()
            {
                Retries = 0,
                AllowPlainHttp = true,
                Proxy = new WebProxy(address),
            }
        );

        var me = () => client.Accounts.GetMeAsync();

        (await me.Should().ThrowAsync<ApiException>()).WithMessage($"*the proxy {ServerAddress.Origin(address)}*502*");
        seen.Should().Contain(line => line.StartsWith("GET http://team.example/v1/me"));
    }

    [Fact]
    public async Task Https_through_a_proxy_shows_it_no_token_and_its_refusal_names_it_without_its_password()
    {
        using var proxy = Listening(out var address, out var seen);
        var named = new WebProxy(address) { Credentials = new NetworkCredential("me", "hidden") };
        using var client = new ApiClient(new("https://team.example"), "sty_secret", new() { Retries = 0, Proxy = named });

        var me = () => client.Accounts.GetMeAsync();

        (await me.Should().ThrowAsync<ServerUnreachableException>())
            .WithMessage($"The proxy {ServerAddress.Origin(address)} does not connect to https://team.example: *NO_PROXY=team.example*")
            .Which.Message.Should()
            .NotContain("hidden");
        seen.Should().Contain(line => line.StartsWith("CONNECT team.example:443")).And.NotContain(line => line.Contains("sty_"));
    }

    [Theory]
    [InlineData(403, "it does not allow that (it answered 403)")]
    [InlineData(407, "it needs a user name and password, or refuses the ones it got (it answered 407)")]
    [InlineData(502, "it does not reach the server (it answered 502)")]
    [InlineData(500, "it answered 500")]
    public async Task A_refusal_is_told_in_our_words_and_shows_no_password_even_when_all_of_it_is_printed(int status, string says)
    {
        using var proxy = Listening(out var address, out _, status);
        var told = new List<RetryNotice>();
        var withPassword = new Uri(address.ToString().Replace("//", "//me:s3cret@", StringComparison.Ordinal));
        using var client = new ApiClient(
            new("https://team.example"),
            "sty_secret",
            new()
            {
                Retries = 1,
                RetryPause = TimeSpan.FromMilliseconds(1),
                OnRetry = told.Add,
                Proxy = new WebProxy(withPassword),
            }
        );

        var me = () => client.Accounts.GetMeAsync();

        var thrown = (await me.Should().ThrowAsync<ServerUnreachableException>()).Which;
        thrown
            .Message.Should()
            .StartWith(
                $"The proxy {ServerAddress.Origin(address)} does not connect to https://team.example: {says}. The environment names it "
            );
        (thrown + string.Concat(told)).Should().NotContain("s3cret").And.NotContain("me:");
        told.Should().ContainSingle().Which.Reason.Should().Contain(says);
        var watch = async () =>
        {
            await foreach (var _ in client.Events.WatchAsync()) { }
        };
        (await watch.Should().ThrowAsync<ServerUnreachableException>()).Which.ToString().Should().NotContain("s3cret");
    }

    [Theory]
    [InlineData("*", "http://team.example", true)]
    [InlineData("team.example", "http://team.example", true)]
    [InlineData("TEAM.example", "https://a.team.example", true)]
    [InlineData(".team.example", "https://team.example", true)]
    [InlineData("*.team.example", "https://a.team.example", true)]
    [InlineData("team.example:8080", "http://team.example:8080", true)]
    [InlineData("a, team.example:443 b", "https://team.example", true)]
    [InlineData("10.0.0.0/8", "http://10.1.2.3", true)]
    [InlineData("10.1.2.3", "http://10.1.2.3:99", true)]
    [InlineData("10.1.2.3:99", "http://10.1.2.3:99", true)]
    [InlineData("fd00::/8", "http://[fd00::1]:80", true)]
    [InlineData("fd00::1", "http://[fd00::1]", true)]
    [InlineData("[fd00::1]:7867", "http://[fd00::1]:7867", true)]
    [InlineData("", "http://team.example", false)]
    [InlineData(null, "http://team.example", false)]
    [InlineData(".", "http://team.example", false)]
    [InlineData("team.example:8080", "http://team.example", false)]
    [InlineData("am.example", "http://team.example", false)]
    [InlineData("example.team", "http://team.example", false)]
    [InlineData("10.0.0.0/8", "http://11.0.0.1", false)]
    [InlineData("[fd00::1]:7867", "http://[fd00::1]", false)]
    [InlineData("0.0.1", "http://10.0.0.1", false)]
    public void Who_is_named_goes_around_the_proxy(string? list, string server, bool context)
    {
        var proxy = new GuardedProxy(new WebProxy("http://proxy.example:3128"), new(list));

        proxy.IsBypassed(new(server)).Should().Be(context);
        (proxy.NameFor(new(server)) is null).Should().Be(context);
    }

    [Theory]
    [InlineData("http://user:s3cret@team.example/x", "http://…@team.example/x")]
    [InlineData("htp://user:s3/c@ret@team.example", "htp://…@team.example")]
    [InlineData("user:s3cret@team.example", "…@team.example")]
    [InlineData("https://team.example/join?code=s3cret", "https://team.example/join?…")]
    [InlineData("https://team.example/#s3cret", "https://team.example/#…")]
    [InlineData("team.example", "team.example")]
    public void An_address_that_is_shown_has_no_secret(string address, string shown)
    {
        ServerAddress.Shown(address).Should().Be(shown);
        ServerAddress.TryParse(address, out _, out var fault).Should().Be(fault is null);
        (fault ?? "").Should().NotContain("s3");
        ServerAddress.WithoutSecrets($"Proxy {address} failed.").Should().NotContain("s3");
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        var proxy = Listening(out var address, out _);
        proxy.Stop();
        using var client = new ApiClient(new("https://team.example"), null, new() { Retries = 0, Proxy = new WebProxy(address) });

        var me = () => client.Accounts.GetMeAsync();

        (await me.Should().ThrowAsync<ServerUnreachableException>()).WithMessage(
            $"The proxy {ServerAddress.Origin(address)} cannot be reached: the connection was refused. *NO_PROXY=team.example*"
        );
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

        var all = new Dictionary<string, string?>
        {
            ["https_proxy"] = "http://proxy:3128",
            ["NO_PROXY"] = "*",
            ["no_proxy"] = "*",
        };
        ChildEnvironment.KeepLoopbackDirect(all);
        all.Values.Should().Contain("*").And.NotContain(value => value!.Contains(','), "a star among others names nobody");
    }

    /// <summary>A proxy that notes what it is asked and opens no way anywhere.</summary>
    private static TcpListener Listening(out Uri address, out List<string> seen, int status = 502)
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
                await connection
                    .GetStream()
                    .WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        });
        return listener;
    }
}
