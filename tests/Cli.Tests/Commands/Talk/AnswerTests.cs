using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Tests.Commands.Talk;

/// <summary>What viewers answer, and what authors learn of it.</summary>
public sealed class AnswerTests : CommandTests
{
    [Fact]
    public async Task Who_acknowledges_is_told_to_the_author_until_it_is_taken_back()
    {
        var id = await PostAsync("""{ "text": "read this" }""");

        (await _bob.RunAsync("ack", id, "--quiet")).Out.Trim().Should().Be(id);

        (await _ana.RunAsync("ack", id, "--list")).Out.Should().Be("bob\t0s ago\tbob\n");
        (await _bob.RunAsync("ack", id, "--list")).ExitCode.Should().Be(4);
        (await _bob.RunAsync("ack", id, "--undo", "--json")).Out.Should().Be($$"""{"id":"{{id}}"}""" + "\n");
        (await _ana.RunAsync("ack", id, "--list")).Out.Should().BeEmpty();
        (await _bob.RunAsync("ack", id, "--undo", "--list")).ExitCode.Should().Be(2);
        (await _bob.RunAsync("ack", "01aaaaaaaaaaaaaaaaaaaaaaaa")).ExitCode.Should().Be(3);
    }

    [Fact]
    public async Task A_reply_from_stdin_that_is_not_UTF_8_is_refused()
    {
        var id = await PostAsync("""{ "text": "x" }""");

        (await _bob.RunWithInputAsync([(byte)'a', 0xff], ["reply", id, "-"]))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("not valid UTF-8"));
        (await _bob.RunWithInputAsync("grün\n", "reply", id, "-")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_vote_is_given_by_number_or_text_and_changed_until_the_poll_is_closed()
    {
        var id = await PostAsync("""{ "text": "x", "poll": { "question": "Release?", "options": ["yes", "no", "3"] } }""");

        (await _bob.RunAsync("vote", id, "YES"))
            .Should()
            .Match<Ran>(ran => ran.Out == "Release?\n1\t1\tyes (yours)\n2\t0\tno\n3\t0\t3\n" && ran.Error.Length == 0);
        (await _bob.RunAsync("vote", id, "2")).Out.Should().Contain("1\t0\tyes\n2\t1\tno (yours)");
        (await _bob.RunAsync("vote", id, "3", "--json")).Out.Should().Contain("\"myVote\":2", "a text goes before a number");
        (await _bob.RunAsync("vote", id, "perhaps"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("1 \"yes\", 2 \"no\", 3 \"3\""));
        (await _bob.RunAsync("vote", id, "--close")).ExitCode.Should().Be(4);
        (await _ana.RunAsync("vote", id, "--close")).Out.Should().StartWith("Release? (closed ");
        (await _bob.RunAsync("vote", id, "1")).ExitCode.Should().Be(5);
        (await _bob.RunAsync("vote", id)).Out.Should().EndWith("3\t1\t3 (yours)\n");
        (await _bob.RunAsync("vote", await PostAsync("""{ "text": "no poll" }"""), "1"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 3 && ran.Error.Contains("has no poll"));
    }

    [Fact]
    public async Task A_call_for_help_is_resolved_by_its_author_and_opened_again()
    {
        var id = await PostAsync("""{ "text": "stuck", "asks": "help" }""");

        (await _bob.RunAsync("resolve", id)).ExitCode.Should().Be(4);
        (await _ana.RunAsync("resolve", id, "--json")).Out.Should().Contain("\"resolved\":true");
        (await _ana.RunAsync("resolve", id, "--undo", "--quiet")).Out.Trim().Should().Be(id);
        (await OpenHelpAsync()).Should().Be(1);
        (await _ana.RunAsync("resolve", await PostAsync("""{ "text": "fine" }"""))).ExitCode.Should().Be(3);
    }

    [Fact]
    public async Task A_report_reaches_the_admins_and_nobody_else()
    {
        var id = await PostAsync("""{ "text": "oh no", "audience": ["bob"] }""");

        using var eve = await Shell.SignInAsync(_host, "eve", Roles.Admin);

        (await _bob.RunAsync("report", id, "shows", "a password")).Out.Trim().Should().Be(id);

        (await eve.RunAsync("admin", "reports")).Out.Should().Be($"{id}\tana\tbob\t0s\tshows a password\n");
        (await _ana.RunAsync("admin", "reports")).Out.Should().BeEmpty("its author is an admin, and does not learn who reported it");
        (await _bob.RunAsync("admin", "reports")).ExitCode.Should().Be(4);
        (await _bob.RunAsync("report", id, "")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task A_list_says_in_its_last_column_what_a_story_asks_and_how_many_have_answered()
    {
        var plain = await PostAsync("""{ "text": "plain", "fileName": "plain.txt" }""");
        var asking = await PostAsync(
            """{ "text": "x", "caption": "Ship it", "asks": "help", "poll": { "question": "Release?", "options": ["yes", "no"] } }"""
        );
        await _bob.RunAsync("vote", asking, "yes");
        await _bob.RunAsync("ack", asking);

        (await _bob.RunAsync("list"))
            .Lines.Should()
            .Equal($"{asking}\ttext\tana\t0s\t24h\tShip it\tpoll 1 vote, help wanted, 1 ack", $"{plain}\ttext\tana\t0s\t24h\tplain");

        await _ana.RunAsync("vote", asking, "--close");
        await _ana.RunAsync("resolve", asking);
        (await _bob.RunAsync("list")).Lines[0].Should().EndWith("\tShip it\tclosed poll 1 vote, 1 ack");
        _bob.HasTerminal = true;
        (await _bob.RunAsync("list")).Lines[0].Should().EndWith("caption  asks\e[0m");
        (await _bob.RunAsync("list")).Lines[1].Should().EndWith("Ship it  closed poll 1 vote, 1 ack");
        await _ana.RunAsync("rm", asking);
        (await _bob.RunAsync("list")).Lines[0].Should().EndWith("caption\e[0m");
    }

    [Fact]
    public async Task A_reported_story_is_shown_to_an_admin_without_its_thread_and_that_is_said()
    {
        using var eve = await Shell.SignInAsync(_host, "eve");
        await _ana.RunAsync("admin", "accounts", "eve", "--role", "admin");
        var id = await PostAsync("""{ "text": "oh no", "audience": ["bob"] }""");
        await _bob.RunAsync("reply", id, "between us");
        await _bob.RunAsync("report", id, "shows a password");

        (await eve.RunAsync("show", id))
            .Should()
            .Match<Ran>(ran =>
                ran.ExitCode == 0
                && ran.Out.Contains("oh no")
                && !ran.Out.Contains("between us")
                && ran.Error.StartsWith("Admins cannot see its thread")
            );
        (await eve.RunAsync("promote", id, "--to", Path.Combine(eve.Home, "evidence")))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && ran.Error.StartsWith("Admins cannot see its thread"));
        (await File.ReadAllTextAsync(Path.Combine(eve.Home, "evidence", "story.md")))
            .Should()
            .Contain("oh no")
            .And.NotContain("between us");
        (await _bob.RunAsync("show", id)).Should().Match<Ran>(ran => ran.Out.Contains("between us") && ran.Error.Length == 0);
    }

    [Fact]
    public async Task The_question_of_the_day_is_shown_with_the_stories_that_answer_it()
    {
        (await _bob.RunAsync("question")).ExitCode.Should().Be(3);
        (await _bob.RunAsync("question", "--ask", "Me?")).ExitCode.Should().Be(4);
        var question = (await _ana.RunAsync("question", "--ask", "What did you learn?", "--quiet")).Out.Trim();
        var answer = await PostAsync($$"""{ "text": "patience *first*", "answers": "{{question}}" }""");

        (await _bob.RunAsync("question"))
            .Should()
            .Match<Ran>(ran =>
                ran.Lines.Length == 2
                && ran.Lines[0] == $"What did you learn? (asked by @ana, 24h left; {question})"
                && ran.Lines[1].StartsWith($"{answer}\ttext\tana\t")
                && ran.Error.Length == 0
            );
        (await _bob.RunAsync("question", "--md"))
            .Out.Should()
            .Be($"# What did you learn?\n\n- &#64;ana: patience \\*first\\* (`{answer}`)\n");
        using var json = JsonDocument.Parse((await _bob.RunAsync("question", "--json")).Out);
        json.RootElement.GetProperty("answerCount").GetInt32().Should().Be(1);
        json.RootElement.GetProperty("answers").EnumerateArray().Single().GetProperty("id").GetString().Should().Be(answer);
    }

    private async Task<string> PostAsync(string json)
    {
        using var wire = _host.Wire(_ana.Environment["STORIES_TOKEN"]);
        return (await wire.PostJsonAsync("/v1/stories", json)).Json.GetProperty("id").GetString()!;
    }

    private async Task<int> OpenHelpAsync()
    {
        using var tray = JsonDocument.Parse((await _bob.RunAsync("tray", "--json")).Out);
        return tray.RootElement[0].GetProperty("openHelp").GetInt32();
    }
}
