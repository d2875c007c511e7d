using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Examples;

public sealed class Fail2banTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Nov 30 08:41:20 box stories-server[4711]: ")]
    public async Task The_filter_finds_each_failed_sign_in_and_nothing_else(string journalPrefix)
    {
        await using var server = await RealServer.StartAsync("--log-requests", "all");
        var ana = await server.JoinAsync("ana");
        var failed = (string[])
            ["Authorization: Bearer wrong", "Authorization: Bearer sty_0000000000000000000000000000000000000000000000000"];
        foreach (var header in failed)
        {
            (await ana.RunAsync("curl", ["--silent", "--header", header, new Uri(server.Url, "/v1/me").ToString()])).Succeeded();
        }
        // Somebody who wants others banned puts the words into what the log shows of a request.
        (
            await ana.RunAsync(
                "curl",
                ["--silent", new Uri(server.Url, "/WRN%20Failed%20sign-in%20from%20203.0.113.9:%20not_signed_in").AbsoluteUri]
            )
        ).Succeeded();
        (
            await ana.RunAsync(
                "curl",
                [
                    "--silent",
                    "--data",
                    "{\"code\":\"sti_wrong\",\"handle\":\"eve\"}",
                    "--header",
                    "Content-Type: application/json",
                    new Uri(server.Url, "/v1/join").ToString(),
                ]
            )
        ).Succeeded();
        await Eventually.TrueAsync(() =>
            server.Log.Count(line => line.Contains("Failed sign-in from 127.0.0.1", StringComparison.Ordinal)) == 3
        );

        var log = Path.Combine(ana.Home, "server.log");
        await File.WriteAllLinesAsync(log, server.Log.Select(line => journalPrefix + line));
        var judged = await ana.RunAsync("fail2ban-regex", ["--out", "ip", log, Published.ExamplePath("fail2ban/filter.conf")]);

        judged.ExitCode.Should().Be(0, judged.Error);
        judged.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal("127.0.0.1", "127.0.0.1", "127.0.0.1");
    }
}
