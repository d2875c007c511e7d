using System.Formats.Tar;
using System.Net;
using System.Text.Json;
using StoriesCli.Contracts.Backups;
using StoriesCli.Server.HostCommands;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Damage.DamagedData;

namespace StoriesCli.Server.Tests.Damage;

/// <summary>Backups of damaged files.</summary>
public sealed class DamagedBackupTests
{
    [Fact]
    public async Task A_backup_names_what_is_damaged_and_everything_else_is_restored()
    {
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                MaxTtl = TimeSpan.FromDays(3650),
                DefaultTtl = TimeSpan.FromDays(3650),
            }
        );
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        var ids = new Dictionary<string, string>();
        foreach (var kind in (IEnumerable<string>)["whole", "cut", "grown", "changed", "missing"])
        {
            ids[kind] = (await ana.PutAsync($"/v1/stories?caption={kind}", await TestMedia.JpegAsync()))
                .Json.GetProperty("id")
                .GetString()!;
        }
        foreach (var (kind, id) in ids.Where(it => it.Key != "whole"))
        {
            Spoil(host, id, kind);
        }
        var folder = Directory.CreateTempSubdirectory("stories-test-").FullName;
        var file = Path.Combine(folder, "backup.tar");

        (await ServerCommand.RunAsync(["backup", file, "--data", host.DataPath], Program.Build))
            .Should()
            .Be(0, "the backup is as good as it can be");

        await using (var archive = File.OpenRead(file))
        {
            var contents = await BackupReader.ReadAsync(archive, _ => Stream.Null, default);
            contents
                .Manifest.Damaged.Select(it => it.Story)
                .Should()
                .BeEquivalentTo(ids.Where(it => it.Key != "whole").Select(it => it.Value));
            contents.Manifest.LeftOut.Should().BeEmpty("a story whose file is missing is no story that ended");
        }
        Memory(host).Count.Should().Be(4);
        (await ServerCommand.RunAsync(["verify", file], Program.Build)).Should().Be(3);
        var restored = Path.Combine(folder, "restored");
        (await ServerCommand.RunAsync(["restore", file, "--data", restored], Program.Build)).Should().Be(3);
        await using (var second = await ServerHost.OpenAsync(restored, DateTimeOffset.UtcNow))
        {
            using var again = second.Wire(token);
            (await again.GetAsync($"/v1/stories/{ids["whole"]}/media")).Status.Should().Be(HttpStatusCode.OK);
            foreach (var (kind, id) in ids.Where(it => it.Key != "whole"))
            {
                (await again.GetAsync($"/v1/stories/{id}")).Json.GetProperty("caption").GetString().Should().Be(kind);
                (await again.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=0-0")))
                    .Code.Should()
                    .Be(Damaged, "{0} is known from the archive", kind);
            }
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_backup_of_a_server_that_did_not_check_restores_all_but_the_damaged_file()
    {
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                MaxTtl = TimeSpan.FromDays(3650),
                DefaultTtl = TimeSpan.FromDays(3650),
            }
        );
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        var good = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        var bad = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        var posted = (await ana.GetAsync($"/v1/stories/{bad}")).Json.GetProperty("media").GetProperty("sha256").GetString()!;
        Spoil(host, bad, "changed");
        var folder = Directory.CreateTempSubdirectory("stories-test-").FullName;
        var file = Path.Combine(folder, "old.tar");
        await File.WriteAllBytesAsync(file, AsBefore((await ana.SendAsync(HttpMethod.Post, "/v1/admin/backup", null)).Body, bad, posted));

        var restored = Path.Combine(folder, "restored");
        (await ServerCommand.RunAsync(["verify", file], Program.Build)).Should().Be(3);
        (await ServerCommand.RunAsync(["restore", file, "--data", restored], Program.Build)).Should().Be(3);

        await using (var second = await ServerHost.OpenAsync(restored, DateTimeOffset.UtcNow))
        {
            using var again = second.Wire(token);
            (await again.GetAsync($"/v1/stories/{good}/media")).Status.Should().Be(HttpStatusCode.OK);
            (await again.GetAsync($"/v1/stories/{bad}/media")).Code.Should().Be(Damaged);
            (await again.GetAsync($"/v1/stories/{bad}")).Status.Should().Be(HttpStatusCode.OK);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The archive as an older server made it, which wrote the hashes of its rows into the manifest without reading the files.</summary>
    private static byte[] AsBefore(byte[] archive, string story, string posted)
    {
        using var old = new MemoryStream();
        using (var reader = new TarReader(new MemoryStream(archive)))
        using (var writer = new TarWriter(old, leaveOpen: true))
        {
            while (reader.GetNextEntry(copyData: true) is { } entry)
            {
                if (entry.Name == BackupManifest.EntryName)
                {
                    var manifest = JsonSerializer.Deserialize(entry.DataStream!, BackupJson.Default.BackupManifest)!;
                    var before = manifest with
                    {
                        Damaged = [],
                        Files = [.. manifest.Files.Select(file => file.Name.EndsWith(story) ? file with { Sha256 = posted } : file)],
                    };
                    entry.DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(before, BackupJson.Default.BackupManifest));
                }
                writer.WriteEntry(entry);
            }
        }
        return old.ToArray();
    }
}
