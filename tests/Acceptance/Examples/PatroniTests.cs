using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using StoriesCli.Testing;
using Xunit.Abstractions;

namespace StoriesCli.Acceptance.Examples;

/// <summary>The examples for patroni: the box that leads is killed under posting, and the other takes over by itself.</summary>
public sealed class PatroniTests(ITestOutputHelper output)
{
    private const int Kills = 2;
    private static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [LongFact]
    public async Task A_killed_box_is_replaced_by_the_other_and_nothing_acknowledged_is_lost()
    {
        await using var pair = new PatroniPair();
        await pair.StartAsync();
        await using var server = await RealServer.StartAsync("--database", pair.Url);
        var ana = await server.JoinAsync("ana");
        using var wire = new Wire(() => server.Url, ana.Token);
        var posted = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var posting = Task.Run(PostAsync);
        await MorePostsAsync();

        for (var kill = 0; kill < Kills; kill++)
        {
            var killed = await pair.KillLeaderAsync();
            var watch = Stopwatch.StartNew();
            // Backends of the killed box can take some more.
            await pair.UntilLeadsAsync(1 - killed);
            await MorePostsAsync();
            output.WriteLine(
                $"measured: posts go on {watch.Elapsed.TotalSeconds:0} s after patroni and PostgreSQL of the leader are killed"
            );
            await pair.StartAgainAsync(killed);
        }
        await stop.CancelAsync();
        await posting;

        var listed = (await ana.StoriesAsync("list", "--quiet", "--all"))
            .Succeeded()
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        listed
            .Order(StringComparer.Ordinal)
            .Should()
            .Equal(posted.Order(StringComparer.Ordinal), "nothing acknowledged is lost, and one key has one effect");

        async Task PostAsync()
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                // The last one is finished too: it may be there already.
                while (await TryPostAsync($"card-{i}") is false)
                {
                    await Task.Delay(Pause);
                }
                // An account may use only so many keys a day.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }

        async Task<bool> TryPostAsync(string text)
        {
            try
            {
                var answer = await wire.PostJsonAsync("/v1/stories", JsonSerializer.Serialize(new { text }), ("Idempotency-Key", text));
                if (answer.Status == HttpStatusCode.Created)
                {
                    posted.Enqueue(answer.Json.GetProperty("id").GetString()!);
                    return true;
                }
                answer.Status.Should().Be(HttpStatusCode.ServiceUnavailable, answer.Text);
            }
            catch (HttpRequestException)
            {
                // It is sent again with its key.
            }
            return false;
        }

        async Task MorePostsAsync()
        {
            var wanted = posted.Count + 20;
            await Eventually.TrueAsync(() => posted.Count >= wanted || posting.IsCompleted, GoesOnWithin);
            if (posting.IsCompleted)
            {
                await posting;
            }
        }
    }
}
