using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class ClockTests
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_clock_that_is_set_back_brings_nothing_back()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await PostAsync(ana, "gone", "10m");
        host.Clock.Advance(Life);
        (await ana.GetAsync($"/v1/stories/{id}")).Code.Should().Be("story_expired");

        host.Clock.AdjustTime(host.Clock.GetUtcNow() - TimeSpan.FromMinutes(9));

        await ShouldBeGoneAsync(ana, id);
        await SweepAsync(host, id);
        host.Clock.Advance(SteadyClock.LongestHold);
        await ShouldBeGoneAsync(ana, id);
    }

    [Fact]
    public async Task A_clock_that_was_a_year_ahead_is_followed_again_soon()
    {
        await using var host = await ServerHost.StartAsync();
        var right = host.Clock.GetUtcNow();
        host.Clock.AdjustTime(right + TimeSpan.FromDays(300));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        (await ana.GetAsync("/v1/stories")).Status.Should().Be(HttpStatusCode.OK);

        host.Clock.AdjustTime(right);
        (await ana.GetAsync("/v1/stories")).Status.Should().Be(HttpStatusCode.OK);
        host.Clock.Advance(SteadyClock.LongestHold);
        var posted = (await ana.PostJsonAsync("/v1/stories", """{ "text": "now", "ttl": "10m" }""")).Json;

        posted.GetProperty("createdAt").GetDateTimeOffset().Should().Be(right + SteadyClock.LongestHold);
        posted.GetProperty("expiresAt").GetDateTimeOffset().Should().Be(right + SteadyClock.LongestHold + Life);
    }

    [Fact]
    public async Task After_a_leap_or_a_long_sleep_of_the_machine_nothing_expired_is_served_before_any_timer_rings()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        using var nobody = host.Wire(token: null);
        var id = await PostAsync(ana, "gone", "10m");
        var link = new Uri((await host.Client(token).Media.CreateLinkAsync(id, TimeSpan.FromMinutes(5))).Url).PathAndQuery;
        (await nobody.GetAsync(link)).Status.Should().Be(HttpStatusCode.OK);

        host.Clock.AdjustTime(host.Clock.GetUtcNow() + TimeSpan.FromHours(20));

        await ShouldBeGoneAsync(ana, id);
        (await nobody.GetAsync(link)).Code.Should().Be("story_expired");
        await SweepAsync(host, id);
    }

    [Fact]
    public async Task After_a_leap_expiry_is_told_within_half_a_second()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        var id = await PostAsync(ana, "gone", "10m");
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var events = host.Client(token).Events.WatchAsync(cancel: cancel.Token).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await ListeningAsync(host);

        host.Clock.AdjustTime(host.Clock.GetUtcNow() + TimeSpan.FromHours(20));
        host.Clock.Advance(TimeSpan.FromMilliseconds(500));

        while (await next && events.Current.Type != EventTypes.Expired)
        {
            next = events.MoveNextAsync().AsTask();
        }
        events.Current.StoryId.Should().Be(id);
    }

    [Fact]
    public async Task What_expired_while_the_server_was_stopped_is_gone_at_the_first_request()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (gone, here) = (await PostAsync(ana, "gone", "10m"), await PostAsync(ana, "here", "6h"));

        await host.RestartAsync(away: TimeSpan.FromHours(1));

        await ShouldBeGoneAsync(ana, gone);
        (await ana.GetAsync($"/v1/stories/{here}/media")).Text.Should().StartWith("here");
        await Eventually.TrueAsync(() => !HasFiles(host, gone));
        HasFiles(host, here).Should().BeTrue();
    }

    [Fact]
    public async Task What_was_swept_stays_gone_when_the_clock_is_set_back_while_the_server_is_stopped()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = await PostAsync(ana, "gone", "10m");
        host.Clock.Advance(Life);
        await SweepAsync(host, id);

        await host.StopAsync();
        host.Clock.AdjustTime(host.Clock.GetUtcNow() - TimeSpan.FromMinutes(9));
        await host.StartAgainAsync();

        await ShouldBeGoneAsync(ana, id);
    }

    /// <summary>Posts a text that is long enough to have a file.</summary>
    private static async Task<string> PostAsync(Wire wire, string beginning, string ttl) =>
        (await wire.PostJsonAsync("/v1/stories", $$"""{ "text": "{{beginning}}{{TestMedia.LongText}}", "ttl": "{{ttl}}" }"""))
            .Json.GetProperty("id")
            .GetString()!;

    private static async Task ShouldBeGoneAsync(Wire wire, string id)
    {
        (await wire.GetAsync($"/v1/stories/{id}")).Code.Should().Be("story_expired");
        (await wire.GetAsync($"/v1/stories/{id}/media")).Code.Should().Be("story_expired");
        (await wire.GetAsync($"/v1/stories/{id}/poster")).Code.Should().Be("story_expired");
        (await wire.GetAsync("/v1/stories")).Text.Should().NotContain(id);
        (await wire.GetAsync("/v1/tray")).Text.Should().NotContain(id);
    }

    /// <summary>Runs the sweeper, which comes twice a minute.</summary>
    private static Task SweepAsync(ServerHost host, string id)
    {
        host.Clock.Advance(Sweeper.Interval);
        return Eventually.TrueAsync(() => !HasFiles(host, id));
    }

    private static Task ListeningAsync(ServerHost host) =>
        Eventually.TrueAsync(() =>
            (
                (Server.Features.Events.EventBroadcaster)host.Services.GetService(typeof(Server.Features.Events.EventBroadcaster))!
            ).ListenerCount > 0
        );

    private static bool HasFiles(ServerHost host, string id) =>
        Directory.EnumerateFiles(host.DataPath, id + "*", SearchOption.AllDirectories).Any();
}
