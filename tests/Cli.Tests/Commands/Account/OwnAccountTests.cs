using System.Text.Json;

namespace StoriesCli.Cli.Tests.Commands.Account;

/// <summary>What people decide for themselves: what they are told of, what is told of them, what is kept.</summary>
public sealed class OwnAccountTests : CommandTests
{
    [Theory]
    [InlineData("@ana")]
    [InlineData("--tag", "nightly")]
    [InlineData("--tag", "#nightly")]
    [InlineData("--all")]
    public async Task What_is_muted_is_not_unseen_until_its_time_is_over_or_it_is_unmuted(params string[] what)
    {
        await _ana.RunAsync("post", "--text", "build 7", "--tag", "nightly", "--ttl", "7d");
        (await UnseenAsync()).Should().Be(1);

        (await _bob.RunAsync(["mute", .. what, "--for", "2h"]))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && ran.Error.Contains("is muted until "));

        (await UnseenAsync()).Should().Be(0);
        _host.Clock.Advance(TimeSpan.FromHours(2));
        (await UnseenAsync()).Should().Be(1);
        (await _bob.RunAsync(["mute", .. what])).Error.Should().Contain("until it is unmuted");
        (await UnseenAsync()).Should().Be(0);
        (await _bob.RunAsync(["unmute", .. what])).ExitCode.Should().Be(0);
        (await UnseenAsync()).Should().Be(1);
    }

    [Fact]
    public async Task What_is_muted_is_listed()
    {
        await _bob.RunAsync("mute", "@ana", "--until", "2101-01-01T00:00:00Z");
        await _bob.RunAsync("mute", "--tag", "nightly");

        (await _bob.RunAsync("mute")).Out.Should().Be($"@ana\t{StoryText.Time(new(2101, 1, 1, 0, 0, 0, TimeSpan.Zero))}\n#nightly\t\n");
        JsonDocument
            .Parse((await _bob.RunAsync("mute", "--json")).Out)
            .RootElement.EnumerateArray()
            .Select(mute => mute.GetProperty("tag").GetString())
            .Should()
            .Equal(null, "nightly");
    }

    [Theory]
    [InlineData(2, "unmute")]
    [InlineData(2, "mute", "--for", "2h")]
    [InlineData(2, "mute", "@ana", "--until", "tomorrow")]
    [InlineData(2, "mute", "@ana", "--until", "2001-01-01T00:00:00Z")]
    [InlineData(2, "mute", "@ana", "--until", "2101-01-01T00:00:00Z", "--for", "2h")]
    [InlineData(2, "mute", "@ana", "--all")]
    [InlineData(2, "mute", "@ana", "--for", "soon")]
    [InlineData(2, "mute", "@ana", "--for", "0s")]
    [InlineData(2, "unmute", "--all", "--tag", "x")]
    [InlineData(3, "mute", "@nobody")]
    [InlineData(5, "mute", "--tag", "No Tag")]
    [InlineData(5, "mute", "@bob")]
    public async Task What_cannot_be_muted_is_refused(int code, params string[] args) =>
        (await _bob.RunAsync(args)).ExitCode.Should().Be(code);

    [Theory]
    [InlineData("999999d")]
    [InlineData("9999999999999999999d")]
    public async Task A_time_that_is_too_long_is_refused_by_its_limit(string time)
    {
        (await _bob.RunAsync("mute", "@ana", "--for", time))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains($"at most 36500d, not \"{time}\""));
        (await _bob.RunAsync("post", "--text", "x", "--ttl", time))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains($"must be 5m to 30d, was {time}"));
        (await _bob.RunAsync("link", "01kb3v8sxq7m2c4w9e5r1t0y6z", "--ttl", "9999999999999999999d"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("at most 1h"));
    }

    [Fact]
    public async Task Who_looks_privately_is_counted_and_not_named()
    {
        var id = (await _ana.RunAsync("post", "--text", "x", "--quiet")).Out.Trim();

        (await _bob.RunAsync("me", "--private-viewing", "on")).Out.Should().StartWith("bob\tbob\tmember\toff\ton\t");
        using (var api = _host.Client(_bob.Environment["STORIES_TOKEN"]))
        {
            await api.Stories.MarkViewedAsync(id);
        }

        (await _ana.RunAsync("viewers", id)).Should().Match<Ran>(ran => ran.Out == "" && ran.Error.Contains("1 private viewers"));
        (await _bob.RunAsync("me", "--name", "Bobby", "--json")).Out.Should().Contain("\"privateViewing\":true").And.Contain("Bobby");
        (await _bob.RunAsync("me", "--private-viewing", "perhaps")).ExitCode.Should().Be(2);
        (await _bob.RunAsync("me", "--name", new string('x', 65))).ExitCode.Should().Be(5);
    }

    [Fact]
    public async Task What_expires_is_in_ones_own_archive_once_that_is_on()
    {
        (await _ana.RunAsync("archive")).Error.Should().Contain("stories me --archive on");
        await _ana.RunAsync("me", "--archive", "on");
        var id = (await _ana.RunAsync("post", "--text", "release notes", "--ttl", "5m", "--quiet")).Out.Trim();
        _host.Clock.Advance(TimeSpan.FromMinutes(6));

        (await _ana.RunAsync("archive", "--search", "release", "--quiet")).Out.Trim().Should().Be(id);
        (await _ana.RunAsync("receipt", id))
            .Should()
            .Match<Ran>(ran =>
                ran.ExitCode == 3
                && ran.Error.Contains("no receipt yet: your archive keeps the story")
                && ran.Error.Contains($"archive --delete {id}")
            );
        (await _bob.RunAsync("receipt", id))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 3 && ran.Error.Contains("within 60 seconds") && !ran.Error.Contains("your archive"));
        var kept = Path.Combine(_ana.Home, "kept.txt");
        (await _ana.RunAsync("archive", "--get", id, "-o", kept)).Out.Should().Be(kept + "\n");
        (await File.ReadAllTextAsync(kept)).Should().Be("release notes");
        (await _ana.RunAsync("archive", "--get", id, "-o", kept)).ExitCode.Should().Be(5);
        (await _bob.RunAsync("archive", "--get", id)).ExitCode.Should().Be(3);
        (await _ana.RunAsync("archive", "--search", "nothing")).Should().Match<Ran>(ran => ran.Out == "" && ran.Error == "");
        (await _bob.RunAsync("archive", "--quiet")).Out.Should().BeEmpty();
        (await _bob.RunAsync("archive", "--delete", id)).ExitCode.Should().Be(3);
        (await _ana.RunAsync("archive", "--delete", id, "--quiet")).Out.Trim().Should().Be(id);
        (await _ana.RunAsync("archive", "--json")).Out.Trim().Should().Be("[]");
    }

    [Fact]
    public async Task Ending_a_highlight_is_asked_for()
    {
        var id = (await _ana.RunAsync("post", "--text", "x", "--quiet")).Out.Trim();
        await _ana.RunAsync("keep", id, "--highlight", "best");

        (await _ana.RunAsync("highlights", "ana", "best", "--delete"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("add --yes"));
        (await _ana.RunAsync("highlights", "ana", "best", "--delete", "--yes", "--order", id))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("--order and --delete exclude each other"));
        _ana.HasTerminal = true;
        (await _ana.RunWithInputAsync("n\n", "highlights", "ana", "best", "--delete")).ExitCode.Should().Be(1);
        (await _ana.RunAsync("highlights", "--quiet")).Out.Should().Be("best\n");
        (await _ana.RunWithInputAsync("y\n", "highlights", "ana", "best", "--delete")).ExitCode.Should().Be(0);
        (await _ana.RunAsync("highlights", "--quiet")).Out.Should().BeEmpty();
        await _ana.RunAsync("keep", id, "--highlight", "best");
        _ana.HasTerminal = false;
        (await _ana.RunAsync("highlights", "ana", "best", "--delete", "--yes")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Leaving_is_asked_for_and_takes_everything_along()
    {
        var id = (await _bob.RunAsync("post", "--text", "mine", "--quiet")).Out.Trim();
        (await _bob.RunAsync("leave")).Should().Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("--yes"));
        _bob.HasTerminal = true;
        var asked = await _bob.RunWithInputAsync("n\n", "leave");
        asked.ExitCode.Should().Be(1);
        asked
            .Error.Should()
            .ContainAll(
                "stories",
                "archive",
                "highlights",
                "replies",
                "reactions",
                "votes",
                "acknowledgements",
                "circles",
                "tokens",
                "feeds",
                "shares",
                "webhooks",
                "The handle stays reserved"
            );
        (await _ana.RunAsync("show", id)).ExitCode.Should().Be(0);

        (await _bob.RunWithInputAsync("y\n", "leave")).ExitCode.Should().Be(0);

        (await _ana.RunAsync("show", id)).ExitCode.Should().Be(3);
        (await _ana.RunAsync("people", "--quiet")).Out.Should().Be("ana\n");
        (await _bob.RunAsync("whoami")).ExitCode.Should().Be(4);
        (await _ana.RunAsync("leave", "--yes")).Should().Match<Ran>(ran => ran.ExitCode == 5, "the server needs an owner");
    }

    private async Task<int> UnseenAsync()
    {
        using var list = JsonDocument.Parse((await _bob.RunAsync("list", "--unseen", "--json")).Out);
        using var tray = JsonDocument.Parse((await _bob.RunAsync("tray", "--json")).Out);
        var unseen = list.RootElement.GetArrayLength();
        tray.RootElement[0].GetProperty("unseen").GetInt32().Should().Be(unseen);
        return unseen;
    }
}
