using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests;

/// <summary>What viewers answer, and what authors learn of it.</summary>
public sealed class AnswerTests : IAsyncLifetime
{
    private ServerHost _host = null!;
    private Shell _ana = null!;
    private Shell _bob = null!;

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        _ana = await Shell.SignInAsync(_host, "ana");
        _bob = await Shell.SignInAsync(_host, "bob");
    }

    public async Task DisposeAsync()
    {
        _ana.Dispose();
        _bob.Dispose();
        await _host.DisposeAsync();
    }

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
    public async Task A_vote_is_given_by_number_or_text_and_changed_until_the_poll_is_closed()
    {
        var id = await PostAsync("""{ "text": "x", "poll": { "question": "Release?", "options": ["yes", "no", "3"] } }""");

        (await _bob.RunAsync("vote", id, "YES")).Should().Match<Ran>(ran => ran.Out == "1\t1\tyes (yours)\n2\t0\tno\n3\t0\t3\n" && ran.Error == "Release?\n");
        (await _bob.RunAsync("vote", id, "2")).Out.Should().Contain("1\t0\tyes\n2\t1\tno (yours)");
        (await _bob.RunAsync("vote", id, "3", "--json")).Out.Should().Contain("\"myVote\":2", "a text goes before a number");
        (await _bob.RunAsync("vote", id, "perhaps")).Should().Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("1 \"yes\", 2 \"no\", 3 \"3\""));
        (await _bob.RunAsync("vote", id, "--close")).ExitCode.Should().Be(4);
        (await _ana.RunAsync("vote", id, "--close")).Error.Should().StartWith("Release? (closed ");
        (await _bob.RunAsync("vote", id, "1")).ExitCode.Should().Be(5);
        (await _bob.RunAsync("vote", id)).Out.Should().EndWith("3\t1\t3 (yours)\n");
        (await _bob.RunAsync("vote", await PostAsync("""{ "text": "no poll" }"""), "1")).Should().Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("asks nothing"));
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

        (await _bob.RunAsync("report", id, "shows", "a password")).Out.Trim().Should().Be(id);

        (await _ana.RunAsync("admin", "reports")).Out.Should().Be($"{id}\tana\tbob\t0s\tshows a password\n");
        (await _bob.RunAsync("admin", "reports")).ExitCode.Should().Be(4);
        (await _bob.RunAsync("report", id, "")).ExitCode.Should().Be(5);
    }

    [Fact]
    public async Task The_question_of_the_day_is_shown_with_the_stories_that_answer_it()
    {
        (await _bob.RunAsync("question")).ExitCode.Should().Be(3);
        (await _bob.RunAsync("question", "--ask", "Me?")).ExitCode.Should().Be(4);
        var question = (await _ana.RunAsync("question", "--ask", "What did you learn?", "--quiet")).Out.Trim();
        var answer = await PostAsync($$"""{ "text": "patience *first*", "answers": "{{question}}" }""");

        (await _bob.RunAsync("question")).Should().Match<Ran>(ran => ran.Out.StartsWith($"{answer}\ttext\tana\t") && ran.Error.StartsWith("What did you learn? (asked by @ana, 24h left"));
        (await _bob.RunAsync("question", "--md")).Out.Should().Be($"# What did you learn?\n\n- &#64;ana: patience \\*first\\* (`{answer}`)\n");
        using var json = JsonDocument.Parse((await _bob.RunAsync("question", "--json")).Out);
        json.RootElement.GetProperty("answerCount").GetInt32().Should().Be(1);
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
