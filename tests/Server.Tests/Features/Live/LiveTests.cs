using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Live;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage.Files;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Features.Live.LiveHost;

namespace StoriesCli.Server.Tests.Features.Live;

public sealed class LiveTests
{
    [Fact]
    public async Task A_viewer_sees_what_comes_and_the_end_and_then_it_is_a_recording_with_its_result()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob");
        await using var events = await EventTap.OpenAsync(host, token);
        var id = await ana.BeginAsync("""{ "caption": "make", "width": 80, "height": 24, "tags": ["ci"], "source": { "ref": "main" } }""");
        await using var tap = await host.WatchAsync(token, id);
        var viewer = new LiveViewer(tap);

        var at = await ana.OutputAsync(id, 0, Line("one\r\n"));
        await viewer.UntilAsync(it => it.Text == "one");
        at = await ana.OutputAsync(id, at, Line("two") + "[0,\"r\",\"100x30\"]\n" + Line("\r\nthree"));
        await viewer.UntilAsync(it => it.Text == "one\ntwo\nthree");
        viewer.Size.Should().Be((100, 30));
        host.Clock.Advance(TimeSpan.FromSeconds(7));
        var ended = await ana.EndAsync(id, exitCode: 3);
        await viewer.UntilAsync(it => it.HasEnded);
        await tap.EndAsync();

