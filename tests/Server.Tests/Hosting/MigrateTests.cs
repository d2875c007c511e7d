using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Tests.Features.Live;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Features.Media.MediaStoreTests;

namespace StoriesCli.Server.Tests.Hosting;

/// <summary>Moving a data directory's media into a bucket of a real S3 service, and back.</summary>
public sealed class MigrateTests : IDisposable
{
    private const int Files = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-migrate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Media_move_into_a_bucket_and_back_an_interrupted_move_goes_on_and_the_source_stays()
    {
        var service = await SwiftServer.SharedAsync();
        var bucket = new BucketAddress(await service.MakeBucketAsync(), "media");
        await using var proxy = await FaultProxy.StartAsync(service.Url);
        var settings = service.Settings(proxy.Url) with { Retries = 0 };
        await using var old = await ServerHost.StartAsync();
        var token = await old.JoinAsync("ana");
        using var ana = old.Wire(token);
        var sounds = new Dictionary<string, byte[]>();
        for (var i = 0; i < Files; i++)
        {
            var sound = Sound(300_000 + i);
            sounds[await PostAsync(ana, sound)] = sound;
        }
        var live = await ana.BeginAsync();
        await ana.OutputAsync(live, 0, LiveHost.Line("hello"));
        await old.StopAsync();
        var before = Snapshot(old.DataPath);

        var puts = 0;
        proxy.Decide = (method, path) =>
            method == "PUT" && sounds.Keys.Any(path.EndsWith) && Interlocked.Increment(ref puts) > Files / 2 ? Fault.CutUpload : Fault.None;
        var there = Path.Combine(_folder, "there");
        var interrupted = () => MoveAsync(old.DataPath, there, settings, bucket);
        await interrupted.Should().ThrowAsync<BucketUnavailableException>();
        var start = () => ServerHost.OpenAsync(there, old.Clock.GetUtcNow());
        await start.Should().ThrowAsync<StoriesCli.Server.Storage.DataDirectoryException>("half a move is no data directory");

        puts = 0;
        proxy.Decide = (method, path) =>
        {
            if (method == "PUT" && sounds.Keys.Any(path.EndsWith))
            {
                Interlocked.Increment(ref puts);
            }
            return Fault.None;
        };
        var report = await MoveAsync(old.DataPath, there, settings, bucket);
        (report.Files, report.WereThere, report.Damaged.Count, puts).Should().Be((Files, Files / 2, 0, Files - (Files / 2)));
        Snapshot(old.DataPath).Should().BeEquivalentTo(before, "the source is only read");
        (await service.KeysAsync(bucket.Bucket)).Should().HaveCount(Files);

        var back = Path.Combine(_folder, "back");
        (await MoveAsync(there, back, settings, bucket: null)).Files.Should().Be(Files);
        foreach (var (data, kept) in new[] { (there, bucket), (back, null) })
        {
            await using var host = await ServerHost.OpenAsync(
                data,
                old.Clock.GetUtcNow(),
                o => o with { MediaBucket = kept, S3 = settings }
            );
            using var reader = host.Wire(token);
            foreach (var (id, sound) in sounds)
            {
                (await reader.GetAsync($"/v1/stories/{id}/media")).Body.Should().Equal(sound);
            }
            (await reader.EndAsync(live)).Status.Should().Be(System.Net.HttpStatusCode.OK);
            (await reader.GetAsync($"/v1/stories/{live}/media")).Text.Should().Contain("hello");
        }
    }

    [Fact]
    public async Task What_is_damaged_before_is_named_and_a_directory_that_is_in_use_is_refused()
    {
        await using var old = await ServerHost.StartAsync();
        using var ana = old.Wire(await old.JoinAsync("ana"));
        var (whole, lost) = (await PostAsync(ana, Sound(10_000)), await PostAsync(ana, Sound(20_000)));
        var running = () => MoveAsync(old.DataPath, Path.Combine(_folder, "new"), new(), bucket: null);
        await running.Should().ThrowAsync<StoriesCli.Server.Storage.DataDirectoryException>().WithMessage("*in use*");
        await old.StopAsync();
        File.Delete(Directory.EnumerateFiles(old.DataPath, lost, SearchOption.AllDirectories).Single());

        var report = await MoveAsync(old.DataPath, Path.Combine(_folder, "new"), new(), bucket: null);

        report.Damaged.Should().ContainSingle().Which.Should().Be((lost, "is missing"));
        Directory.EnumerateFiles(Path.Combine(_folder, "new", "media"), whole, SearchOption.AllDirectories).Should().ContainSingle();
        var again = () => MoveAsync(old.DataPath, Path.Combine(_folder, "new"), new(), bucket: null);
        await again.Should().ThrowAsync<StoriesCli.Server.Storage.DataDirectoryException>().WithMessage("*is not empty*");
    }

    [Fact]
    public async Task A_place_that_somebody_else_uses_is_refused_and_stays()
    {
        var service = await SwiftServer.SharedAsync();
        var bucket = new BucketAddress(await service.MakeBucketAsync(), "media");
        await using var other = await ServerHost.StartAsync();
        using var bob = other.Wire(await other.JoinAsync("bob"));
        await PostAsync(bob, Sound(20_000));
        await other.StopAsync();
        await MoveAsync(other.DataPath, Path.Combine(_folder, "others"), service.Settings(), bucket);
        await using var mine = await ServerHost.StartAsync();
        using var ana = mine.Wire(await mine.JoinAsync("ana"));
        await PostAsync(ana, Sound(10_000));
        await mine.StopAsync();
        var before = await service.KeysAsync(bucket.Bucket);

        var move = () => MoveAsync(mine.DataPath, Path.Combine(_folder, "mine"), service.Settings(), bucket);

        await move.Should()
            .ThrowAsync<StoriesCli.Server.Storage.DataDirectoryException>()
            .WithMessage("*holds 1 file that *does not know*name a place that nobody uses.");
        (await service.KeysAsync(bucket.Bucket)).Should().Equal(before);
    }

    private static Task<MoveReport> MoveAsync(string from, string to, BucketSettings settings, BucketAddress? bucket) =>
        DataMove.RunAsync(
            from,
            fromDatabase: null,
            new()
            {
                Data = to,
                Listen = [ListenAddress.Default],
                MediaBucket = bucket,
                S3 = settings,
                DiskFloorBytes = 0,
                LogLevel = "error",
            },
            global::Program.Build,
            default
        );

    /// <summary>Every file with its content, but for the lock that a look takes.</summary>
    private static Dictionary<string, string> Snapshot(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "lock")
            .ToDictionary(
                path => Path.GetRelativePath(folder, path),
                path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))
            );
}
