using System.Security.Cryptography;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Examples;

/// <summary>The examples for reverse proxies, run by the real ones in front of the real server.</summary>
public sealed class ReverseProxyTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task Uploads_events_links_and_addresses_pass_a_proxy_that_is_set_up_as_the_example_says(string program)
    {
        await using var proxy = new ReverseProxy(program);
        await using var server = await RealServer.StartAsync(
            "--trusted-proxy",
            "127.0.0.1",
            "--base-url",
            proxy.Url.ToString().TrimEnd('/')
        );
        var ana = await server.JoinAsync("ana");
        await proxy.StartAsync(server.Url);
        using var http = proxy.Http();
        http.DefaultRequestHeaders.Authorization = new("Bearer", ana.Token);

        using var events = await http.GetAsync("/v1/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await events.Content.ReadAsStreamAsync());
        var video = await LargeVideo.MakeAsync(ana, ana.Home);
        var id = (await ThroughAsync("post", video, "--caption", "large", "--quiet")).Succeeded().Out.Trim();
        var told = false;
        using (var limit = new CancellationTokenSource(AtOnce))
        {
            while (!told && await lines.ReadLineAsync(limit.Token) is { } line)
            {
                told = line.Contains(id, StringComparison.Ordinal);
            }
        }
        (await ThroughAsync("get", id, "-o", "copy.mp4")).Succeeded();
        var link = (await ThroughAsync("share", id, "--quiet")).Succeeded().Out.Trim();
        var page = await http.GetAsync(link);
        (
            await ana.RunAsync(
                "curl",
                [
                    "--silent",
                    "--cacert",
                    proxy.CertificatePath,
                    "--interface",
                    "127.0.0.2",
                    "--header",
                    "Authorization: Bearer wrong",
                    new Uri(proxy.Url, "/v1/me").ToString(),
                ]
            )
        ).Succeeded();

        told.Should().BeTrue();
        (await HashAsync(Path.Combine(ana.Home, "copy.mp4")))
            .Should()
            .Be((await ana.StoriesJsonAsync("show", id)).GetProperty("media").GetProperty("sha256").GetString());
        link.Should().StartWith(new Uri(proxy.Url, "/s/").ToString());
        page.IsSuccessStatusCode.Should().BeTrue();
        (await http.GetAsync("/v1/feed.atom?key=stf_secret")).IsSuccessStatusCode.Should().BeFalse();
        await Eventually.TrueAsync(() =>
            server.Log.Any(line => line.EndsWith("Failed sign-in from 127.0.0.2: not_signed_in", StringComparison.Ordinal))
        );
        await Eventually.TrueAsync(() => proxy.ReadLog().Contains("feed.atom", StringComparison.Ordinal));
        proxy
            .ReadLog()
            .Should()
            .Contain("/s/...")
            .And.NotContain(new Uri(link).AbsolutePath)
            .And.NotContain("stf_secret")
            .And.NotContain(ana.Token);

        Task<CommandRun> ThroughAsync(params string[] arguments) =>
            ana.RunAsync(
                "env",
                [
                    $"STORIES_URL={proxy.Url}",
                    $"STORIES_TOKEN={ana.Token}",
                    $"SSL_CERT_FILE={proxy.CertificatePath}",
                    Published.Stories,
                    .. arguments,
                ]
            );
    }

    private static async Task<string> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }
}
