using System.Net;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Http;

/// <summary>What the log tells of those who do not get in, for a host and for fail2ban.</summary>
public sealed class FailedAttemptsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stories-attempts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Each_way_in_that_fails_is_logged_with_the_address_and_without_what_was_tried()
    {
        await using (var host = await StartAsync())
        {
            await host.Wire("sty_tried").GetAsync("/v1/me");
            await host.Wire(token: null).PostJsonAsync("/v1/join", """{ "code": "sti_tried", "handle": "eve" }""");
            await host.Wire(token: null).GetAsync("/v1/feed.atom?key=stf_tried");
            (await host.Wire(token: null).GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.Unauthorized);
        }

        var log = ReadLog();
        log.Where(IsAttempt)
            .Select(line => line[(line.IndexOf("WRN", StringComparison.Ordinal))..])
            .Should()
            .Equal(
                ["not_signed_in", "invite_invalid", "feed_key_invalid"],
                (line, code) => line == $"WRN Failed sign-in from 127.0.0.1: {code}",
                "who shows nothing has guessed nothing"
            );
        log.Should().NotContain(line => line.Contains("tried", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Neither_one_address_nor_many_fill_the_log()
    {
        await using (var host = await StartAsync())
        {
            var wire = host.Wire("wrong");
            for (var i = 0; i < 30 * FailedAttempts.LinesPerAddress; i++)
            {
                await wire.GetAsync("/v1/me", ("X-Forwarded-For", $"203.0.113.{i % 30}"));
            }
        }

        var addresses = ReadLog().Where(IsAttempt).CountBy(line => line.Split(' ')[^2]).ToList();
        addresses.Sum(it => it.Value).Should().Be(FailedAttempts.LinesInTotal);
        addresses.Should().OnlyContain(it => it.Value <= FailedAttempts.LinesPerAddress).And.HaveCount(30);
    }

    [Fact]
    public async Task One_address_is_logged_ten_times()
    {
        await using (var host = await StartAsync())
        {
            var wire = host.Wire("wrong");
            for (var i = 0; i < 15; i++)
            {
                await wire.GetAsync("/v1/me");
            }
        }

        ReadLog().Count(IsAttempt).Should().Be(FailedAttempts.LinesPerAddress);
    }

    private Task<ServerHost> StartAsync() =>
        ServerHost.StartAsync(o =>
            o with
            {
                LogFile = Path.Combine(_folder.FullName, "server.log"),
                LogLevel = "information",
                TrustedProxies = TrustedProxies.Parse("127.0.0.0/8"),
            }
        );

    private static bool IsAttempt(string line) => line.Contains("Failed sign-in", StringComparison.Ordinal);

    private List<string> ReadLog() => [.. _folder.EnumerateFiles().SelectMany(file => File.ReadAllLines(file.FullName))];
}
