using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Mutes;
using StoriesCli.Server.Features.Shares;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Features.Webhooks;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;
using StoriesCli.Server.Tests.Features.Webhooks;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>Deleting old rows keeps up with adding new ones.</summary>
public sealed class ExpiredRowTests
{
    // More rows than one commit takes, of any kind.
    private const int Many = 700;

    [Fact]
    public async Task One_sweep_forgets_all_that_is_over()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        var now = host.Clock.GetUtcNow();
        string[] ids = [.. Enumerable.Range(0, Many).Select(i => $"{i:x26}")];
        await host
            .Services.GetRequiredService<Database>()
            .CommitAsync(batch =>
            {
                foreach (var id in ids)
                {
                    batch.Insert(IdempotencyRow.Collection, new($"1:{id}", "f", 201, id, now));
                    batch.Insert(TombstoneRow.Collection, new(id, 1, null, new('0', 64), TombstoneRow.Expired, now));
                    batch.Insert(MuteRow.Collection, new(1, null, id, now.AddHours(1)));
                    batch.Insert(ShareRow.Collection, new(id, id, id, 1, now, now.AddHours(1)));
                    batch.Insert(TokenRow.Collection, new(id, 1, "ci", id, [Scopes.Read], now, now.AddHours(1), null));
                }
                return true;
            });

        // The clock advances while the server is down, so that everything happens in one sweep.
        await host.RestartAsync(away: TimeSpan.FromDays(100));

