using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;
using static StoriesCli.Client.Tests.ScriptedServer;

namespace StoriesCli.Client.Tests.Api;

public class RetryTests
{
    private static readonly ApiClientOptions Quick = new() { Retries = 4, RetryPause = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task A_post_whose_answer_was_lost_is_sent_again_whole_and_with_the_same_key()
    {
        await using var server = new ScriptedServer(BreakOff, BreakOff, Answer(201, Samples.StoryJson()));
        using var client = server.Client();

        var story = await client.Stories.PostAsync(new() { Caption = "Hello" }, MediaUpload.FromBytes([1, 2, 3], "a.jpg"), "key-1");

        story.Id.Should().Be(Samples.Id);
        server.Requests.Should().HaveCount(3);
        server
            .Requests.Should()
            .OnlyContain(request => request.Headers["Idempotency-Key"] == "key-1" && request.Body.SequenceEqual(new byte[] { 1, 2, 3 }));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_server_that_is_unwell_for_a_moment_is_asked_again(int status)
    {
        await using var server = new ScriptedServer(Answer(status), Answer(200, Samples.EmptyPage));
        using var client = server.Client();

        (await client.Stories.ListAsync(new())).Items.Should().BeEmpty();

        server.Requests.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, true)]
    public async Task A_server_that_is_back_after_half_a_minute_is_reached_and_one_that_is_not_is_given_up(int fewest, bool reached)
    {
        var clock = new FakeTimeProvider();
        var back = clock.GetUtcNow().AddSeconds(reached ? 30 : 600);
        await using var server = new ScriptedServer([
            .. Enumerable.Repeat<Func<Stream, Received, Task>>(
                (stream, request) => Answer(clock.GetUtcNow() < back ? 503 : 200, Samples.EmptyPage)(stream, request),
                100
            ),
        ]);
        using var client = server.Client(new() { Clock = clock });

        var asking = client.Stories.ListAsync(new());
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            return asking.IsCompleted;
        });

        asking.IsCompletedSuccessfully.Should().Be(reached);
        server.Requests.Count.Should().BeInRange(fewest, 40, "a server that restarts is not overrun");
        (clock.GetUtcNow() - back.AddSeconds(reached ? -30 : -600))
            .Should()
            .BeGreaterThan(TimeSpan.FromSeconds(30))
            .And.BeLessThan(TimeSpan.FromSeconds(40));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(507)]
    public async Task A_refusal_is_final(int status)
    {
        await using var server = new ScriptedServer(Answer(status), Answer(200, Samples.EmptyPage));
        using var client = server.Client();

        var list = () => client.Stories.ListAsync(new());

        (await list.Should().ThrowAsync<ApiException>()).Which.Status.Should().Be(status);
        server.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task After_the_last_try_the_last_answer_is_the_error()
    {
        await using var server = new ScriptedServer(
            Answer(503),
            Answer(503),
            Answer(503),
            Answer(503),
            Answer(503),
            Answer(200, Samples.EmptyPage)
        );
        var notices = new ConcurrentQueue<RetryNotice>();
        using var client = server.Client(Quick with { OnRetry = notices.Enqueue });

        var list = () => client.Stories.ListAsync(new());

        (await list.Should().ThrowAsync<ApiException>()).Which.ExitCode.Should().Be(6);
        server.Requests.Should().HaveCount(5);
        notices.Select(notice => notice.Try).Should().Equal(2, 3, 4, 5);
        notices.Should().OnlyContain(notice => notice.Reason == "the server answered 503");
    }

    [Fact]
    public async Task No_retries_means_one_try()
    {
        await using var server = new ScriptedServer(Answer(503), Answer(200, Samples.EmptyPage));
        using var client = server.Client(Quick with { Retries = 0 });

        var list = () => client.Stories.ListAsync(new());

        await list.Should().ThrowAsync<ApiException>();
        server.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task Retry_After_decides_the_pause()
    {
        var clock = new FakeTimeProvider();
        await using var server = new ScriptedServer(Answer(503, headers: "Retry-After: 7\r\n"), Answer(200, Samples.EmptyPage));
        var noticed = new TaskCompletionSource<RetryNotice>();
        using var client = server.Client(Quick with { Clock = clock, OnRetry = noticed.SetResult });

        var list = client.Stories.ListAsync(new());
        (await noticed.Task).Pause.Should().Be(TimeSpan.FromSeconds(7));
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return list.IsCompleted;
        });

        (await list).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task A_Retry_After_that_nobody_waits_for_is_reported_at_once()
    {
        await using var server = new ScriptedServer(Answer(429, headers: "Retry-After: 3600\r\n"), Answer(200, Samples.EmptyPage));
        using var client = server.Client();

        var list = () => client.Stories.ListAsync(new());

        (await list.Should().ThrowAsync<ApiException>()).Which.RetryAfter.Should().Be(TimeSpan.FromHours(1));
        server.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task Joining_is_never_repeated_once_it_may_have_arrived()
    {
        await using var server = new ScriptedServer(BreakOff, Answer(409, Samples.Problem(Errors.HandleTaken, "ana is taken")));
        using var client = server.Client(token: null);

        var join = () => client.Accounts.JoinAsync(new() { Code = "sti_x", Handle = "ana" });

        await join.Should().ThrowAsync<ServerUnreachableException>();
        server.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task Joining_is_tried_again_where_the_connection_dropped_before_the_code_was_sent()
    {
        using var server = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        server.Start();
        using var client = new ApiClient(new($"http://{server.LocalEndpoint}"), null, Quick);

        var joining = client.Accounts.JoinAsync(new() { Code = "sti_x", Handle = "ana" });
        using (var dropped = await server.AcceptTcpClientAsync())
        {
            await dropped.GetStream().ReadExactlyAsync(new byte[4]);
        }
        using var second = await server.AcceptTcpClientAsync();
        await second.GetStream().WriteAsync("HTTP/1.1 409 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());

        (await joining.Awaiting(it => it).Should().ThrowAsync<ApiException>()).Which.Status.Should().Be(409);
    }

    [Fact]
    public async Task A_server_that_keeps_silent_is_given_up()
    {
        await using var server = new ScriptedServer(async (stream, _) => await stream.CopyToAsync(Stream.Null));
        using var client = server.Client(Quick with { Retries = 0, IdleTimeout = TimeSpan.FromMilliseconds(100) });

        var list = () => client.Stories.ListAsync(new());

        (await list.Should().ThrowAsync<ServerUnreachableException>()).WithMessage("*nothing moved for 0.1 s.");
    }

    [Fact]
    public async Task Cancelling_ends_a_pause_at_once()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new ScriptedServer(Answer(503));
        using var client = server.Client(new() { RetryPause = TimeSpan.FromHours(1), OnRetry = _ => cancel.Cancel() });

        var list = () => client.Stories.ListAsync(new(), cancel.Token);

        await list.Should().ThrowAsync<OperationCanceledException>();
    }
}
