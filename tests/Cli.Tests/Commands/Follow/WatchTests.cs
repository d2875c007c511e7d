using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Follow;

public sealed class WatchTests : CommandTests
{
    [Fact]
    public async Task Each_event_is_a_line_as_the_server_gave_it_until_the_interrupt()
    {
        using var interrupt = new CancellationTokenSource();
        var watching = _bob.RunWithInputAsync([], ["watch", "--json"], interrupt.Token);
        await ListensAsync();
        var id = await PostAsync("a\u202eb");
        await Eventually.TrueAsync(() => _bob.Printed.Contains(id, StringComparison.Ordinal));
        await interrupt.CancelAsync();

        var ran = await watching;

        ran.ExitCode.Should().Be(130);
        var line = ran.Lines.Should().ContainSingle().Subject;
        line.Should().NotContain("\u202e");
        using var happened = JsonDocument.Parse(line);
        happened.RootElement.GetProperty("type").GetString().Should().Be("story.posted");
        happened.RootElement.GetProperty("story").GetProperty("caption").GetString().Should().Be("a\u202eb");
    }

    [Fact]
    public async Task On_a_terminal_of_80_columns_the_caption_is_there_to_read()
    {
        _bob.HasTerminal = true;
        using var interrupt = new CancellationTokenSource();
        var watching = _bob.RunWithInputAsync([], ["watch"], interrupt.Token);
        await ListensAsync();
        var id = await PostAsync("The new desk");
        await Eventually.TrueAsync(() => _bob.Printed.Contains(id, StringComparison.Ordinal));
        await interrupt.CancelAsync();

        (await watching).Lines.Single().Should().Contain("story.posted").And.Contain("ana: The new desk");
    }

    [Fact]
    public async Task What_viewers_answer_says_who_did_what()
    {
        using var interrupt = new CancellationTokenSource();
        var id = (
            await _ana.RunAsync(
                "post",
                "--text",
                "x",
                "--caption",
                "The desk",
                "--poll",
                "Keep it?",
                "--option",
                "yes",
                "--option",
                "no",
                "--asks-help",
                "--quiet"
            )
        ).Out.Trim();
        using var listening = new Shell
        {
            Clock = _host.Clock,
            Environment = { ["STORIES_URL"] = _ana.Environment["STORIES_URL"], ["STORIES_TOKEN"] = _ana.Environment["STORIES_TOKEN"] },
        };
        var watching = listening.RunWithInputAsync([], ["watch"], interrupt.Token);
        await ListensAsync();
        await _bob.RunAsync("ack", id);
        await _bob.RunAsync("vote", id, "no");
        await _ana.RunAsync("resolve", id);
        await _ana.RunAsync("resolve", id, "--undo");
        await _bob.RunAsync("post", "--text", "@ana look", "--quiet");
        await Eventually.TrueAsync(() => listening.Printed.Contains("mentions you", StringComparison.Ordinal));
        await interrupt.CancelAsync();

        (await watching)
            .Lines.Select(line => string.Join('|', line.Split('\t')[1..].Where(cell => !Names.Id.IsMatch(cell))))
            .Should()
            .BeEquivalentTo(
                "ack|bob|acknowledged by 1: The desk",
                "vote|ana|poll: Keep it? — yes 0, no 1",
                "resolved|ana|help has come: The desk",
                "resolved|ana|help is wanted again: The desk",
                "story.posted|bob|@ana look",
                "mention|bob|mentions you: @ana look"
            );
    }

    [Fact]
    public async Task A_command_gets_the_fields_as_variables_and_none_of_ours()
    {
        var log = Path.Combine(_bob.Home, "log");
        var proof = Path.Combine(_bob.Home, "proof");
        using var interrupt = new CancellationTokenSource();
        var watching = _bob.RunWithInputAsync(
            [],
            ["watch", "--exec", $"env | grep ^STORIES_ > {log}.new; mv {log}.new {log}"],
            interrupt.Token
        );
        await ListensAsync();
        await PostAsync($"$(touch {proof}) `touch {proof}`; touch {proof} \e[31m");
        await Eventually.TrueAsync(() => File.Exists(log));
        await interrupt.CancelAsync();
        await watching;

        var lines = await File.ReadAllLinesAsync(log);
        lines
            .Should()
            .Contain("STORIES_EVENT_TYPE=story.posted")
            .And.Contain("STORIES_EVENT_AUTHOR=ana")
            .And.OnlyContain(line => line.StartsWith("STORIES_EVENT_"));
        lines.Should().Contain($"STORIES_EVENT_CAPTION=$(touch {proof}) `touch {proof}`; touch {proof} ");
        File.Exists(proof).Should().BeFalse();
    }

    [Fact]
    public async Task Waiting_ends_once_the_story_has_what_is_asked_for()
    {
        var id = await PostAsync("x");
        var waiting = _ana.RunAsync("wait", id, "--replies", "2", "--quiet");
        await ListensAsync();
        await _bob.RunAsync("reply", id, "one");
        await _bob.RunAsync("reply", id, "two");

        (await waiting).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == id + "\n");
        (await _ana.RunAsync("wait", id, "--replies", "2"))
            .ExitCode.Should()
            .Be(0, "what was there before is seen once the stream is open");
    }

    [Fact]
    public async Task Waiting_for_what_goes_away_ends_with_3()
    {
        var id = await PostAsync("x");
        var waiting = _bob.RunAsync("wait", id, "--replies", "1");
        await ListensAsync();
        await _ana.RunAsync("rm", id);

        (await waiting).ExitCode.Should().Be(3);
        (await _bob.RunAsync("wait", id, "--replies", "1")).ExitCode.Should().Be(3);
    }

    [Fact]
    public async Task Waiting_longer_than_the_limit_ends_with_7()
    {
        var id = await PostAsync("x");
        _ana.Clock = TimeProvider.System;

        (await _ana.RunAsync("wait", id, "--replies", "1", "--timeout", "1")).ExitCode.Should().Be(7);
        (await _ana.RunAsync("wait", id)).ExitCode.Should().Be(2);
    }

    private async Task<string> PostAsync(string caption) =>
        (await _ana.RunAsync("post", "--text", "Hello", "--caption", caption, "--quiet")).Out.Trim();

    /// <summary>Until the server has a listener.</summary>
    private Task ListensAsync() => Eventually.TrueAsync(() => _host.ListenerCount == 1);
}