        await Eventually.TrueAsync(async () => await CountAsync(host, ids) == 0);
        (await ana.GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.OK, "a token that holds stays");
    }

    [Fact]
    public async Task Idempotency_keys_of_an_account_have_a_limit_until_they_are_forgotten()
    {
        using var directory = DataDirectory.Open(Directory.CreateTempSubdirectory("stories-test-").FullName);
        await using var database = new Database(directory, NullLogger<Database>.Instance);
        var clock = new FakeTimeProvider();
        var store = new IdempotencyStore(database, clock, keysMaximum: 3);
        await database.OpenAsync();
        Task RememberAsync(int account, string key) => store.RememberAsync(new(new(account, key), "f"), 201, "x", CancellationToken.None);
        foreach (var key in new[] { "a", "b", "c" })
            await RememberAsync(1, key);

        var oneMore = () => RememberAsync(1, "d");
        (await oneMore.Should().ThrowAsync<ApiProblem>())
            .Which.Should()
            .Match<ApiProblem>(it =>
                it.Error == Errors.RateLimited && it.Message.Contains("3 Idempotency-Keys within 24 hours") && it.RetryAfter > TimeSpan.Zero
            );
        await RememberAsync(11, "d");
        clock.Advance(Limits.IdempotencyLife);
        await store.DeleteExpiredAsync(CancellationToken.None);
        await RememberAsync(1, "d");

        store.Find(new(1, "d")).Should().NotBeNull();
        store.Find(new(1, "a")).Should().BeNull();
    }

    private static async Task<int> CountAsync(ServerHost host, string[] ids)
    {
        var database = host.Services.GetRequiredService<Database>();
        var range = new RowRange { Limit = 2 };
        var keys = await database.ReadAsync(IdempotencyRow.Collection, range);
        var tombstones = await database.ReadAsync(TombstoneRow.Collection, range);
        var mutes = await database.ReadAsync(MuteRow.Collection, range);
        var shares = await database.ReadAsync(ShareRow.Collection, range);
        var tokens = await database.ReadAsync(TokenRow.Collection, range);
        return keys.Count + tombstones.Count + mutes.Count + shares.Count + tokens.Count(row => ids.Contains(row.Id));
    }

    [Fact]
    public async Task A_mass_expiry_is_lost_to_no_webhook_and_posts_go_on_meanwhile()
    {
        // More than may wait for the disk at a time, and more than one webhook's queue holds.
        const int Count = 1_500;
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.ServiceUnavailable, ("Retry-After", "86400"));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await PostManyAsync(host, ana, Count);
        var (hook, _) = await ana.HookAsync(receiver, "story.expired");

        host.Clock.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 50; i++)
        {
            (await ana.PostJsonAsync("/v1/stories", """{ "text": "meanwhile" }""")).Status.Should().Be(HttpStatusCode.Created);
        }
        await Eventually.TrueAsync(async () => (await ana.StateAsync(hook)).GetProperty("waiting").GetInt32() >= Limits.WebhookQueue / 2);
        await host.RestartAsync();

        var state = await ana.StateAsync(hook);
        (state.GetProperty("waiting").GetInt32(), state.GetProperty("dropped").GetInt64())
            .Should()
            .Be((Limits.WebhookQueue, Count - Limits.WebhookQueue), "each is told, waits, or is counted");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kill_in_the_middle_of_a_mass_expiry_is_lost_to_no_webhook(bool isSwept)
    {
        const int Count = 1_200;
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.ServiceUnavailable, ("Retry-After", "86400"));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await PostManyAsync(host, ana, Count);
        var (hook, _) = await ana.HookAsync(receiver, "story.expired");
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await Eventually.TrueAsync(async () => (await ana.StateAsync(hook)).GetProperty("waiting").GetInt32() >= Limits.WebhookQueue / 2);
        if (isSwept)
        {
            host.Clock.Advance(Sweeper.Interval);
            var stories = host.Services.GetRequiredService<StoryInventory>();
            await Eventually.TrueAsync(() => stories.Count == 0);
        }

        // A copy shows what a kill leaves: no stop has written what waits in memory.
        var copy = await LiveCopy.MakeAsync(host.DataPath, path => Path.GetFileName(path) is not ("lock" or DiskReserve.FileName));
        await using var killed = await ServerHost.OpenAsync(copy, host.Clock.GetUtcNow());
        // Stopping writes everything that is left.
        await killed.RestartAsync();
        var webhooks = killed.Services.GetRequiredService<WebhookStore>();
        var entry = webhooks.Find(hook)!;
        (entry.Waiting.Count + entry.Row.Dropped).Should().Be(Count, "each is told, waits or is counted, and once");
        entry.Waiting.Values.Select(it => it.Happened.StoryId).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Where_very_many_expire_a_receiver_is_told_of_all_as_fast_as_it_takes_them()
    {
        var count = Environment.GetEnvironmentVariable("STORIES_LONG") == "1" ? 20_000 : 20;
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await PostManyAsync(host, ana, count);
        var (hook, _) = await ana.HookAsync(receiver, "story.expired");

        host.Clock.Advance(TimeSpan.FromMinutes(5));
        var told = new HashSet<string>();
        while (told.Count < count)
        {
            told.Add((await receiver.NextAsync()).StoryId);
        }

        (await ana.StateAsync(hook)).GetProperty("dropped").GetInt64().Should().Be(0);
        host.Clock.Advance(Sweeper.Interval);
        await Eventually.TrueAsync(
            () => host.Services.GetRequiredService<StoryInventory>().OldestExpired == TimeSpan.Zero,
            within: TimeSpan.FromSeconds(15 + (count / 200))
        );
    }

    /// <summary>Posts many stories of five minutes at once, without files.</summary>
    private static async Task PostManyAsync(ServerHost host, Wire ana, int count)
    {
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "ttl": "5m" }""")).Json.GetProperty("id").GetString()!;
        var stories = host.Services.GetRequiredService<StoryStore>();
        var ids = host.Services.GetRequiredService<Ids>();
        var row = stories.Current.ById[id].Row;
        foreach (var batch in Enumerable.Range(1, count - 1).Chunk(500))
        {
            await Task.WhenAll(batch.Select(_ => stories.PostAsync(row with { Id = ids.Next() }, key: null, "", CancellationToken.None)));
        }
    }

    [Fact]
    public void Due_events_of_webhooks_that_are_behind_have_a_limit()
    {
        var due = new DueEvents();
        Server.Features.Events.Announcement Happened(int i) =>
            new()
            {
                Type = EventTypes.Expired,
                At = DateTimeOffset.UnixEpoch,
                StoryId = $"{i}",
                Author = 1,
            };
        due.Add(["slow", "quick"], [Happened(0)]);
        due.Advance("quick", due.Peek("quick", _ => true, 10)!.Value.Next);

        var dropped = due.Add(["slow", "quick"], [.. Enumerable.Range(1, DueEvents.Remembered + 4).Select(Happened)]);

        dropped.Should().BeEquivalentTo(new Dictionary<string, int> { ["slow"] = 5, ["quick"] = 4 });
        due.Peek("slow", _ => true, 1)!.Value.Events.Single().StoryId.Should().Be("5");
        due.Peek("quick", happened => happened.StoryId == "7", int.MaxValue)!.Value.Events.Single().StoryId.Should().Be("7");
        due.Advance("slow", long.MaxValue / 2);
        due.Peek("gone", _ => true, 1).Should().BeNull();
    }
}
