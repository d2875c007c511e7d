using System.Text.Json;

namespace StoriesCli.Cli.Tests.Commands.Follow;

public sealed class DigestTests : CommandTests
{
    [Fact]
    public async Task It_tells_what_was_posted_answered_kept_and_asked_and_who_has_not_looked()
    {
        var old = (await _ana.RunAsync("post", "--text", "an old one", "--ttl", "7d", "--quiet")).Out.Trim();
        _host.Clock.Advance(TimeSpan.FromDays(2));
        var id = (
            await _ana.RunAsync(
                "post",
                "--text",
                "x",
                "--caption",
                "The *parser*",
                "--poll",
                "Ship it?",
                "--option",
                "yes",
                "--option",
                "no",
                "--quiet"
            )
        ).Out.Trim();
        await _bob.RunAsync("reply", id, "how much RAM?");
        await _bob.RunAsync("vote", id, "yes");
        await _ana.RunAsync("keep", old, "--highlight", "best");

        (await _ana.RunAsync("digest"))
            .Out.Should()
            .Be(
                $"posted\t{id}\tana\t0s\tThe *parser*\nanswered\t{id}\tbob\t0s\thow much RAM?\nkept\t{old}\tana\t2d\tan old one (in best)\nasked\t{id}\tana\t0s\tpoll: Ship it? — yes 1, no 0\nnot seen\t{id}\tana\t0s\tby bob\n"
            );
        (await _bob.RunAsync("digest", "--md", "--json"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("exclude each other"));
        (await _bob.RunAsync("digest", "--md"))
            .Out.Should()
            .Contain("## Posted")
            .And.Contain("The \\*parser\\*")
            .And.Contain($"`{id}`")
            .And.NotContain("\n\n\n");
        (await _bob.RunAsync("digest", "--quiet")).Out.Should().Be(id + "\n");
        using var json = JsonDocument.Parse((await _ana.RunAsync("digest", "--since", "7d", "--json")).Out);
        json.RootElement.GetProperty("posted").GetProperty("items").GetArrayLength().Should().Be(2);
    }

    [Theory]
    [InlineData("31d")]
    [InlineData("yesterday")]
    public async Task What_no_digest_tells_of_is_refused(string since) =>
        (await _ana.RunAsync("digest", "--since", since)).ExitCode.Should().Be(5);
}
