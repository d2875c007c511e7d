using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Contracts.Backups;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.HostCommands.Status;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

/// <summary>Backups that the server takes by itself, in a folder and in a bucket of a real S3 service.</summary>
public sealed class ScheduledBackupTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-scheduled-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_newest_are_kept_in_a_folder_and_others_files_are_left_alone()
    {
        var target = Path.Combine(_folder, "backups");
        Directory.CreateDirectory(target);
        await File.WriteAllTextAsync(Path.Combine(target, "stories-20200101-000000.tar"), "of somebody else");
        await File.WriteAllTextAsync(Path.Combine(target, ".stories-scheduled-1.part"), "of a killed server");
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                Backups = new()
                {
                    Every = Day,
                    Keep = 2,
                    Folder = target,
                },
            }
        );
        await host.JoinAsync("ana");
        await Eventually.TrueAsync(() => Scheduled(target).Length == 1);
        Backups(host).Age.Should().BeLessThan(TimeSpan.FromMinutes(1));

        await host.RestartAsync(away: TimeSpan.FromHours(12));
        await Eventually.TrueAsync(() => Backups(host).Age == TimeSpan.FromHours(12));
        Scheduled(target).Should().ContainSingle("the next is due a day after the one that is there, whatever was restarted meanwhile");
        for (var day = 0; day < 3; day++)
        {
            await host.Owner().Stories.PostTextAsync(new NewStory { Text = $"day {day}" }, $"{day}");
            await host.RestartAsync(away: Day);
            await Eventually.TrueAsync(() => Backups(host).Age < TimeSpan.FromHours(1));
        }

        await Eventually.TrueAsync(() => Scheduled(target).Length == 2);
        Directory.GetFiles(target).Should().HaveCount(3).And.Contain(path => path.EndsWith("stories-20200101-000000.tar"));
        File.GetUnixFileMode(Scheduled(target)[^1]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var options = await RestoreAsync(Scheduled(target)[^1], new());
        await using var restored = await ServerHost.OpenAsync(options.Data, host.Clock.GetUtcNow());
        var status = await restored.Services.GetRequiredService<StatusReporter>().ReportAsync([], default);
        status.Data.Accounts.Should().Be(1);
    }

    [Fact]
    public async Task A_bucket_that_fails_in_the_middle_gets_no_half_backup_and_the_next_try_does_better()
    {
        var service = await SwiftServer.SharedAsync();
        var bucket = await service.MakeBucketAsync();
        await using var proxy = await FaultProxy.StartAsync(service.Url);
        var settings = service.Settings(proxy.Url) with { Retries = 0 };
        proxy.Decide = (method, path) => method == "PUT" && path.Contains("scheduled") ? Fault.CutUpload : Fault.None;
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                S3 = settings,
                Backups = new() { Every = Day, Bucket = new(bucket, "backups") },
            }
        );
        await host.JoinAsync("ana");

        await Eventually.TrueAsync(() => Backups(host).Fault is not null);

        (await service.KeysAsync(bucket)).Should().BeEmpty();
        Directory.EnumerateFiles(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
        (await host.Services.GetRequiredService<StatusReporter>().ReportAsync([], default))
            .Notes.Should()
            .ContainMatch("backups: the last try failed: s3://*");
        Backups(host).Failures.Should().Be(1);
        proxy.Decide = (_, _) => Fault.None;
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.TrueAsync(() => Backups(host).Fault is null);
        var key = (await service.KeysAsync(bucket)).Should().ContainSingle().Subject;
        key.Should().StartWith("backups/stories-scheduled-");

        var cut = 0;
        proxy.Decide = (method, path) =>
            method == "GET" && path.EndsWith(".tar") && Interlocked.Increment(ref cut) <= 2 ? Fault.CutAnswer : Fault.None;
        var options = await RestoreAsync($"s3://{bucket}/{key}", settings);
        cut.Should().Be(3, "a connection that breaks is resumed");
        File.Exists(Path.Combine(options.Data, "stories.db")).Should().BeTrue();
        var missing = () => RestoreAsync($"s3://{bucket}/backups/none.tar", settings, "another");
        await missing.Should().ThrowAsync<BackupException>().WithMessage("there is no s3://*none.tar");
    }

    [Fact]
    public async Task An_archive_on_its_way_to_a_bucket_does_not_take_the_room_that_the_host_keeps_free()
    {
        var service = await SwiftServer.SharedAsync();
        var bucket = await service.MakeBucketAsync();
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                S3 = service.Settings(),
                Backups = new() { Every = Day, Bucket = new(bucket, "backups") },
                DiskFloorBytes = long.MaxValue / 2,
            }
        );

        await Eventually.TrueAsync(() => Backups(host).Fault is not null);

        Backups(host).Fault.Should().Contain("must stay free (--disk-floor)");
        (await service.KeysAsync(bucket)).Should().BeEmpty();
        Directory.EnumerateFiles(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_place_that_cannot_be_used_refuses_the_start()
    {
        var service = await SwiftServer.SharedAsync();
        var start = () =>
            ServerHost.StartAsync(o =>
                o with
                {
                    S3 = service.Settings(),
                    Backups = new() { Every = Day, Bucket = new("none-such", "") },
                }
            );

        (await start.Should().ThrowAsync<OptionUnusableException>()).Which.Message.Should().StartWith("--backup-to cannot be used: ");
        new OptionReader(new Dictionary<string, string> { ["data"] = _folder, ["backup-every"] = "1d" }, new Dictionary<string, string>())
            .Read()
            .Faults.Should()
            .ContainSingle(fault => fault.Contains("--backup-every and --backup-to go together"));
    }

    private async Task<ServerOptions> RestoreAsync(string archive, BucketSettings settings, string name = "restored")
    {
        var options = new ServerOptions
        {
            Data = Path.Combine(_folder, name),
            Listen = [ListenAddress.Default],
            S3 = settings,
            DiskFloorBytes = 0,
            LogLevel = "error",
        };
        await Restore.RunAsync(archive, options, global::Program.Build, default);
        return options;
    }

    private static ScheduledBackups Backups(ServerHost host) => host.Services.GetRequiredService<ScheduledBackups>();

    private static string[] Scheduled(string folder) =>
        [.. Directory.GetFiles(folder, "stories-scheduled-*.tar").Order(StringComparer.Ordinal)];
}
