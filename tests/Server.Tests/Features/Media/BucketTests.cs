using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Features.Media.MediaStoreTests;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>A bucket whose service is slow, overloaded, cut off, or lies.</summary>
public sealed class BucketTests
{
    private const int InParts = 20_000_000;

    [Fact]
    public async Task A_post_waits_for_a_slow_service_and_tries_again_where_it_is_overloaded_or_cuts_the_connection()
    {
        await using var host = await StoreHost.StartAsync(
            StoreHost.Bucket,
            configure: o => o with { Media = o.Media with { AudioBytes = InParts } }
        );
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var faults = new Queue<Fault>([Fault.Slow, Fault.SlowDown, Fault.CutUpload]);
        host.Proxy.Decide = (method, _) => method == "PUT" && faults.TryDequeue(out var fault) ? fault : Fault.None;

        var sound = Sound(InParts);
        var id = await PostAsync(ana, sound);

        faults.Should().BeEmpty();
        await host.Server.StopAsync();
        host.LoseCopies();
        await host.Server.StartAgainAsync();
        (await ana.GetAsync($"/v1/stories/{id}/media")).Body.Should().Equal(sound);
    }

    [Theory]
    [InlineData(Fault.SlowDown)]
    [InlineData(Fault.CutUpload)]
    public async Task A_post_that_cannot_be_kept_is_refused_with_503_and_leaves_nothing(Fault fault)
    {
        await using var host = await StoreHost.StartAsync(StoreHost.Bucket);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        host.Proxy.Decide = (method, _) => method == "PUT" ? fault : Fault.None;
        var before = host.Proxy.Requests;

        var refused = await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync(), ("Idempotency-Key", "one"));

