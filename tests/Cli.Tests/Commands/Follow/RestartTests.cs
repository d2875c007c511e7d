using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Follow;

/// <summary>What listens outlasts a server that really restarts, and misses nothing that was posted meanwhile.</summary>
public sealed class RestartTests : CommandTests, IDisposable
{
    private NetworkGate _gate = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _gate = new(() => _host.Url);
        _bob.Environment["STORIES_URL"] = _gate.Url.ToString();
    }

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task Watching_tells_once_and_in_order_what_was_posted_while_the_server_was_away()
    {
        await PostAsync("before");
        using var interrupt = new CancellationTokenSource();
        var watching = _bob.RunWithInputAsync([], ["watch", "--json"], interrupt.Token);
        await Eventually.TrueAsync(() => _host.ListenerCount == 1);
        await PostAsync("heard");
        await Eventually.TrueAsync(() => Captions().Contains("heard"));

        await RestartAsync();
        await PostAsync("short", "--ttl", "5m");
        await PostAsync("replaced", "--slot", "status");
        await PostAsync("first");
        await PostAsync("second", "--slot", "status");
        _host.Clock.Advance(TimeSpan.FromMinutes(6));
        _gate.Open();
        await UntilAsync(() => Captions().Contains("second"));
        await RestartAsync();
        await PostAsync("third");
        _gate.Open();
        await UntilAsync(() => Captions().Contains("third"));
        await PostAsync("live");
        await UntilAsync(() => Captions().Contains("live"));
        await interrupt.CancelAsync();
        await watching;

        Captions().Should().Equal("heard", "first", "second", "third", "live");
        Lines().Count(line => line.GetProperty("type").GetString() == "reset").Should().Be(2);
        var told = Lines()
            .Single(line => line.TryGetProperty("story", out var story) && story.GetProperty("caption").GetString() == "first");
        told.GetProperty("storyId").GetString().Should().Be(told.GetProperty("story").GetProperty("id").GetString());
        told.GetProperty("at").GetString().Should().Be(told.GetProperty("story").GetProperty("createdAt").GetString());
    }

    [Fact]
    public async Task A_command_is_run_for_each_story_that_was_posted_while_the_server_was_away()
    {
        var log = Path.Combine(_bob.Home, "log");
        using var interrupt = new CancellationTokenSource();
        var watching = _bob.RunWithInputAsync(
            [],
            ["watch", "--exec", $"echo $STORIES_EVENT_TYPE $STORIES_EVENT_CAPTION >> {log}"],
            interrupt.Token
        );
        await Eventually.TrueAsync(() => _host.ListenerCount == 1);
        await PostAsync("heard");
        await Eventually.TrueAsync(() => File.Exists(log) && File.ReadAllText(log).Contains("heard", StringComparison.Ordinal));
        await RestartAsync();
        await PostAsync("one");
        await PostAsync("two");
        _gate.Open();
        await UntilAsync(() => File.Exists(log) && File.ReadAllText(log).Contains("two", StringComparison.Ordinal));
        await interrupt.CancelAsync();
        await watching;

        (await File.ReadAllLinesAsync(log)).Should().Equal("story.posted heard", "reset", "story.posted one", "story.posted two");
    }

    [Fact]
    public async Task Waiting_sees_what_was_answered_right_after_the_restart()
    {
        var id = await PostAsync("gate");
        var waiting = _bob.RunAsync("wait", id, "--replies", "1", "--quiet");
        await Eventually.TrueAsync(() => _host.ListenerCount == 1);
        await RestartAsync();
        (await _ana.RunAsync("reply", id, "go")).ExitCode.Should().Be(0);
        _gate.Open();
        await UntilAsync(() => waiting.IsCompleted);

        (await waiting).Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == id + "\n");
    }

    [Fact]
    public async Task A_token_that_may_only_post_is_told_of_its_own_stories_and_of_no_others()
    {
        var token = await _ana.RunAsync("token", "create", "--name", "ci", "--scope", "post", "--quiet");
        _bob.Environment["STORIES_TOKEN"] = token.Out.Trim();
        using var interrupt = new CancellationTokenSource();
        var watching = _bob.RunWithInputAsync([], ["watch"], interrupt.Token);
        await Eventually.TrueAsync(() => _host.ListenerCount == 1);
        // Only a client that has heard something knows, after the restart, that it missed something.
        await PostAsync("heard");
        await Eventually.TrueAsync(() => _bob.Printed.Contains("heard", StringComparison.Ordinal));
        await RestartAsync();
        using var cem = new Shell
        {
            Clock = _host.Clock,
            Environment = { ["STORIES_URL"] = _host.Url.ToString(), ["STORIES_TOKEN"] = await _host.JoinAsync("cem") },
        };
        await cem.RunAsync("post", "--text", "x", "--caption", "of another");
        await PostAsync("meanwhile");
        _gate.Open();
        await UntilAsync(() => _bob.Printed.Contains("meanwhile", StringComparison.Ordinal));
        await PostAsync("live");
        await UntilAsync(() => _bob.Printed.Contains("live", StringComparison.Ordinal));
        await interrupt.CancelAsync();

        (await watching).Lines.Select(line => line.Split('\t')[1]).Should().Equal("story.posted", "reset", "story.posted", "story.posted");
    }

    /// <summary>The way to the server stays closed: listeners reconnect only when the test opens it.</summary>
    private async Task RestartAsync()
    {
        _gate.Close();
        await _host.RestartAsync();
        _ana.Environment["STORIES_URL"] = _host.Url.ToString();
    }

    private async Task<string> PostAsync(string caption, params string[] options)
    {
        var ran = await _ana.RunAsync(["post", "--text", "Hello", "--caption", caption, "--quiet", .. options]);
        // Each has a time of its own.
        _host.Clock.Advance(TimeSpan.FromMilliseconds(10));
        return ran.Out.Trim();
    }

    /// <summary>Lets the pauses between two tries pass.</summary>
    private Task UntilAsync(Func<bool> condition) =>
        Eventually.TrueAsync(() =>
        {
            _host.Clock.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        });

    private IEnumerable<JsonElement> Lines() =>
        _bob
            .Printed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.EndsWith('}'))
            .Select(line => JsonDocument.Parse(line).RootElement);

    private IEnumerable<string> Captions() =>
        Lines()
            .Where(line => line.GetProperty("type").GetString() == "story.posted")
            .Select(line => line.GetProperty("story").GetProperty("caption").GetString()!);
}
