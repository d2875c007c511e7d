using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.HostCommands.Status;
using StoriesCli.Server.Hosting;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Features.Media.MediaStoreTests;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>A bucket whose service takes requests and does not answer them, or only half, or that cannot be reached at all.</summary>
public sealed class SilentBucketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2),
        // What a machine with few processors needs beside it.
        Allowance = TimeSpan.FromSeconds(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-silent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Requests_to_a_service_that_does_not_answer_end_in_time_and_keep_no_other_waiting()
    {
        await using var host = await StartAsync();
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var (deleted, kept) = (await PostAsync(ana, Sound(20_000)), await PostAsync(ana, Sound(30_000)));
        await host.Server.StopAsync();
        host.LoseCopies();
        await host.Server.StartAgainAsync();
        host.Proxy.Decide = (_, _) => Fault.Hang;
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{deleted}", null)).Status.Should().Be(HttpStatusCode.NoContent);

        var post = TimedAsync(async () => await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync()));
        var looks = Enumerable.Range(0, 20).Select(_ => TimedAsync(() => ana.GetAsync($"/v1/stories/{kept}/media"))).ToList();
        var text = await TimedAsync(() => ana.PostJsonAsync("/v1/stories", """{ "text": "short" }"""));
        var list = await TimedAsync(() => ana.GetAsync("/v1/stories"));

        text.Answer.Status.Should().Be(HttpStatusCode.Created);
        list.Answer.Status.Should().Be(HttpStatusCode.OK);
        (text.Took + list.Took).Should().BeLessThan(Patience);
        foreach (var (answer, took) in await Task.WhenAll(looks.Append(post)))
        {
            (answer.Status, answer.Code).Should().Be((HttpStatusCode.ServiceUnavailable, "unavailable"));
            answer.Header("Retry-After").Should().NotBeNull();
            took.Should().BeLessThan((2 * Patience) + Allowance);
        }
        host.Proxy.Decide = (_, _) => Fault.None;
        (await ana.GetAsync($"/v1/stories/{kept}/media")).Status.Should().Be(HttpStatusCode.OK);
        host.Server.Clock.Advance(Sweeper.Interval);
        await Eventually.TrueAsync(async () => (await ana.GetAsync($"/v1/receipts/{deleted}")).Status == HttpStatusCode.OK);
        (await host.KeptAsync()).Should().Equal(kept);
    }

    [Fact]
    public async Task The_sweeper_goes_on_beside_a_service_that_does_not_answer_and_the_host_is_told()
    {
        await using var host = await StartAsync();
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        for (var i = 0; i < 20; i++)
        {
            await PostAsync(ana, Sound(10_000 + i));
        }
        host.Proxy.Decide = (_, _) => Fault.Hang;
        var sweeper = host.Server.Services.GetRequiredService<Sweeper>();
        var before = sweeper.Count;
        var watch = Stopwatch.StartNew();

        host.Server.Clock.Advance(TimeSpan.FromDays(2));
        await Eventually.TrueAsync(() => sweeper.Count > before, TimeSpan.FromSeconds(30));

        watch.Elapsed.Should().BeLessThan((2 * Patience) + Allowance, "a sweep asks it once");
        ((BucketStore)host.Store).UndeletedCount.Should().Be(20);
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        var ready = await ana.GetAsync("/readyz");
        (ready.Status, ready.Text.Contains("media: the bucket fails", StringComparison.Ordinal)).Should().Be((HttpStatusCode.OK, true));
        ready.Text.Should().NotContain(host.BucketName);
        var status = await host.Server.Services.GetRequiredService<StatusReporter>().ReportAsync([], default);
        status.Notes.Should().ContainMatch($"media: s3://{host.BucketName}/* did not answer within * s ago)");
        host.Proxy.Decide = (_, _) => Fault.None;
        await Eventually.TrueAsync(
            async () =>
            {
                host.Server.Clock.Advance(Sweeper.Interval);
                return (await host.KeptAsync()).Count == 0;
            },
            TimeSpan.FromSeconds(30)
        );
        await Eventually.TrueAsync(async () => (await ana.GetAsync("/readyz")).Text == "ready\n");
    }

    [Theory]
    [InlineData(Fault.HangInAnswer)]
    [InlineData(Fault.Hang)]
    public async Task A_backup_of_a_service_that_does_not_answer_fails_in_time_and_the_next_one_does_better(Fault fault)
    {
        await using var host = await StartAsync(o =>
            o with
            {
                Backups = new() { Every = TimeSpan.FromDays(1), Folder = _folder },
            }
        );
        var backups = host.Server.Services.GetRequiredService<ScheduledBackups>();
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        await Eventually.TrueAsync(() => Directory.EnumerateFiles(_folder).Any());
        var id = (await ana.PutAsync("/v1/stories?ttl=3d", Sound(200_000))).Json.GetProperty("id").GetString()!;
        host.Proxy.Decide = (method, path) => method == "GET" && path.EndsWith(id, StringComparison.Ordinal) ? fault : Fault.None;

        var watch = Stopwatch.StartNew();
        host.Server.Clock.Advance(TimeSpan.FromDays(1));
        await Eventually.TrueAsync(() => backups.Fault is not null, TimeSpan.FromSeconds(30));

        watch.Elapsed.Should().BeLessThan((2 * Patience) + Allowance);
        backups.Fault.Should().Contain("did not answer within");
        host.Proxy.Decide = (_, _) => Fault.None;
        host.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.TrueAsync(() => Directory.EnumerateFiles(_folder, "*.tar").Count() == 2, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_connection_that_something_on_the_way_has_forgotten_is_replaced()
    {
        await using var host = await StartAsync();
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var id = await PostAsync(ana, Sound(20_000));
        await host.Server.StopAsync();
        host.LoseCopies();
        await host.Server.StartAgainAsync();
        var faults = new Queue<Fault>([Fault.Hang]);
        host.Proxy.Decide = (method, path) =>
            method == "GET" && path.EndsWith(id, StringComparison.Ordinal) && faults.TryDequeue(out var fault) ? fault : Fault.None;

        (await ana.GetAsync($"/v1/stories/{id}/media")).Status.Should().Be(HttpStatusCode.OK);

        faults.Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_that_is_cut_off_from_the_bucket_alone_takes_texts_and_goes_on_when_it_is_back()
    {
        var service = await SwiftServer.SharedAsync();
        using var gate = new NetworkGate(service.Url);
        await using var host = await StartAsync(o => o with { S3 = service.Settings(gate.Url) with { Retries = 2 } });
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var (first, ended) = (await PostAsync(ana, Sound(20_000)), await PostAsync(ana, Sound(30_000)));

        gate.Close();

        var refused = await TimedAsync(async () => await ana.PutAsync("/v1/stories", Sound(40_000), ("Idempotency-Key", "one")));
        (refused.Answer.Status, refused.Answer.Code).Should().Be((HttpStatusCode.ServiceUnavailable, "unavailable"));
        refused.Took.Should().BeLessThan(TimeSpan.FromSeconds(10));
        (await ana.PostJsonAsync("/v1/stories", """{ "text": "short" }""")).Status.Should().Be(HttpStatusCode.Created);
        (await ana.GetAsync($"/v1/stories/{first}/media")).Status.Should().Be(HttpStatusCode.OK, "there is a copy");
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{ended}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await ana.GetAsync($"/v1/stories/{ended}/media")).Status.Should().Be(HttpStatusCode.Gone);
        (await ana.GetAsync($"/v1/receipts/{ended}")).Status.Should().Be(HttpStatusCode.Gone, "nobody has confirmed it");
        (await ana.GetAsync("/readyz")).Text.Should().Contain("media: the bucket fails");
        gate.Open();
        var again = await ana.PutAsync("/v1/stories", Sound(40_000), ("Idempotency-Key", "one"));
        again.Status.Should().Be(HttpStatusCode.Created);
        host.Server.Clock.Advance(Sweeper.Interval);
        await Eventually.TrueAsync(async () => (await ana.GetAsync($"/v1/receipts/{ended}")).Status == HttpStatusCode.OK);
        (await host.KeptAsync()).Should().BeEquivalentTo([first, again.Json.GetProperty("id").GetString()]);
        (await ana.GetAsync("/readyz")).Text.Should().Be("ready\n");
    }

    private static Task<StoreHost> StartAsync(Func<ServerOptions, ServerOptions>? configure = null) =>
        StoreHost.StartAsync(
            StoreHost.Bucket,
            configure: o => (configure ?? (it => it))(o with { S3 = o.S3 with { Patience = Patience, Retries = 1 } })
        );

    private static async Task<(WireAnswer Answer, TimeSpan Took)> TimedAsync(Func<Task<WireAnswer>> send)
    {
        var watch = Stopwatch.StartNew();
        return (await send(), watch.Elapsed);
    }
}
