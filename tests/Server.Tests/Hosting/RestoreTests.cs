using System.Diagnostics;
using StoriesCli.Contracts.Backups;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

/// <summary>Restores that are killed at any moment, run as root, or go into an existing directory.</summary>
public sealed class RestoreTests : IDisposable
{
    private const UnixFileMode GroupReads = (UnixFileMode)0b111_101_000;
    private const uint Nobody = 65534;
    private const int Stories = 24;

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-restore-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_restore_that_is_killed_at_any_moment_leaves_nothing_that_a_server_starts_on_and_can_be_run_again()
    {
        var (archive, token, ids) = await TakeBackupAsync();
        var random = new Random(5);
        var unfinished = 0;
        var wholeTime = Stopwatch.StartNew();
        (await RunAsync("restore", archive, "--data", Path.Combine(_folder, "whole"))).ExitCode.Should().Be(0);
        wholeTime.Stop();
        var data = Path.Combine(_folder, "killed");
        for (var round = 0; round < 8; round++)
        {
            using (var restore = Process.Start(Start("restore", archive, "--data", data))!)
            {
                restore.WaitForExit((int)(random.NextDouble() * wholeTime.ElapsedMilliseconds));
                restore.Kill();
                await restore.WaitForExitAsync();
            }
            if (!Directory.Exists(data))
            {
                continue;
            }
            if (File.Exists(Path.Combine(data, UnfinishedRestore.MarkName)))
            {
                unfinished++;
                var start = () => DataDirectory.Open(data).Dispose();
                start.Should().Throw<DataDirectoryException>().WithMessage("*restore*start it over*");
            }
            else if (Directory.EnumerateFileSystemEntries(data).Any())
            {
                await VerifyAsync(data, token, ids);
                Directory.Delete(data, recursive: true);
            }
        }
        unfinished.Should().BePositive();
        if (!File.Exists(Path.Combine(data, "stories.db")) || File.Exists(Path.Combine(data, UnfinishedRestore.MarkName)))
        {
            (await RunAsync("restore", archive, "--data", data)).ExitCode.Should().Be(0);
        }
        await VerifyAsync(data, token, ids);
    }

    [Fact]
    public async Task A_half_restored_directory_is_refused_in_words_and_what_others_put_there_stays()
    {
        var (archive, token, ids) = await TakeBackupAsync();
        var data = Directory.CreateDirectory(Path.Combine(_folder, "half restored")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, UnfinishedRestore.MarkName), "");
        await File.WriteAllTextAsync(Path.Combine(data, "stories.db"), "half");
        Directory.CreateDirectory(Path.Combine(data, UnfinishedRestore.StageName, "media"));
        await File.WriteAllTextAsync(Path.Combine(data, "notes.txt"), "mine");

        var server = await RunAsync("--data", data, "--listen", "http://127.0.0.1:0");
        server.ExitCode.Should().Be(2);
        server.Error.Should().Contain("restore").And.Contain($"stories-server restore FILE --data '{data}'").And.NotContain("   at ");
        var over = await RunAsync("restore", archive, "--data", data);
        over.ExitCode.Should().Be(1);
        over.Error.Should().Contain("notes.txt");
        File.Exists(Path.Combine(data, "stories.db")).Should().BeTrue("nothing is removed where something is that no restore made");