        (refused.Status, refused.Code).Should().Be((HttpStatusCode.ServiceUnavailable, "unavailable"));
        refused.Header("Retry-After").Should().NotBeNull();
        refused.Detail.Should().NotContain(host.BucketName, "who posts need not know where media are kept");
        (host.Proxy.Requests - before).Should().BeInRange(2, 20, "it tries again, and not for ever");
        Directory.EnumerateFiles(Path.Combine(host.Server.DataPath, "tmp")).Should().OnlyContain(path => path.EndsWith(".arriving"));
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        host.Proxy.Decide = (_, _) => Fault.None;
        var again = await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync(), ("Idempotency-Key", "one"));
        again.Status.Should().Be(HttpStatusCode.Created);
        host.Server.Clock.Advance(TimeSpan.FromSeconds(31));
        await Eventually.TrueAsync(() => !Directory.EnumerateFiles(Path.Combine(host.Server.DataPath, "tmp")).Any());
        (await host.KeptAsync()).Should().Equal(again.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_object_that_arrived_although_its_post_was_refused_is_removed()
    {
        await using var host = await StoreHost.StartAsync(StoreHost.Bucket);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        // It passes the upload on, and answers nothing that can be read.
        host.Proxy.Decide = (method, _) =>
            method == "PUT" ? Fault.CutAnswer
            : method == "DELETE" ? Fault.SlowDown
            : Fault.None;
        (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await host.KeptAsync()).Should().ContainSingle();

        await host.Server.StopAsync();
        host.Proxy.Decide = (_, _) => Fault.None;
        await host.Server.StartAgainAsync();

        await Eventually.TrueAsync(async () => (await host.KeptAsync()).Count == 0);
    }

    [Fact]
    public async Task There_is_no_receipt_while_a_deletion_is_not_confirmed_and_a_lie_about_one_is_seen()
    {
        await using var host = await StoreHost.StartAsync(StoreHost.Bucket);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        foreach (var fault in (Fault[])[Fault.SlowDown, Fault.LieAboutDelete])
        {
            var id = await PostAsync(ana, await TestMedia.JpegAsync());
            host.Proxy.Decide = (method, _) => method == "DELETE" ? fault : Fault.None;

            (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);

            (await ana.GetAsync($"/v1/stories/{id}/media")).Code.Should().Be("story_deleted");
            (await ana.GetAsync($"/v1/receipts/{id}")).Status.Should().Be(HttpStatusCode.Gone);
            host.Here(id).Should().BeEmpty("the copies are gone whatever the service does");
            ((BucketStore)host.Store).UndeletedCount.Should().Be(1);
            host.Server.Clock.Advance(TimeSpan.FromSeconds(31));
            await Eventually.TrueAsync(() => host.Server.Services.GetRequiredService<Sweeper>().Count > 0);
            (await ana.GetAsync($"/v1/receipts/{id}")).Status.Should().Be(HttpStatusCode.Gone);
            host.Proxy.Decide = (_, _) => Fault.None;
            host.Server.Clock.Advance(TimeSpan.FromSeconds(31));
            await Eventually.TrueAsync(async () => (await ana.GetAsync($"/v1/receipts/{id}")).Status == HttpStatusCode.OK);
            (await host.KeptAsync()).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task What_was_damaged_on_its_way_is_read_again_and_never_served()
    {
        await using var host = await StoreHost.StartAsync(StoreHost.Bucket);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var sound = Sound(2_000_000);
        var id = await PostAsync(ana, sound);
        await host.Server.StopAsync();
        host.LoseCopies();
        await host.Server.StartAgainAsync();
        var faults = new Queue<Fault>([Fault.CutAnswer, Fault.WrongBytes]);
        host.Proxy.Decide = (method, path) => method == "GET" && path.EndsWith(id) && faults.TryDequeue(out var fault) ? fault : Fault.None;

        (await ana.GetAsync($"/v1/stories/{id}/media")).Body.Should().Equal(sound);

        faults.Should().BeEmpty();
        var path = host.Here(id).Single();
        var spoilt = await File.ReadAllBytesAsync(path);
        spoilt[1_000_000] ^= 1;
        await File.WriteAllBytesAsync(path, spoilt);
        var whole = () => ana.GetAsync($"/v1/stories/{id}/media");
        await whole.Should().ThrowAsync<HttpRequestException>("a damaged copy breaks off");
        (await ana.GetAsync($"/v1/stories/{id}/media")).Body.Should().Equal(sound, "and another one is made");
    }

    [Fact]
    public async Task Readers_of_one_file_share_one_copy_and_the_copies_have_a_bound()
    {
        const int Size = 1_500_000;
        await using var host = await StoreHost.StartAsync(StoreHost.Bucket, configure: o => o with { MediaCacheBytes = 2 * Size });
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await PostAsync(ana, Sound(Size - i)));
        }
        var reads = 0;
        host.Proxy.Decide = (method, path) =>
        {
            if (method == "GET" && path.EndsWith(ids[0]))
            {
                Interlocked.Increment(ref reads);
                return Fault.Slow;
            }
            return Fault.None;
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ana.GetAsync($"/v1/stories/{ids[0]}/media")));

        answers.Should().OnlyContain(answer => answer.Body.Length == Size);
        reads.Should().Be(1);
        foreach (var id in ids.Concat(ids))
        {
            (await ana.GetAsync($"/v1/stories/{id}/media")).Status.Should().Be(HttpStatusCode.OK);
            Directory
                .EnumerateFiles(Path.Combine(host.Server.DataPath, "media-cache"), "*", SearchOption.AllDirectories)
                .Sum(file => new FileInfo(file).Length)
                .Should()
                .BeLessThanOrEqualTo(2 * Size);
        }
    }

    [Fact]
    public async Task A_server_that_follows_removes_the_copies_of_what_has_ended_elsewhere()
    {
        await using var host = await StoreHost.StartAsync(StoreHost.Bucket);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var stays = await PostAsync(ana, await TestMedia.JpegAsync());
        var copy = host.Here(stays).Single();
        var ended = Path.Combine(Path.GetDirectoryName(copy)!, "01aaaaaaaaaaaaaaaaaaaaaaaa.p40.jpg");
        await File.WriteAllTextAsync(ended, "of a story that another server has ended");

        host.Server.Services.GetRequiredService<UnknownMedia>().SweepCopies(default);

        File.Exists(ended).Should().BeFalse();
        File.Exists(copy).Should().BeTrue();
    }

    [Fact]
    public async Task While_the_service_is_away_files_are_unavailable_and_not_damaged_and_all_else_goes_on()
    {
        await using var host = await StoreHost.StartAsync(StoreHost.Bucket);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var id = await PostAsync(ana, Sound(2_000_000));
        await host.Server.StopAsync();
        host.LoseCopies();
        await host.Server.StartAgainAsync();
        host.Proxy.Decide = (_, _) => Fault.SlowDown;

        (await ana.GetAsync($"/v1/stories/{id}/media")).Code.Should().Be("unavailable");

        (await ana.PostJsonAsync("/v1/stories", """{ "text": "short" }""")).Status.Should().Be(HttpStatusCode.Created);
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(2);
        host.Proxy.Decide = (_, _) => Fault.None;
        (await ana.GetAsync($"/v1/stories/{id}/media")).Status.Should().Be(HttpStatusCode.OK);
        host.Server.Services.GetRequiredService<DamagedMedia>().Count.Should().Be(0);
    }

    [Fact]
    public async Task A_bucket_with_versions_is_refused_unless_the_host_accepts_it_and_then_receipts_say_so()
    {
        var refused = () => StoreHost.StartAsync(StoreHost.Bucket, isVersioned: true);
        (await refused.Should().ThrowAsync<OptionUnusableException>()).Which.Message.Should().Contain("--s3-versioned accept");

        await using var host = await StoreHost.StartAsync(
            StoreHost.Bucket,
            isVersioned: true,
            o => o with { S3 = o.S3 with { AcceptsVersions = true } }
        );
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        var id = await PostAsync(ana, await TestMedia.JpegAsync());
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await ana.GetAsync($"/v1/receipts/{id}")).Json.GetProperty("versionsKept").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task A_start_that_cannot_use_the_bucket_says_why()
    {
        var service = await SwiftServer.SharedAsync();
        var settings = service.Settings() with { Retries = 0, Patience = TimeSpan.FromSeconds(5) };
        var wrong = Path.GetTempFileName();
        await File.WriteAllTextAsync(wrong, "[default]\naws_access_key_id = test:tester\naws_secret_access_key = not-the-secret\n");
        var none = Path.GetTempFileName();

        (await FaultAsync(new("no-such-bucket", ""), settings)).Should().Contain("there is no bucket \"no-such-bucket\"");
        (await FaultAsync(new("bucket", ""), settings with { CredentialsFile = wrong }))
            .Should()
            .Contain("refuses the credentials")
            .And.NotContain("not-the-secret");
        (await FaultAsync(new("bucket", ""), settings with { CredentialsFile = none })).Should().Contain("has no section [default]");
        (await FaultAsync(new("bucket", ""), settings with { Endpoint = new("http://127.0.0.1:1") })).Should().Contain("could not");
        (await FaultAsync(new("bucket", ""), settings with { Endpoint = new("http://192.0.2.1") })).Should().Contain("use https");
        File.Delete(wrong);
        File.Delete(none);
    }

    [Fact]
    public async Task A_data_directory_remembers_where_its_media_are()
    {
        await using var host = await StoreHost.StartAsync(StoreHost.Bucket);
        using var ana = host.Server.Wire(await host.Server.JoinAsync("ana"));
        await PostAsync(ana, await TestMedia.JpegAsync());
        await host.Server.StopAsync();

        var without = () => ServerHost.OpenAsync(host.Server.DataPath, host.Server.Clock.GetUtcNow());

        (await without.Should().ThrowAsync<OptionUnusableException>())
            .Which.Message.Should()
            .Contain($"--media s3://{host.BucketName}/{StoreHost.Prefix}");
        await host.Server.StartAgainAsync();
    }

    private static async Task<string> FaultAsync(BucketAddress address, BucketSettings settings)
    {
        var verify = async () =>
        {
            using var bucket = new Bucket(address, settings);
            await bucket.VerifyAsync(default);
        };
        return (await verify.Should().ThrowAsync<BucketUnavailableException>()).Which.Message;
    }
}
