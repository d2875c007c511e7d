namespace StoriesCli.Cli.Tests.Commands.Read;

public sealed class CountTests : CommandTests
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await _ana.RunAsync("post", "--text", "one");
    }

    [Fact]
    public async Task The_number_comes_from_the_cache_and_is_brought_up_to_date_behind()
    {
        (await _bob.RunAsync("count", "--refresh")).Out.Should().Be("1\n");
        await _ana.RunAsync("post", "--text", "two");

        (await _bob.RunAsync("count", "--unseen")).Out.Should().Be("1\n");
        _bob.StartedBehind.Should().BeEmpty("the number is seconds old");
        _host.Clock.Advance(TimeSpan.FromSeconds(20));
        (await _bob.RunAsync("count", "--unseen")).Out.Should().Be("1\n");
        (await _bob.RunAsync("count", "--unseen")).Out.Should().Be("1\n");

        var started = _bob.StartedBehind.Should().ContainSingle("of many prompts one asks").Subject;
        started.Should().StartWith(["count", "--refresh"]).And.NotContain(word => word.Contains("sty_"));
        await _bob.RunAsync(started);
        (await _bob.RunAsync("count", "--unseen")).Out.Should().Be("2\n");
    }

    [Fact]
    public async Task Once_the_server_was_asked_in_vain_nothing_is_said_until_it_tells_again()
    {
        await _bob.RunAsync("count", "--refresh");
        await _host.StopAsync();
        _host.Clock.Advance(TimeSpan.FromSeconds(20));

        (await _bob.RunAsync("count", "--unseen")).Out.Should().Be("1\n", "nobody has asked yet");
        (await _bob.RunAsync(_bob.StartedBehind.Single())).ExitCode.Should().Be(6);
        (await _bob.RunAsync("count", "--unseen")).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == "" && ran.Error == "");
    }

    [Fact]
    public async Task Without_the_server_the_number_is_believed_for_an_hour_and_nothing_is_said()
    {
        await _bob.RunAsync("count", "--refresh");
        await _host.StopAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(50));

        (await _bob.RunAsync("count", "--unseen")).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == "1\n" && ran.Error == "");
        _host.Clock.Advance(TimeSpan.FromMinutes(20));
        (await _bob.RunAsync("count", "--unseen")).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == "" && ran.Error == "");
        (await _bob.RunAsync("count", "--unseen", "--json")).Out.Should().StartWith("{\"unseen\":null,");
    }

    [Fact]
    public async Task The_cache_is_its_owners_alone_and_each_accounts_own()
    {
        await _bob.RunAsync("count", "--refresh");

        var file = Directory.GetFiles(Path.Combine(_bob.Home, "cache", "stories")).Should().ContainSingle().Subject;
        File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _ana.Environment["XDG_CACHE_HOME"] = _bob.Environment["XDG_CACHE_HOME"];
        (await _ana.RunAsync("count", "--refresh")).Out.Should().Be("0\n");
        (await _bob.RunAsync("count", "--unseen")).Out.Should().Be("1\n");
    }

    [Fact]
    public async Task A_wrong_token_gives_no_number_and_no_complaint()
    {
        _bob.Environment["STORIES_TOKEN"] = "sty_wrong";
        (await _bob.RunAsync("count", "--unseen")).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == "" && ran.Error == "");
        _bob.Environment.Remove("STORIES_TOKEN");
        (await _bob.RunAsync("count", "--unseen")).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == "" && ran.Error == "");
        (await _bob.RunAsync("count", "--refresh")).ExitCode.Should().Be(4, "who waits for the answer is told");
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_has_no_number_and_no_complaint()
    {
        _bob.Environment["XDG_CACHE_HOME"] = _bob.WriteFile("file", "in the way");

        (await _bob.RunAsync("count", "--unseen")).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Error == "");
        (await _bob.RunAsync("count", "--refresh")).Out.Should().Be("1\n");
    }
}
