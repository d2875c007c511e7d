using System.Net;
using StoriesCli.Server.Http;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Http;

public sealed class RefusalLogTests
{
    [Fact]
    public async Task Refusals_that_come_in_crowds_are_logged_when_they_begin_and_when_they_are_over_with_their_number()
    {
        var logs = Directory.CreateTempSubdirectory("stories-test-");
        await using (
            var host = await ServerHost.StartAsync(o =>
                o with
                {
                    QuotaAccountBytes = 10,
                    LogFile = Path.Combine(logs.FullName, "server.log"),
                    LogLevel = "warning",
                }
            )
        )
        {
            var ana = host.Wire(await host.JoinAsync("ana"));
            var nobody = host.Wire("wrong");
            for (var i = 0; i < 30; i++)
            {
                (await ana.PostJsonAsync("/v1/stories", """{ "text": "more than ten bytes" }""")).Code.Should().Be("quota_reached");
                (await nobody.GetAsync("/v1/me")).Status.Should().BeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests);
            }
            host.Clock.Advance(RefusalLog.Quiet + TimeSpan.FromMinutes(2));
            await Eventually.TrueAsync(() => Lines(logs).Count(it => it.Contains("No longer refusing")) == 2);
            (await ana.PostJsonAsync("/v1/stories", """{ "text": "more than ten bytes" }""")).Code.Should().Be("quota_reached");
        }

        var lines = Lines(logs).ToList();
        lines
            .Count(it => it.Contains("Refusing ana with quota_reached: "))
            .Should()
            .Be(2, "another episode begins after the first is over");
        lines.Should().ContainSingle(it => it.Contains("No longer refusing ana with quota_reached: 30 requests"));
        lines
            .Should()
            .ContainSingle(it => it.Contains("Refusing 127.0.0.1 with rate_limited: "))
            .And.ContainSingle(it => it.Contains("No longer refusing 127.0.0.1 with rate_limited: 10 requests"));
        logs.Delete(recursive: true);
    }

    private static IEnumerable<string> Lines(DirectoryInfo folder) =>
        folder
            .EnumerateFiles()
            .SelectMany(file =>
            {
                using var reader = new StreamReader(file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                return reader.ReadToEnd().Split('\n');
            });
}
