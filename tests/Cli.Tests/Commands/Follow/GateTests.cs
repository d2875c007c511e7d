using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Follow;

/// <summary>What a script waits for, and how the wait ends.</summary>
public sealed class GateTests : CommandTests
{
    private Shell _cem = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _cem = await SignInAsync("cem");
    }

    [Fact]
    public async Task Enough_acknowledgements_open_it()
    {
        var id = await PostAsync();
        var waiting = _ana.RunAsync("wait", id, "--acks", "2", "--quiet");
        await ListensAsync();

        await _bob.RunAsync("ack", id);
        waiting.IsCompleted.Should().BeFalse();
        await _cem.RunAsync("ack", id);

        (await waiting).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out.Trim() == id);
    }

    [Theory]
    [InlineData("yes>=2")]
    [InlineData("yes=2")]
    [InlineData("1 >= 2")]
    [InlineData("YES>=1")]
    public async Task Enough_votes_open_it(string condition)
    {
        var id = await PollAsync();
        await _bob.RunAsync("vote", id, "no");
        var waiting = _ana.RunAsync("wait", id, "--poll", condition);

        await _bob.RunAsync("vote", id, "yes");
        await _cem.RunAsync("vote", id, "yes");

        (await waiting).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Options_that_differ_by_case_alone_are_told_apart()
    {
        var id = (await _ana.RunAsync("post", "--text", "x", "--poll", "Which?", "--option", "ab", "--option", "AB", "--quiet")).Out.Trim();

        (await _bob.RunAsync("vote", id, "AB")).Out.Should().Be("Which?\n1\t0\tab\n2\t1\tAB (yours)\n");
        (await _cem.RunAsync("vote", id, "Ab")).ExitCode.Should().Be(5, "either could be meant");
        (await _ana.RunAsync("wait", id, "--poll", "AB>=1")).ExitCode.Should().Be(0);
        await _ana.RunAsync("vote", id, "--close");
        (await _ana.RunAsync("wait", id, "--poll", "ab>=1")).ExitCode.Should().Be(1);
    }

    [Fact]
    public async Task A_closed_poll_that_cannot_reach_it_any_more_ends_with_1()
    {
        var id = await PollAsync();
        var waiting = _bob.RunAsync("wait", id, "--poll", "yes>=2", "--acks", "1");
        await _bob.RunAsync("vote", id, "yes");

        await _ana.RunAsync("vote", id, "--close");

        (await waiting)
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 1 && ran.Error.Contains("0 of 1 acknowledgements, 1 of 2 votes for \"yes\""));
        (await _ana.RunAsync("wait", id, "--poll", "yes>=1")).ExitCode.Should().Be(0, "what was reached before the end counts");
    }

    [Fact]
    public async Task All_that_is_asked_for_must_be_there()
    {
        var id = await PollAsync();
        var waiting = _ana.RunAsync("wait", id, "--poll", "yes>=1", "--acks", "1", "--replies", "1");

        await _bob.RunAsync("vote", id, "yes");
        await _bob.RunAsync("ack", id);
        waiting.IsCompleted.Should().BeFalse();
        await _bob.RunAsync("reply", id, "go");

        (await waiting).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task It_ends_with_3_once_the_story_is_gone_and_with_7_when_the_time_is_over()
    {
        var id = await PostAsync();
        _ana.Clock = TimeProvider.System;
        (await _ana.RunAsync("wait", id, "--acks", "1", "--timeout", "1"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 7 && ran.Error.StartsWith("The story has 0 of 1 acknowledgements."));
        var waiting = _bob.RunAsync("wait", id, "--acks", "1");

        await _ana.RunAsync("rm", id);

        (await waiting).ExitCode.Should().Be(3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, "--poll", "yes")]
    [InlineData(2, "--poll", "yes>=0")]
    [InlineData(2, "--poll", ">=1")]
    [InlineData(2, "--acks", "0")]
    [InlineData(5, "--poll", "perhaps>=1")]
    public async Task What_cannot_be_waited_for_is_refused(int code, params string[] gate) =>
        (await _ana.RunAsync(["wait", await PollAsync(), .. gate])).ExitCode.Should().Be(code);

    [Fact]
    public async Task A_story_that_asks_nothing_has_no_votes_to_wait_for() =>
        (await _ana.RunAsync("wait", await PostAsync(), "--poll", "yes>=1"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 3 && ran.Error.Contains("has no poll"));

    [Fact]
    public async Task What_a_story_asks_is_posted_and_shown_with_it()
    {
        var question = (await _ana.RunAsync("question", "--ask", "What did you learn?", "--quiet")).Out.Trim();
        var id = (
            await _ana.RunAsync(
                "post",
                "--text",
                "x",
                "--poll",
                "Release?",
                "--option",
                "yes",
                "--option",
                "no",
                "--mention",
                "@bob",
                "--asks-help",
                "--answers",
                question,
                "--quiet"
            )
        ).Out.Trim();
        await _bob.RunAsync("vote", id, "yes");
        await _bob.RunAsync("ack", id);

        (await _bob.RunAsync("show", id))
            .Out.Should()
            .Contain("mentions  @bob\n")
            .And.Contain($"answers   {question}\n")
            .And.Contain("help      wanted\n")
            .And.Contain("poll      Release?\n          1. yes (yours): 1\n          2. no: 0\n")
            .And.Contain("acked     by 1, you too\n");
        (await _bob.RunAsync("tray")).Out.Should().EndWith("\thelp wanted\n");
        var folder = Path.Combine(_ana.Home, "kept");
        await _ana.RunAsync("promote", id, "--to", folder);
        (await File.ReadAllTextAsync(Directory.GetFiles(folder, "story.md", SearchOption.AllDirectories).Single()))
            .Should()
            .Contain("## Poll: Release?\n\n- yes: 1\n- no: 0\n")
            .And.Contain("- Mentions: &#64;bob\n")
            .And.Contain("- Asks for help: still wanted\n")
            .And.Contain("- Acknowledged by 1\n");
    }

    [Theory]
    [InlineData(2, "--option", "yes")]
    [InlineData(3, "--answers", "today")]
    [InlineData(5, "--mention", "nobody")]
    [InlineData(5, "--to", "nobody")]
    public async Task What_cannot_be_asked_is_refused_and_posts_nothing(int code, params string[] asked)
    {
        (await _ana.RunAsync(["post", "--text", "x", .. asked])).ExitCode.Should().Be(code);

        (await _ana.RunAsync("list", "--quiet")).Out.Should().BeEmpty();
    }

    [Theory]
    [InlineData("2 to 4 --option, not 1", "--poll", "Q", "--option", "yes")]
    [InlineData(
        "2 to 4 --option, not 5",
        "--poll",
        "Q",
        "--option",
        "1",
        "--option",
        "2",
        "--option",
        "3",
        "--option",
        "4",
        "--option",
        "5"
    )]
    [InlineData("\"same\" was given 2 times", "--poll", "Q", "--option", "same", "--option", " same\n")]
    [InlineData("2 to 32 of a-z, 0-9, _ and -, not \"No Body\"", "--mention", "No Body")]
    [InlineData("2 to 32 of a-z, 0-9, _ and -, not \"@No Body\"", "--to", "@No Body")]
    [InlineData("+ and 1 to 32 of a-z, 0-9, _ and -, not \"+No\"", "--to", "+No")]
    public async Task What_no_server_takes_is_refused_before_one_is_asked(string why, params string[] asked)
    {
        _ana.Environment["STORIES_URL"] = "http://127.0.0.1:1";

        (await _ana.RunAsync(["post", "--text", "x", .. asked])).Should().Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains(why));
    }

    [Fact]
    public async Task What_is_too_much_of_a_poll_or_of_mentions_is_refused_by_its_limit()
    {
        _ana.Environment["STORIES_URL"] = "http://127.0.0.1:1";
        string[] people = [.. Enumerable.Range(10, 21).SelectMany(n => new[] { "--mention", $"p{n}" })];

        (await _ana.RunAsync("post", "--text", "x", "--poll", new string('q', 141), "--option", "a", "--option", "b"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("at most 140 characters") && ran.Error.Contains("has 141"));
        (await _ana.RunAsync("post", "--text", "x", "--poll", "Q", "--option", "a", "--option", new string('o', 81)))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("at most 80 characters") && ran.Error.Contains("has 81"));
        (await _ana.RunAsync(["post", "--text", "x", .. people]))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("at most 20 people, not 21"));
    }

    private Task ListensAsync() => Eventually.TrueAsync(() => _host.ListenerCount == 1);

    private async Task<string> PostAsync() => (await _ana.RunAsync("post", "--text", "x", "--quiet")).Out.Trim();

    private async Task<string> PollAsync() =>
        (await _ana.RunAsync("post", "--text", "x", "--poll", "Release?", "--option", "yes", "--option", "no", "--quiet")).Out.Trim();
}
