using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Events;

public sealed class StreamTests
{
    [Fact]
    public async Task When_something_may_have_happened_untold_all_are_told_to_load_anew_also_who_comes_back()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Client(token);
        await using var tap = await EventTap.OpenAsync(host, token);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "1");
        var posted = await tap.NextAsync();

        host.Services.GetRequiredService<EventBroadcaster>().Reset();

        var reset = await tap.NextAsync();
        (reset.Type, reset.Data!.Value.GetProperty("storyId").ValueKind).Should().Be(("reset", System.Text.Json.JsonValueKind.Null));
        await using var again = await EventTap.OpenAsync(host, token, posted.Id);
        (await again.NextAsync()).Type.Should().Be("reset");
        await host.Services.GetRequiredService<StoryLifecycle>().EndAsync(story.Id);
        var removed = await again.NextAsync();
        (removed.Type, removed.StoryId).Should().Be(("story.removed", story.Id));
    }

    [Fact]
    public async Task A_stream_resumes_where_it_broke_off_and_leaves_out_what_is_gone()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob");
        string? id;
        await using (var first = await EventTap.OpenAsync(host, token))
        {
            await ana.Stories.PostTextAsync(new NewStory { Text = "heard" }, "0");
            id = (await first.NextAsync()).Id;
        }
        var second = await ana.Stories.PostTextAsync(new NewStory { Text = "missed" }, "1");
        var third = await ana.Stories.PostTextAsync(new NewStory { Text = "gone" }, "2");
        await ana.Stories.DeleteAsync(third.Id);

        await using var again = await EventTap.OpenAsync(host, token, id);
        var fourth = await ana.Stories.PostTextAsync(new NewStory { Text = "new" }, "3");

        Block[] told = [await again.NextAsync(), await again.NextAsync(), await again.NextAsync()];
        told.Select(b => (b.Type, b.StoryId))
            .Should()
            .Equal(("story.posted", second.Id), ("story.removed", third.Id), ("story.posted", fourth.Id));
        told.Select(b => b.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Who_comes_back_too_late_or_after_a_restart_is_told_to_load_anew()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var token = await host.JoinAsync("bob");
        string? id;
        await using (var first = await EventTap.OpenAsync(host, token))
        {
            await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "x" }, "0");
            id = (await first.NextAsync()).Id;
        }

        await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "y" }, "1");
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "z" }, "2");
        await using (var inTime = await EventTap.OpenAsync(host, token, id))
        {
            (await inTime.NextAsync()).Type.Should().Be("story.posted");
        }
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "z" }, "3");
        await using (var tooLate = await EventTap.OpenAsync(host, token, id))
        {
            (await tooLate.NextAsync()).Type.Should().Be("reset");
            id = tooLate.LastId;
        }
        await host.RestartAsync();
        await using (var restarted = await EventTap.OpenAsync(host, token, id))
        {
            (await restarted.NextAsync()).Type.Should().Be("reset");
        }
        await using var odd = await EventTap.OpenAsync(host, token, "not-ours");
        (await odd.NextAsync()).Type.Should().Be("reset");
    }

    [Fact]
    public async Task A_silent_stream_says_every_15_seconds_that_it_lives_and_where_to_resume()
    {
        await using var host = await ServerHost.StartAsync();
        await using var tap = await EventTap.OpenAsync(host, await host.JoinAsync("ana"));
        var begun = host.Clock.GetUtcNow();
        await tap.NextBlockAsync();

        host.Clock.Advance(TimeSpan.FromSeconds(15));
        var comment = await tap.NextBlockAsync();

        comment.Data.Should().BeNull();
        comment.Id.Should().NotBeNull();
        (host.Clock.GetUtcNow() - begun).Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_stream_ends_with_its_token_and_its_account()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Client(token);
        using var owner = host.Wire(token);
        var revoked = await ana.Tokens.CreateAsync(new NewToken { Name = "revoked" });
        var brief = await ana.Tokens.CreateAsync(new NewToken { Name = "brief", Ttl = "10m" });
        await using var first = await EventTap.OpenAsync(host, revoked.Token);
        await using var second = await EventTap.OpenAsync(host, brief.Token);
        await using var third = await EventTap.OpenAsync(host, await host.JoinAsync("bob"));

        await ana.Tokens.RevokeAsync(revoked.Id);
        var before = host.Clock.GetUtcNow();
        await first.EndAsync();
        (host.Clock.GetUtcNow() - before).Should().BeLessThan(TimeSpan.FromSeconds(1));
        var disabled = await owner.SendAsync(
            HttpMethod.Patch,
            "/v1/admin/accounts/bob",
            new StringContent("""{ "disabled": true }""", Encoding.UTF8, "application/json")
        );
        disabled.Status.Should().Be(HttpStatusCode.OK);
        before = host.Clock.GetUtcNow();
        await third.EndAsync();
        (host.Clock.GetUtcNow() - before).Should().BeLessThan(TimeSpan.FromSeconds(1));
        host.Clock.SetUtcNow(brief.ExpiresAt);
        await second.EndAsync();

        await Eventually.TrueAsync(() => Feed(host).ListenerCount == 0);
    }

    [Fact]
    public async Task Open_streams_do_not_hold_up_a_stop()
    {
        await using var host = await ServerHost.StartAsync();
        await using var tap = await EventTap.OpenAsync(host, await host.JoinAsync("ana"));

        await host.RestartAsync();

        await tap.EndAsync();
    }

    [Fact]
    public async Task Who_does_not_keep_up_is_cut_off_and_holds_nobody_up()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var story = await host.Client(token)
            .Stories.PostTextAsync(new NewStory { Text = new string('x', Limits.TextPreviewCharacters) }, "1");
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Url.Host, host.Url.Port);
        await socket
            .GetStream()
            .WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"));
        await Eventually.TrueAsync(() => Feed(host).ListenerCount == 1);

        var updated = new Announcement
        {
            Type = EventTypes.Updated,
            At = story.CreatedAt,
            StoryId = story.Id,
            Author = 1,
            ShowsStory = true,
        };
        await Eventually.TrueAsync(() =>
        {
            for (var i = 0; i < EventListener.Backlog / 2; i++)
            {
                Feed(host).Publish(updated);
            }
            return Feed(host).ListenerCount == 0;
        });
    }

    private static EventBroadcaster Feed(ServerHost host) => host.Services.GetRequiredService<EventBroadcaster>();
}
