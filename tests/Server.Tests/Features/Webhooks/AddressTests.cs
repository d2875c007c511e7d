using System.Net;
using System.Net.Sockets;
using StoriesCli.Server.Features.Webhooks;
using StoriesCli.Server.Hosting;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Webhooks;

public sealed class AddressTests
{
    private static readonly ServerOptions Options = new() { Data = "", Listen = [] };

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    public void Public_addresses_may_be_reached(string address) =>
        new AddressRules(Options).FindFault(IPAddress.Parse(address)).Should().BeNull();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.9")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Others_may_not_unless_the_host_says_so(string address)
    {
        var parsed = IPAddress.Parse(address);
        var plain = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        var allowing = new AddressRules(Options with { WebhookAllow = [new(plain, plain.GetAddressBytes().Length * 8)] });

        new AddressRules(Options).FindFault(parsed).Should().Contain(parsed.ToString());
        allowing.FindFault(parsed).Should().BeNull();
    }

    [Theory]
    [InlineData("http://127.0.0.1/hook", "127.0.0.1")]
    [InlineData("http://2130706433/", "127.0.0.1")]
    [InlineData("http://0x7f.1/", "127.0.0.1")]
    [InlineData("http://[::ffff:10.0.0.1]/", "10.0.0.1")]
    [InlineData("https://169.254.169.254/latest/meta-data", "169.254.169.254")]
    [InlineData("http://localhost:7867/v1/me", "localhost")]
    [InlineData("http://no-such-host.invalid/", "no-such-host.invalid")]
    [InlineData("https://ana:secret@1.1.1.1/", "neither name nor password")]
    [InlineData("ftp://1.1.1.1/", "http://")]
    [InlineData("/hook", "http://")]
    [InlineData("", "is empty")]
    [InlineData("https://1.1.1.1/#part", "fragment")]
    public async Task An_address_that_may_not_be_told_is_refused_by_name(string url, string told)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var refused = await ana.PostJsonAsync("/v1/webhooks", System.Text.Json.JsonSerializer.Serialize(new { url }));

        (refused.Status, refused.Code).Should().Be((HttpStatusCode.BadRequest, "invalid_request"));
        refused.Json.GetProperty("errors").GetProperty("url")[0].GetString().Should().Contain(told).And.NotContain("secret");
        (await ana.GetAsync("/v1/webhooks")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData("""{ "url": "https://1.1.1.1/", "events": ["tea"] }""", "tea")]
    [InlineData("""{ "url": "https://1.1.1.1/", "events": ["reset"] }""", "reset")]
    [InlineData("""{ "url": "https://1.1.1.1/", "events": [] }""", "one at least")]
    [InlineData("""{ "url": "https://1.1.1.1/", "colour": "red" }""", "colour")]
    public async Task Events_that_there_are_none_of_are_refused_by_name(string body, string told)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.PostJsonAsync("/v1/webhooks", body)).Detail.Should().Contain(told);
    }

    [Fact]
    public async Task An_address_is_checked_again_at_each_delivery()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        var token = await host.JoinAsync("ana");
        var (hook, _) = await host.Wire(token).HookAsync(receiver);
        await host.StopAsync();

        await using var strict = await ServerHost.OpenAsync(host.DataPath, host.Clock.GetUtcNow());
        using var ana = strict.Wire(token);
        await ana.PostTextAsync("x");

        (await ana.AttemptsAsync(hook, 1))[0].GetProperty("error").GetString().Should().Contain("127.0.0.1 is private, local or reserved");
        receiver.Count.Should().Be(0);
    }

    [Fact]
    public async Task A_name_that_means_another_address_by_the_time_of_the_connection_is_not_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = 0;
        // A DNS server can do this on purpose: a public address for the check, a local one for the connection.
        var dialer = new WebhookDialer(
            new(Options),
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "1.1.1.1" : "127.0.0.1")])
        );
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = dialer.ConnectAsync });
        await dialer.ResolveAsync("rebinding.example", CancellationToken.None);

        var connecting = () => http.GetAsync(new Uri($"http://rebinding.example:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

        (await connecting.Should().ThrowAsync<HttpRequestException>())
            .Which.InnerException.Should()
            .BeOfType<AddressRefusedException>()
            .Which.Message.Should()
            .Contain("127.0.0.1");
        listener.Pending().Should().BeFalse();
    }

    [Fact]
    public async Task A_name_with_one_address_that_may_not_be_reached_is_refused_whole()
    {
        var dialer = new WebhookDialer(
            new(Options),
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1"), IPAddress.Parse("10.0.0.1")])
        );

        var resolving = () => dialer.ResolveAsync("both.example", CancellationToken.None);

        (await resolving.Should().ThrowAsync<AddressRefusedException>())
            .Which.Message.Should()
            .Contain("both.example")
            .And.Contain("10.0.0.1");
    }
}
