using System.Collections.Concurrent;
using System.Security.Cryptography;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Examples;

/// <summary>Two published servers on one PostgreSQL behind the examples for HAProxy and nginx, used by the published client.</summary>
public sealed class SeveralServersTests
{
    private const int Posters = 3;

    [Fact]
    public async Task Who_posts_through_the_proxy_notices_neither_an_upgrade_of_all_servers_nor_the_kill_of_the_one_that_writes()
    {
        await using var proxy = new Haproxy();
        await UseAsync(proxy.Url, proxy.CertificatePath, proxy.StartAsync, () => proxy.Log);
    }

    [Fact]
    public async Task Nor_does_who_posts_through_nginx_which_asks_no_server_for_its_health()
    {
        await using var proxy = new ReverseProxy("nginx");
        await UseAsync(proxy.Url, proxy.CertificatePath, (one, two) => proxy.StartAsync(one, two), proxy.ReadLog);
    }

    private static async Task UseAsync(Uri url, string certificatePath, Func<Uri, Uri, Task> startProxyAsync, Func<string> readLog)
    {
        await using var cluster = await PostgresCluster.StartAsync(isDurable: true);
        var database = await cluster.NewDatabaseAsync();
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var ana = await one.JoinAsync("ana");
        await startProxyAsync(one.Url, two.Url);
        var posted = new ConcurrentBag<string>();
        var failed = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var posting = Task.WhenAll(Enumerable.Range(0, Posters).Select(_ => Task.Run(PostAsync)));

        await MorePostsAsync();
        foreach (var server in (RealServer[])[one, two])
        {
            (await server.TerminateAsync()).Should().Be(0);
            await MorePostsAsync();
            await server.RestartAsync();
            await UntilReadyAsync(server);
        }
        var writer = await WritesAsync(one) ? one : two;
        await writer.KillAsync();
        await MorePostsAsync();
        await stop.CancelAsync();
        await posting;

        failed.Should().BeEmpty();
        var listed = (await ana.StoriesAtAsync((writer == one ? two : one).Url, "list", "--quiet", "--all")).Succeeded().Out;
        var known = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        posted.Should().OnlyHaveUniqueItems().And.OnlyContain(id => known.Contains(id));
        known.Should().HaveCount(posted.Count, "one key has one effect");
        readLog().Should().NotContain(posted.First(), "the log has no paths");
        File.Delete(secret);

        Task<RealServer> StartAsync() =>
            RealServer.StartAsync(
                "--listen",
                $"http://127.0.0.1:{FreePort.Find()}",
                "--database",
                database,
                "--listen-peers",
                $"http://127.0.0.1:{FreePort.Find()}",
                "--peer-secret-file",
                secret,
                "--trusted-proxy",
                "127.0.0.1",
                "--base-url",
                url.ToString().TrimEnd('/')
            );

        async Task PostAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var run = await ana.RunAsync(
                    "env",
                    [
                        $"STORIES_URL={url}",
                        $"STORIES_TOKEN={ana.Token}",
                        $"SSL_CERT_FILE={certificatePath}",
                        Published.Stories,
                        "post",
                        "--quiet",
                        "--text",
                        "still there",
                    ]
                );
                if (run.ExitCode == 0)
                {
                    posted.Add(run.Out.Trim());
                }
                else
                {
                    failed.Add(run.Error);
                }
            }
        }

        Task MorePostsAsync()
        {
            var before = posted.Count;
            return Eventually.TrueAsync(() => posted.Count >= before + 3 * Posters, TimeSpan.FromSeconds(60));
        }
    }

    private static async Task<bool> WritesAsync(RealServer server) =>
        (await RealServer.RunAsync("status", "--data", server.DataPath, "--json")).Succeeded().Out.Contains("\"writes\": true");

    private static Task UntilReadyAsync(RealServer server) =>
        Eventually.TrueAsync(
            async () => (await RealServer.RunAsync("health", "--data", server.DataPath)).ExitCode == 0,
            TimeSpan.FromSeconds(60)
        );
}