        ended.Status.Should().Be(HttpStatusCode.OK, ended.Text);
        (viewer.Snapshots, ended.Json.TryGetProperty("live", out _), ended.Json.TryGetProperty("broken", out _))
            .Should()
            .Be((1, false, false));
        var story = await host.Client(token).Stories.GetAsync(id);
        (story.Kind, story.Source!.ExitCode, story.Source.Status, story.Source.Ref, story.Media.DurationMs)
            .Should()
            .Be((StoryKinds.Recording, 3, "failed", "main", 300));
        story.Source.DurationMs.Should().BeGreaterThanOrEqualTo(7000);
        var media = await ana.GetAsync($"/v1/stories/{id}/media");
        media.Text.Should().StartWith("""{"version":3,"term":{"cols":80,"rows":24},""").And.EndWith(Line("\r\nthree"));
        media.Body.Length.Should().Be((int)story.Media.Bytes);
        Convert.ToHexStringLower(SHA256.HashData(media.Body)).Should().Be(story.Media.Sha256);
        var (posted, updated) = (await events.NextAsync(), await events.NextAsync());
        (posted.Type, posted.Data!.Value.GetProperty("story").GetProperty("live").GetBoolean()).Should().Be(("story.posted", true));
        (updated.Type, updated.StoryId).Should().Be(("story.updated", id));
        (await ana.EndAsync(id, exitCode: 3)).Status.Should().Be(HttpStatusCode.OK, "a repeated end changes nothing");
    }

    [Fact]
    public async Task Who_comes_late_gets_the_screen_as_it_stands()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob");
        var id = await ana.BeginAsync();
        var at = await ana.OutputAsync(id, 0, Line("gone\e[2J\e[H\e[31mred\e[0m\r\nsecond"));

        await using var tap = await host.WatchAsync(token, id);
        var viewer = new LiveViewer(tap);
        await viewer.UntilAsync(it => it.Text == "red\nsecond");
        await ana.OutputAsync(id, at, Line(" line"));
        await viewer.UntilAsync(it => it.Text == "red\nsecond line");

        viewer.Snapshots.Should().Be(1);
    }

    [Fact]
    public async Task The_tray_says_where_a_command_runs_until_it_has_ended()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Client(await host.JoinAsync("bob"));
        await host.JoinAsync("dan");
        await ana.PostJsonAsync("/v1/stories", """{ "text": "hello" }""");
        var lost = await ana.BeginAsync();
        var build = await ana.BeginAsync("""{ "width": 80, "height": 24, "slot": "build/main" }""");
        await ana.BeginAsync("""{ "width": 80, "height": 24, "slot": "secret", "audience": ["dan"] }""");

        (await TrayAsync()).Should().Equal(("", true), ("build/main", true));
        (await ana.GetAsync("/v1/tray")).Text.Should().Contain("\"live\":true");
        await ana.EndAsync(build, exitCode: 1);
        (await TrayAsync()).Should().Equal(("", true), ("build/main", false));
        await bob.Mutes.MutePersonAsync("ana");
        (await TrayAsync()).Should().Equal([("", true), ("build/main", false)], "all of it is muted, and then it counts");
        await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{lost}", null);
        (await TrayAsync()).Should().Equal(("", false), ("build/main", false));
        (await host.Wire(await host.JoinAsync("eve")).GetAsync("/v1/tray")).Text.Should().NotContain("\"live\"");

        async Task<IEnumerable<(string, bool)>> TrayAsync() =>
            (await bob.Stories.GetTrayAsync()).Select(item => (item.Slot ?? "", item.Live)).Order();
    }

    [Fact]
    public async Task Bytes_that_are_doubled_or_missing_are_refused_with_the_place_to_continue()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await ana.BeginAsync();
        var first = await ana.OutputAsync(id, 0, Line("one"));

        foreach (var wrong in new[] { 0, first + 1 })
        {
            var refused = await ana.SendAsync(id, wrong, Line("two"));
            (refused.Code, refused.Header("Offset")).Should().Be(("live_offset", $"{first}"));
        }
        await ana.OutputAsync(id, first, Line("two"));
        await ana.EndAsync(id);

        (await ana.GetAsync($"/v1/stories/{id}/media")).Text.Should().EndWith(Line("one") + Line("two"));
    }

    [Theory]
    [InlineData("[0.1,\"i\",\"secret\"]\n", "line 1")]
    [InlineData("[0.1,\"o\",\"fine\"]\n[0.1,\"m\",\"mark\"]\n", "line 2")]
    [InlineData("[0.1,\"o\",\"no end\"]", "line 1 breaks off")]
    [InlineData("[-1,\"o\",\"x\"]\n", "line 1")]
    [InlineData("[0.1,\"r\",\"wide\"]\n", "line 1")]
    [InlineData("[0.1,\"o\",\"\\ud800\"]\n", "line 1")]
    [InlineData("[80000,\"o\",\"x\"]\n[80000,\"o\",\"x\"]\n", "line 2 makes the recording longer than a day")]
    public async Task Nothing_but_output_and_sizes_gets_in(string lines, string fault)
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await ana.BeginAsync();

        var refused = await ana.SendAsync(id, 0, lines);

        (refused.Code, refused.Detail.Contains(fault, StringComparison.Ordinal)).Should().Be(("invalid_request", true), refused.Text);
        await ana.OutputAsync(id, 0, Line("whole"));
        await ana.EndAsync(id);
        (await ana.GetAsync($"/v1/stories/{id}/media")).Text.Split('\n').Should().HaveCount(3);
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_and_the_sender_goes_on_where_it_was()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var token = await host.JoinAsync("bob");
        var ana = host.Wire(anasToken);
        var id = await ana.BeginAsync();
        var at = await ana.OutputAsync(id, 0, Line("one\r\n") + Line("two\r\n"));
        var copy = await LiveCopy.MakeAsync(host.DataPath, path => Path.GetFileName(path) is not ("lock" or DiskReserve.FileName));
        try
        {
            // The kill came in the middle of the next line.
            await File.AppendAllTextAsync(
                Directory.EnumerateFiles(Path.Combine(copy, "media"), id, SearchOption.AllDirectories).Single(),
                "[0.1,\"o\",\"hal"
            );
            await using var again = await ServerHost.OpenAsync(copy, host.Clock.GetUtcNow());
            var sender = again.Wire(anasToken);
            await using var tap = await again.WatchAsync(token, id);
            var viewer = new LiveViewer(tap);
            await viewer.UntilAsync(it => it.Text == "one\ntwo");

            (await sender.SendAsync(id, at + 1, Line("x"))).Header("Offset").Should().Be($"{at}");
            await sender.OutputAsync(id, at, Line("three"));
            await viewer.UntilAsync(it => it.Text == "one\ntwo\nthree");
            await sender.EndAsync(id);

            (await sender.GetAsync($"/v1/stories/{id}/media")).Text.Should().EndWith(Line("one\r\n") + Line("two\r\n") + Line("three"));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task A_server_that_stops_and_starts_leaves_it_live()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        var id = await ana.BeginAsync();
        var at = await ana.OutputAsync(id, 0, Line("one"));
        await using var tap = await host.WatchAsync(token, id);
        await tap.NextAsync();

        await host.RestartAsync();
        await tap.EndAsync();
        await ana.OutputAsync(id, at, Line(" two"));
        await using var later = await host.WatchAsync(token, id);

        await new LiveViewer(later).UntilAsync(it => it.Text == "one two");
    }

    [Fact]
    public async Task A_silent_sender_breaks_it_after_30_s_and_what_came_is_the_story()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        var id = await ana.BeginAsync();
        var at = await ana.OutputAsync(id, 0, Line("one"));
        host.Clock.Advance(TimeSpan.FromSeconds(29));
        await ana.OutputAsync(id, at, "");
        host.Clock.Advance(TimeSpan.FromSeconds(29));
        (await ana.GetAsync($"/v1/stories/{id}"))
            .Json.GetProperty("live")
            .GetBoolean()
            .Should()
            .BeTrue("an empty request is a sign of life");

        await Eventually.TrueAsync(async () =>
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(250));
            return !(await ana.GetAsync($"/v1/stories/{id}")).Json.TryGetProperty("live", out _);
        });

        (await ana.GetAsync($"/v1/stories/{id}")).Json.GetProperty("broken").GetBoolean().Should().BeTrue();
        (await ana.SendAsync(id, at, Line("more"))).Code.Should().Be("live_ended");
        (await ana.EndAsync(id)).Code.Should().Be("live_ended");
        (await ana.GetAsync($"/v1/stories/{id}/media")).Text.Should().EndWith(Line("one"));
    }

    [Fact]
    public async Task It_ends_as_broken_after_two_hours()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await ana.BeginAsync();
        var at = 0L;
        for (var minutes = 0; minutes < 239; minutes++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(29));
            at = await ana.OutputAsync(id, at, Line("."));
        }

        await Eventually.TrueAsync(async () =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await ana.SendAsync(id, at, "")).Status != HttpStatusCode.NoContent;
        });

        (await ana.GetAsync($"/v1/stories/{id}")).Json.GetProperty("broken").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task An_account_has_three_at_once()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var first = await ana.BeginAsync();
        await ana.BeginAsync();
        await ana.BeginAsync();

        (await ana.PostJsonAsync("/v1/live", Begin)).Code.Should().Be("live_limit");
        await bob.BeginAsync();
        await ana.EndAsync(first);

        await ana.BeginAsync();
    }

    [Fact]
    public async Task Deleting_it_ends_it_for_everybody_at_once_and_leaves_no_byte()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob");
        var id = await ana.BeginAsync();
        var at = await ana.OutputAsync(id, 0, Line("a secret"));
        await using var tap = await host.WatchAsync(token, id);
        await new LiveViewer(tap).UntilAsync(it => it.Text == "a secret");

        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);

        await tap.EndAsync();
        Directory.EnumerateFiles(host.DataPath, id + "*", SearchOption.AllDirectories).Should().BeEmpty();
        (await ana.SendAsync(id, at, Line("more"))).Code.Should().Be("story_deleted");
        (await ana.EndAsync(id)).Code.Should().Be("story_deleted");
        (await host.Wire(token).GetAsync($"/v1/stories/{id}/live")).Code.Should().Be("story_deleted");
        await Eventually.TrueAsync(() => !OpenFiles().Any(path => path.Contains(id, StringComparison.Ordinal)));
        host.Services.GetRequiredService<LiveTerminals>().Count.Should().Be(0);
    }

    [Fact]
    public async Task One_that_expires_is_served_to_nobody_any_more()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob");
        await ana.SendAsync(HttpMethod.Patch, "/v1/me", new StringContent("""{ "archive": true }""", Encoding.UTF8, "application/json"));
        var id = await ana.BeginAsync("""{ "width": 80, "height": 24, "ttl": "5m" }""");
        var at = 0L;
        for (var seconds = 0; seconds < 299; seconds += 23)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(23));
            at = await ana.OutputAsync(id, at, Line("."));
        }
        await using var tap = await host.WatchAsync(token, id);
        await tap.NextAsync();

        host.Clock.Advance(TimeSpan.FromSeconds(2));

        (await ana.SendAsync(id, at, Line("more"))).Code.Should().Be("story_expired");
        (await ana.EndAsync(id)).Code.Should().Be("story_expired");
        await tap.EndAsync();
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            return !Directory.EnumerateFiles(host.DataPath, id + "*", SearchOption.AllDirectories).Any();
        });
        (await ana.GetAsync("/v1/archive")).Json.GetProperty("items").GetArrayLength().Should().Be(0, "it was no recording yet");
    }

    [Fact]
    public async Task Who_may_not_see_it_finds_nothing_and_who_loses_the_right_loses_the_stream()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bobsToken = await host.JoinAsync("bob");
        var cem = host.Wire(await host.JoinAsync("cem"));
        var dansToken = await host.JoinAsync("dan");
        var id = await ana.BeginAsync("""{ "width": 80, "height": 24, "audience": ["bob", "dan"] }""");
        (await cem.GetAsync($"/v1/stories/{id}/live")).Code.Should().Be("story_not_found");
        (await cem.SendAsync(id, 0, Line("mine"))).Code.Should().Be("story_not_found");
        (await host.Wire(bobsToken).SendAsync(id, 0, Line("mine"))).Code.Should().Be("not_author");
        (await host.Wire(bobsToken).EndAsync(id)).Code.Should().Be("not_author");
        await using var bobs = await host.WatchAsync(bobsToken, id);
        await using var dans = await host.WatchAsync(dansToken, id);
        await bobs.NextAsync();
        await dans.NextAsync();

        var edit = new StringContent("""{ "audience": ["dan"] }""", Encoding.UTF8, "application/json");
        (await ana.SendAsync(HttpMethod.Patch, $"/v1/stories/{id}", edit)).Status.Should().Be(HttpStatusCode.OK);
        await bobs.EndAsync();
        await ana.OutputAsync(id, 0, Line("for dan"));
        await new LiveViewer(dans).UntilAsync(it => it.Text == "for dan");
        (await host.Wire(dansToken).SendAsync(HttpMethod.Delete, "/v1/me", null)).Status.Should().Be(HttpStatusCode.NoContent);

        await dans.EndAsync();
    }

    [Fact]
    public async Task A_slow_viewer_gets_a_snapshot_of_what_it_missed()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob");
        var id = await ana.BeginAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (_, lines) = await host.Wire(token).OpenAsync($"/v1/stories/{id}/live", limit.Token);
        await lines.ReadLineAsync(limit.Token);

        var at = 0L;
        for (var n = 0; n < 60; n++)
        {
            at = await ana.OutputAsync(id, at, Line(string.Concat(Enumerable.Repeat($"{n:000} {new string('x', 70)}\r\n", 1300))));
        }
        await ana.OutputAsync(id, at, Line("\e[2J\e[Hlast"));
        await ana.EndAsync(id);
        var text = await lines.ReadToEndAsync(limit.Token);

        text.Contains("\"type\":\"snapshot\"", StringComparison.Ordinal).Should().BeTrue();
        text.EndsWith("data: {\"type\":\"end\"}\n\n", StringComparison.Ordinal).Should().BeTrue();
        text.Length.Should().BeLessThan((int)at, "what it missed was not kept for it");
    }

    [Fact]
    public async Task Two_hundred_viewers_see_the_same_and_no_more_get_in()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var id = await ana.BeginAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var viewers = new List<StreamReader>();
        for (var n = 0; n < Limits.LiveViewers; n++)
        {
            viewers.Add((await bob.OpenAsync($"/v1/stories/{id}/live", limit.Token)).Lines);
        }

        (await bob.GetAsync($"/v1/stories/{id}/live")).Code.Should().Be("live_limit");
        var at = 0L;
        for (var n = 0; n < 20; n++)
        {
            at = await ana.OutputAsync(id, at, Line($"line {n}\r\n"));
        }
        await ana.EndAsync(id);
        var texts = await Task.WhenAll(viewers.Select(viewer => viewer.ReadToEndAsync(limit.Token)));

        texts.Should().AllSatisfy(text => text.Should().Contain("line 19").And.EndWith("data: {\"type\":\"end\"}\n\n"));
        await Eventually.TrueAsync(() => host.Services.GetRequiredService<LiveTerminals>().ViewerCount == 0);
    }

    [Fact]
    public async Task It_grows_to_the_largest_recording_and_within_the_quota()
    {
        await using var host = await ServerHost.StartAsync(options =>
            options with
            {
                Media = new MediaLimits { RecordingBytes = 2000 },
                QuotaAccountBytes = 3000,
            }
        );
        var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await ana.BeginAsync();
        var at = await ana.OutputAsync(id, 0, Line(new string('x', 1500)));

        (await ana.SendAsync(id, at, Line(new string('x', 600)))).Code.Should().Be("too_large");
        at = await ana.OutputAsync(id, at, Line("short"));
        var second = await ana.BeginAsync();
        (await ana.SendAsync(second, 0, Line(new string('x', 1600)))).Code.Should().Be("quota_reached");
        (await ana.EndAsync(id)).Status.Should().Be(HttpStatusCode.OK);

        (await ana.GetAsync($"/v1/stories/{id}/media")).Body.Length.Should().BeLessThan(2000);
        (await ana.GetAsync("/v1/me")).Json.GetProperty("bytes").GetInt64().Should().BeGreaterThan(at);
    }

    [Fact]
    public async Task A_sender_that_asks_for_too_much_work_is_not_drawn_and_everything_else_goes_on()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        var id = await ana.BeginAsync("""{ "width": 500, "height": 200 }""");
        var hostile = string.Concat(Enumerable.Repeat("\e[99999b", 20_000));

        var at = await ana.OutputAsync(id, 0, Line("x" + hostile));
        await ana.OutputAsync(id, at, Line("\e[2J\e[Hafter" + new string(' ', 4000)));

        (await ana.EndAsync(id)).Status.Should().Be(HttpStatusCode.OK);
    }

    private static IEnumerable<string> OpenFiles() =>
        Directory.EnumerateFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? "");
}
