using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Features.Webhooks;
using StoriesCli.Server.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Webhooks;

public sealed class RetryTests
{
    [Fact]
    public async Task What_is_not_taken_is_sent_again_with_growing_pauses_and_the_same_id_also_after_a_restart()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.InternalServerError);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, secret) = await ana.HookAsync(receiver);

        await ana.PostTextAsync("x");
        var first = await receiver.NextAsync();
        await ana.AttemptsAsync(hook, 1);
        host.Clock.Advance(TimeSpan.FromSeconds(4));
        receiver.Count.Should().Be(0, "5 s is the least");
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        var second = await receiver.NextAsync();
        await ana.AttemptsAsync(hook, 2);
        receiver.Answer = context => Task.FromResult(context.Response.StatusCode = 200);
        await host.RestartAsync(away: TimeSpan.FromMinutes(7));
        var third = await receiver.NextAsync();

        third.VerifySignature(secret);
        new[] { second.Id, third.Id }.Should().AllBe(first.Id);
        third.Headers["webhook-timestamp"].Should().NotBe(first.Headers["webhook-timestamp"], "each attempt is signed anew");
        var attempts = await ana.AttemptsAsync(hook, 3);
        attempts
            .Select(a => (a.GetProperty("attempt").GetInt32(), a.GetProperty("status").GetInt32()))
            .Should()
            .Equal((3, 200), (2, 500), (1, 500));
        attempts[0].GetProperty("nextAt").ValueKind.Should().Be(JsonValueKind.Null);
        (await ana.StateAsync(hook)).GetProperty("waiting").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task What_was_deleted_before_it_could_be_told_is_never_told_as_content()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.BadGateway);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver, "story.posted", "story.removed");
        var story = await ana.PostTextAsync("a slip of the tongue");
        await receiver.NextAsync();
        await ana.AttemptsAsync(hook, 1);

        receiver.Answer = context => Task.FromResult(context.Response.StatusCode = 204);
        await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{story}", null);
        var removed = await receiver.NextAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        var attempts = await ana.AttemptsAsync(hook, 3);

        removed.Type.Should().Be("story.removed");
        removed.Text.Should().NotContain("slip");
        receiver.Count.Should().Be(0);
        attempts[0].GetProperty("event").GetString().Should().Be("story.posted");
        attempts[0].GetProperty("error").GetString().Should().StartWith("nothing was sent");
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_told_nothing_more()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.Gone);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver);

        await ana.PostTextAsync("x");
        await receiver.NextAsync();
        await ana.AttemptsAsync(hook, 1);
        await ana.PostTextAsync("y");

        (await ana.StateAsync(hook)).GetProperty("state").GetString().Should().Be(WebhookStates.Gone);
        await host.RestartAsync(away: TimeSpan.FromHours(1));
        (await ana.StateAsync(hook)).GetProperty("waiting").GetInt32().Should().Be(0);
        receiver.Count.Should().Be(0);
    }

    [Fact]
    public async Task A_receiver_that_asks_for_time_gets_it_for_all_that_waits()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.ServiceUnavailable, ("Retry-After", "3600"));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver);
        await ana.PostTextAsync("x");
        await receiver.NextAsync();
        var attempt = (await ana.AttemptsAsync(hook, 1))[0];
        receiver.Answer = context => Task.FromResult(context.Response.StatusCode = 204);
        await ana.PostTextAsync("y");

        attempt.GetProperty("nextAt").GetDateTimeOffset().Should().Be(host.Clock.GetUtcNow().AddHours(1));
        await host.RestartAsync(away: TimeSpan.FromMinutes(59));
        receiver.Count.Should().Be(0);
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await receiver.NextAsync()).Id.Should().NotBe((await receiver.NextAsync()).Id);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var elsewhere = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.TemporaryRedirect, ("Location", elsewhere.Url));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver);

        await ana.PostTextAsync("x");
        var attempt = (await ana.AttemptsAsync(hook, 1))[0];

        (attempt.GetProperty("status").GetInt32(), attempt.GetProperty("error").GetString())
            .Should()
            .Be((307, "redirects are not followed"));
        elsewhere.Count.Should().Be(0);
    }

    [Fact]
    public async Task One_that_hangs_delays_neither_others_nor_who_posts()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        slow.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hanging, _) = await ana.HookAsync(slow);
        await ana.HookAsync(quick);

        await ana.PostTextAsync("1");
        await slow.NextAsync();
        await ana.PostTextAsync("2");
        await ana.PostTextAsync("3");

        var told = new[] { await quick.NextAsync(), await quick.NextAsync(), await quick.NextAsync() };
        told.Select(message => message.Json.GetProperty("data").GetProperty("story").GetProperty("text").GetString())
            .Should()
            .Equal("1", "2", "3");
        slow.Count.Should().Be(0, "one attempt at a time");
        host.Clock.Advance(WebhookSender.Patience);
        (await ana.AttemptsAsync(hanging, 1))[0].GetProperty("error").GetString().Should().Be("no answer within 15 s");
        await slow.NextAsync();
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sent = AnswerWithoutEndAsync(listener);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync($"http://{listener.LocalEndpoint}/");

        await ana.PostTextAsync("x");

        (await ana.AttemptsAsync(hook, 1))[0].GetProperty("status").GetInt32().Should().Be(200);
        (await sent.WaitAsync(TimeSpan.FromSeconds(15))).Should().BeLessThan(32 << 20, "only what the system's own buffers take passes");
    }

    [Fact]
    public async Task Headers_without_end_are_not_taken_and_it_is_told_again()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.OK, [.. Enumerable.Range(0, 40).Select(i => ($"x-{i}", new string('x', 1024)))]);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver);

        await ana.PostTextAsync("x");
        var first = await receiver.NextAsync();
        var attempt = (await ana.AttemptsAsync(hook, 1))[0];

        attempt.GetProperty("status").ValueKind.Should().Be(JsonValueKind.Null, "an answer that cannot be read takes nothing");
        attempt.GetProperty("error").GetString().Should().Be("no answer that is HTTP: its headers are larger than 16 KB");
        receiver.Answer = context => Task.FromResult(context.Response.StatusCode = 204);
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        (await receiver.NextAsync()).Id.Should().Be(first.Id);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_told_in_words_and_it_is_tried_again()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync(TestCertificate.SelfSigned());
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver);

        await ana.PostTextAsync("x");
        var first = (await ana.AttemptsAsync(hook, 1))[0];
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        var second = (await ana.AttemptsAsync(hook, 2))[0];

        first.GetProperty("error").GetString().Should().Contain("its certificate is not trusted").And.NotContain("receivers-own");
        first.GetProperty("nextAt").GetDateTimeOffset().Should().BeAfter(first.GetProperty("at").GetDateTimeOffset());
        (second.GetProperty("attempt").GetInt32(), second.GetProperty("error").GetString())
            .Should()
            .Be((2, first.GetProperty("error").GetString()));
        receiver.Count.Should().Be(0, "nothing is said to somebody unknown");
    }

    // A web server would continue to accept bytes after the connection broke, and count bytes that were never sent.
    private static async Task<long> AnswerWithoutEndAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync();
        await socket.ReceiveAsync(new byte[64 * 1024]);
        await socket.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        byte[] chunk = [.. "10000\r\n"u8, .. new byte[64 * 1024], .. "\r\n"u8];
        var sent = 0L;
        try
        {
            while (true)
            {
                sent += await socket.SendAsync(chunk);
            }
        }
        catch (SocketException)
        {
            return sent;
        }
    }

    [Fact]
    public async Task Beyond_the_limit_the_oldest_makes_room_and_is_counted()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.ServiceUnavailable, ("Retry-After", "86400"));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver);
        var story = await ana.PostTextAsync("x");
        await ana.AttemptsAsync(hook, 1);

        var happened = new Announcement
        {
            Type = EventTypes.Posted,
            At = host.Clock.GetUtcNow(),
            StoryId = story,
            Author = 1,
            ShowsStory = true,
        };
        await host
            .Services.GetRequiredService<Database>()
            .CommitAsync(batch =>
            {
                for (var i = 0; i < Limits.WebhookQueue + 4; i++)
                {
                    batch.Raise(happened);
                }
                return true;
            });
        await host.RestartAsync();

        var state = await ana.StateAsync(hook);
        (state.GetProperty("waiting").GetInt32(), state.GetProperty("dropped").GetInt64()).Should().Be((Limits.WebhookQueue, 5));
    }

    [Fact]
    public void Pauses_grow_with_some_chance_in_them_and_end_after_three_days()
    {
        var pauses = Enumerable.Range(1, RetrySchedule.Attempts - 1).Select(attempt => RetrySchedule.PauseAfter(attempt)!.Value).ToArray();

        pauses.Should().BeInAscendingOrder();
        pauses[0].Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5)).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(6));
        pauses
            .Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause)
            .Should()
            .BeGreaterThan(TimeSpan.FromDays(3))
            .And.BeLessThan(TimeSpan.FromDays(4));
        RetrySchedule.PauseAfter(RetrySchedule.Attempts).Should().BeNull();
    }
}