        File.Delete(Path.Combine(data, "notes.txt"));
        (await RunAsync("restore", archive, "--data", data)).ExitCode.Should().Be(0);
        await VerifyAsync(data, token, ids);
    }

    [Fact]
    public async Task A_directory_that_was_there_stays_the_same_directory_with_its_mode_whether_the_restore_succeeds_or_not()
    {
        var (archive, token, ids) = await TakeBackupAsync();
        var data = Directory.CreateDirectory(Path.Combine(_folder, "mount")).FullName;
        Directory.CreateDirectory(Path.Combine(data, "lost+found"));
        File.SetUnixFileMode(data, GroupReads);
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, data);
        var broken = Path.Combine(_folder, "broken.tar");
        await File.WriteAllBytesAsync(broken, (await File.ReadAllBytesAsync(archive))[..^4096]);

        (await RunAsync("restore", broken, "--data", link)).ExitCode.Should().Be(1);
        Directory.EnumerateFileSystemEntries(data).Select(Path.GetFileName).Should().Equal("lost+found");
        File.GetUnixFileMode(data).Should().Be(GroupReads);

        (await RunAsync("restore", archive, "--data", link)).ExitCode.Should().Be(0);
        new DirectoryInfo(link).LinkTarget.Should().Be(data, "a link stays one");
        Directory.Exists(Path.Combine(data, "lost+found")).Should().BeTrue();
        File.GetUnixFileMode(data).Should().Be(GroupReads);
        await VerifyAsync(data, token, ids);
    }

    [Fact]
    public async Task What_a_start_left_that_was_killed_at_once_is_restored_over()
    {
        var (archive, token, ids) = await TakeBackupAsync();
        var data = Path.Combine(_folder, "started");
        DataDirectory.Open(data).Dispose();

        (await RunAsync("restore", archive, "--data", data)).ExitCode.Should().Be(0);

        await VerifyAsync(data, token, ids);
    }

    [Fact]
    public async Task Two_restores_into_one_directory_do_not_mix()
    {
        var (archive, _, _) = await TakeBackupAsync();
        var data = Path.Combine(_folder, "data");
        using var first = Server.HostCommands.Backups.RestoreTarget.Open(data);

        var second = await RunAsync("restore", archive, "--data", data);

        second.ExitCode.Should().Be(1);
        second.Error.Should().Contain("in use");
    }

    [Fact]
    public async Task What_root_does_belongs_to_the_owner_of_the_directory()
    {
        if (!FolderUser.IsRoot)
        {
            // Only root can change owners: without it there is nothing to test.
            return;
        }
        var (archive, token, ids) = await TakeBackupAsync();
        var above = Directory.CreateDirectory(Path.Combine(_folder, "of-nobody")).FullName;
        FolderUser.Give(above, (Nobody, Nobody));
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        var there = Directory.CreateDirectory(Path.Combine(above, "there")).FullName;
        FolderUser.Give(there, (Nobody, Nobody));

        foreach (var data in (string[])[there, Path.Combine(above, "new")])
        {
            (await RunAsync("restore", archive, "--data", data))
                .Should()
                .Match<CommandRun>(run => run.ExitCode == 0, "it restores into {0}", data);
            File.Delete(Path.Combine(data, "lock"));
            (await RunAsync("owner-invite", "--data", data)).Should().Match<CommandRun>(run => run.ExitCode == 0);
            (await RunAsync("purge", "--dry-run", "--data", data)).Should().Match<CommandRun>(run => run.ExitCode == 0);
            Directory
                .EnumerateFileSystemEntries(data, "*", SearchOption.AllDirectories)
                .Append(data)
                .Where(entry => FolderUser.Find(entry) != (Nobody, Nobody))
                .Should()
                .BeEmpty();
            var asRoot = await RunAsync("--data", data, "--listen", "http://127.0.0.1:0");
            asRoot.ExitCode.Should().Be(2);
            asRoot.Error.Should().Contain($"belongs to the user {Nobody}").And.Contain("run the server as that user");
        }
        await VerifyAsync(there, token, ids);
        var empty = Directory.CreateDirectory(Path.Combine(above, "empty")).FullName;
        FolderUser.Give(empty, (Nobody, Nobody));
        (await RunAsync("--data", empty, "--listen", "http://127.0.0.1:0")).ExitCode.Should().Be(2, "the first start makes no exception");
        Directory.EnumerateFileSystemEntries(empty).Should().BeEmpty();
    }

    private async Task<(string Archive, string Token, string[] Ids)> TakeBackupAsync()
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
        var ids = new List<string>();
        for (var i = 0; i < Stories; i++)
        {
            var text = new string((char)('a' + i), 60_000);
            ids.Add((await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "{{text}}" }""")).Json.GetProperty("id").GetString()!);
        }
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.tar");
        (await ServerCommand.RunAsync(["backup", file, "--data", host.DataPath], Program.Build)).Should().Be(0);
        return (file, token, [.. ids]);
    }

    private static async Task VerifyAsync(string data, string token, string[] ids)
    {
        await using var host = await ServerHost.OpenAsync(data, DateTimeOffset.UtcNow);
        using var wire = host.Wire(token);
        foreach (var id in ids)
        {
            (await wire.GetAsync($"/v1/stories/{id}/media")).Body.Length.Should().Be(60_000);
        }
        Directory
            .EnumerateFileSystemEntries(data)
            .Select(Path.GetFileName)
            .Should()
            .NotContain([UnfinishedRestore.MarkName, UnfinishedRestore.StageName, BackupManifest.EntryName]);
    }

    private static Task<CommandRun> RunAsync(params string[] args) => CommandRun.OfAsync(Start(args));

    private static ProcessStartInfo Start(params string[] args) =>
        new(ServerProgram.Path, args) { Environment = { ["STORIES_SERVER_DISK_FLOOR"] = "0" } };
}
