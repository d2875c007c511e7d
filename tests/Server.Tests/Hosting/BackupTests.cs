using System.Formats.Tar;
using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Contracts.Backups;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Tests.Features.Live;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-backup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_backup_that_is_taken_under_writes_restores_to_what_was_acknowledged_before_it()
    {
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                MaxTtl = TimeSpan.FromDays(3650),
                DefaultTtl = TimeSpan.FromDays(3650),
            }
        );
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        var before = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            before.Add(await PostAsync(ana, $"before {i}"));
        }
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var posted = 0;
            for (; !stop.IsCancellationRequested; posted++)
            {
                await PostAsync(ana, $"meanwhile {posted}");
            }
            return posted;
        });

        var archive = await SaveAsync(ana);

        await stop.CancelAsync();
        (await writing).Should().BePositive();
        (await RunAsync("verify", archive)).Should().Be(0);
        var restored = Path.Combine(_folder, "restored");
        (await RunAsync("restore", archive, "--data", restored)).Should().Be(0);
        await using var second = await ServerHost.OpenAsync(restored, DateTimeOffset.UtcNow);
        var again = second.Wire(token);
        foreach (var id in before)
        {
            var story = await again.GetAsync($"/v1/stories/{id}");
            var media = await again.GetAsync($"/v1/stories/{id}/media");
            Convert
                .ToHexStringLower(System.Security.Cryptography.SHA256.HashData(media.Body))
                .Should()
                .Be(story.Json.GetProperty("media").GetProperty("sha256").GetString());
        }
        (await again.GetAsync("/readyz")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_ended_while_the_backup_was_taken_is_left_out_and_does_not_come_back()
    {
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                MaxTtl = TimeSpan.FromDays(3650),
                DefaultTtl = TimeSpan.FromDays(3650),
            }
        );
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        var kept = await PostAsync(ana, "kept");
        var deleted = await PostAsync(ana, "deleted meanwhile");
        var writer = (BackupWriter)host.Services.GetService(typeof(BackupWriter))!;
        var archive = Path.Combine(_folder, "a.tar");
        using (var moment = await writer.HoldAsync(default))
        {
            await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{deleted}", null);
            var second = () => writer.HoldAsync(default);
            await second.Should().ThrowAsync<DatabaseUnavailableException>();
            await using var file = File.Create(archive);
            await writer.WriteAsync(moment, file, default);
        }

        var restored = Path.Combine(_folder, "restored");
        (await RunAsync("restore", archive, "--data", restored)).Should().Be(0);

        File.ReadAllText(archive).Should().Contain("kept").And.Contain(BackupManifest.EntryName);
        await using var host2 = await ServerHost.OpenAsync(restored, DateTimeOffset.UtcNow);
        var again = host2.Wire(token);
        (await again.GetAsync($"/v1/stories/{kept}")).Status.Should().Be(HttpStatusCode.OK);
        (await again.GetAsync($"/v1/stories/{deleted}")).Code.Should().Be("story_deleted");
        using var third = await writer.HoldAsync(default);
        third.Captured.Should().ContainSingle("a backup that is over lets the next one begin");
    }

    [Fact]
    public async Task A_live_terminal_comes_back_without_its_bytes_and_ends_as_a_recording_that_broke_off()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        var id = await ana.BeginAsync();
        var at = await ana.OutputAsync(id, 0, LiveHost.Line("in no backup"));
        var archive = await SaveAsync(ana);
        (await RunAsync("verify", archive)).Should().Be(0);
        var restored = Path.Combine(_folder, "restored");
        (await RunAsync("restore", archive, "--data", restored)).Should().Be(0);

        await using var second = await ServerHost.OpenAsync(restored, host.Clock.GetUtcNow());
        var again = second.Wire(token);
        (await again.SendAsync(id, at, LiveHost.Line("more"))).Code.Should().Be("live_offset", "its sender learns what is missing");
        (await again.GetAsync("/v1/tray")).Json.GetProperty("items")[0].GetProperty("live").GetBoolean().Should().BeTrue();
        await Eventually.TrueAsync(async () =>
        {
            second.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await again.GetAsync($"/v1/stories/{id}")).Json.TryGetProperty("broken", out _);
        });

        var media = await again.GetAsync($"/v1/stories/{id}/media");
        (media.Status, media.Text.Split('\n').Length).Should().Be((HttpStatusCode.OK, 2), "it has a header and no output");
        (await again.GetAsync("/v1/tray")).Text.Should().NotContain("\"live\"");
        (await again.GetAsync("/readyz")).Status.Should().Be(HttpStatusCode.OK);
        (await again.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_thread_of_an_expired_story_is_still_readable_after_a_restore_to_who_could_see_it()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var evesToken = await host.JoinAsync("eve");
        var ana = host.Wire(anasToken);
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "ttl": "5m", "audience": ["ana"] }"""))
            .Json.GetProperty("id")
            .GetString();
        await ana.PostJsonAsync($"/v1/stories/{id}/replies", """{ "text": "said" }""");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        var archive = await SaveAsync(ana);

        var restored = Path.Combine(_folder, "restored");
        (await RunAsync("restore", archive, "--data", restored)).Should().Be(0);

        await using var second = await ServerHost.OpenAsync(restored, host.Clock.GetUtcNow());
        (await second.Wire(anasToken).GetAsync($"/v1/stories/{id}/replies"))
            .Json.GetProperty("items")[0]
            .GetProperty("text")
            .GetString()
            .Should()
            .Be("said");
        (await second.Wire(evesToken).GetAsync($"/v1/stories/{id}/replies")).Code.Should().Be("story_not_found");
        (await second.Wire(anasToken).GetAsync($"/v1/stories/{id}")).Code.Should().Be("story_expired");
    }

    [Fact]
    public async Task A_damaged_or_broken_off_archive_is_refused_and_leaves_nothing()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await PostAsync(ana, "a text that can be found");
        var whole = await File.ReadAllBytesAsync(await SaveAsync(ana));
        var at = whole.AsSpan().IndexOf("a text that can"u8);
        var changed = (byte[])whole.Clone();
        changed[at] ^= 1;
        var data = Path.Combine(_folder, "new");

        foreach (
            var bytes in (byte[][])
                [
                    [.. whole, .. new byte[5000].Select(_ => (byte)'x')],
                    [.. whole.AsSpan()[..^1024], .. Entry("media/01aaaaaaaaaaaaaaaaaaaaaaaa"), .. new byte[1024]],
                    changed,
                    whole[..at],
                    whole[..(at + 512)],
                    [],
                    "no archive at all, but some text"u8.ToArray(),
                ]
        )
        {
            var file = Path.Combine(_folder, "damaged.tar");
            await File.WriteAllBytesAsync(file, bytes);
            (await RunAsync("verify", file)).Should().Be(1);
            (await RunAsync("restore", file, "--data", data)).Should().Be(1);
            Directory.Exists(data).Should().BeFalse();
        }
    }

    [Fact]
    public async Task An_archive_whose_last_block_was_filled_up_is_whole()
    {
        await using var host = await ServerHost.StartAsync();
        var file = await SaveAsync(host.Wire(await host.JoinAsync("ana")));
        await File.AppendAllBytesAsync(file, new byte[5120]);

        (await RunAsync("verify", file)).Should().Be(0);
        await File.WriteAllTextAsync(Path.Combine(_folder, "plain"), "x");
        (await RunAsync("restore", file, "--data", Path.Combine(_folder, "plain"))).Should().Be(1);
        (await File.ReadAllTextAsync(Path.Combine(_folder, "plain"))).Should().Be("x");
    }

    [Fact]
    public async Task An_archive_cannot_write_outside_of_its_data_directory()
    {
        var file = Path.Combine(_folder, "evil.tar");
        await using (var stream = File.Create(file))
        await using (var tar = new TarWriter(stream))
        {
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, "media/../../evil") { DataStream = new MemoryStream("x"u8.ToArray()) }
            );
        }

        (await RunAsync("restore", file, "--data", Path.Combine(_folder, "new"))).Should().Be(1);

        Directory.EnumerateFileSystemEntries(_folder).Should().ContainSingle();
    }

    [Fact]
    public async Task A_restore_never_goes_over_what_is_there_and_members_take_no_backup()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var archive = await SaveAsync(ana);

        (await RunAsync("restore", archive, "--data", host.DataPath)).Should().Be(1);

        (await ana.GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.OK);
        (await bob.SendAsync(HttpMethod.Post, "/v1/admin/backup", null)).Status.Should().Be(HttpStatusCode.Forbidden);
        (await ana.GetAsync("/v1/admin/audit?limit=2"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Select(entry => entry.GetProperty("action").GetString())
            .Should()
            .Equal(AuditActions.BackupFinished, AuditActions.BackupTaken);
    }

    private async Task<string> SaveAsync(Wire wire)
    {
        var answer = await wire.SendAsync(HttpMethod.Post, "/v1/admin/backup", null);
        answer.Status.Should().Be(HttpStatusCode.OK);
        answer.Header("Content-Type").Should().Be("application/x-tar");
        var file = Path.Combine(_folder, "backup.tar");
        await File.WriteAllBytesAsync(file, answer.Body);
        return file;
    }

    private static byte[] Entry(string name)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("x"u8.ToArray()) });
        }
        return stream.ToArray()[..^1024];
    }

    private static Task<int> RunAsync(params string[] args) => ServerCommand.RunAsync(args, Program.Build);

    private static async Task<string> PostAsync(Wire wire, string text) =>
        (await wire.PostJsonAsync("/v1/stories", $$"""{ "text": "{{text}}" }""")).Json.GetProperty("id").GetString()!;
}
