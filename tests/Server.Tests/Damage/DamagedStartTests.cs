using System.Net;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Damage;

public sealed class DamagedStartTests
{
    [Fact]
    public async Task A_full_disk_is_told_and_takes_deletions_and_expiry_and_nothing_else()
    {
        using var disk = SmallDisk.TryMount(96);
        if (disk is null)
            return;
        var logs = Directory.CreateTempSubdirectory("stories-test-");
        await using (
            var host = await ServerHost.StartAsync(o =>
                o with
                {
                    Data = Path.Combine(disk.Path, "data"),
                    LogFile = Path.Combine(logs.FullName, "server.log"),
                    LogLevel = "warning",
                }
            )
        )
        {
            var ana = host.Wire(await host.JoinAsync("ana"));
            var texts = await PostAsync(ana, 40, "24h");
            var expiring = await PostAsync(ana, 40, "5m");
            disk.Fill();

            (await ana.GetAsync("/readyz"))
                .Should()
                .Match<WireAnswer>(it => it.Status == HttpStatusCode.ServiceUnavailable && it.Detail.Contains("disk is full"));
            foreach (var id in texts.Take(20))
                (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
            disk.Fill();
            (await ana.PostJsonAsync("/v1/stories", """{ "text": "no room" }"""))
                .Should()
                .Match<WireAnswer>(it => it.Status == HttpStatusCode.InsufficientStorage && it.Code == "no_room");
            (await ana.GetAsync($"/v1/stories/{texts[^1]}/media")).Text.Should().Be(new string('x', 10_000));
            (await ana.PostJsonAsync($"/v1/stories/{texts[^1]}/links", "{}")).Status.Should().Be(HttpStatusCode.Created);
            host.Clock.Advance(TimeSpan.FromMinutes(6));
            var media = (MediaFolder)host.Services.GetService(typeof(MediaFolder))!;
            await Eventually.TrueAsync(() => !expiring.Any(media.HasFiles));
            disk.Fill();

            await host.RestartAsync();
            foreach (var id in texts.Skip(20).Take(10))
                (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
            (await ana.GetAsync("/readyz")).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
            disk.Free();
            await Eventually.TrueAsync(async () =>
            {
                host.Clock.Advance(DiskMonitor.Interval);
                return (await ana.GetAsync("/readyz")).Status == HttpStatusCode.OK;
            });

            await PostAsync(ana, 1, "24h");
            (await ana.GetAsync("/v1/stories?limit=100")).Json.GetProperty("items").GetArrayLength().Should().Be(11);
            var reserve = ((DataDirectory)host.Services.GetService(typeof(DataDirectory))!).Reserve;
            (reserve.IsDiskFull, reserve.HeldBytes).Should().Be((false, reserve.Bytes));
            await host.StopAsync();
            var lines = logs.GetFiles().SelectMany(file => File.ReadAllLines(file.FullName)).ToList();
            lines.Count(line => line.Contains("is full. Only deletions")).Should().Be(2, "once an episode, and a restart begins another");
            lines.Count(line => line.Contains("is no longer full")).Should().Be(1);
            await host.StartAgainAsync();
        }
        logs.Delete(recursive: true);
    }

    [Fact]
    public async Task A_small_disk_that_somebody_else_fills_takes_deletions_and_expiry_too()
    {
        using var disk = SmallDisk.TryMount(32);
        if (disk is null)
            return;
        await using var host = await ServerHost.StartAsync(o => o with { Data = Path.Combine(disk.Path, "data"), VipsLibrary = null });
        var ana = host.Wire(await host.JoinAsync("ana"));
        // More log than the reserve of a disk of this size could move into the data file.
        var texts = new List<string>();
        while (texts.Count < 1_500 && await TryPostAsync(ana) is { } id)
            texts.Add(id);
        texts.Count.Should().BeGreaterThan(200);
        disk.Fill();

        foreach (var id in texts.Take(100))
            (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        disk.Fill();
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        var media = (MediaFolder)host.Services.GetService(typeof(MediaFolder))!;
        await Eventually.TrueAsync(() => !texts.Any(media.HasFiles));
    }

    private static async Task<string?> TryPostAsync(Wire wire)
    {
        var posted = await wire.PostJsonAsync("/v1/stories", $$"""{ "text": "{{new string('x', 3_000)}}", "ttl": "5m" }""");
        return posted.Status == HttpStatusCode.Created ? posted.Json.GetProperty("id").GetString() : null;
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("missing with its log")]
    [InlineData("empty")]
    [InlineData("of a server without accounts")]
    public async Task Media_without_their_database_are_kept_and_the_start_says_what_to_do(string database)
    {
        await using var host = await ServerHost.StartAsync();
        await PostAsync(host.Wire(await host.JoinAsync("ana")), 2, "24h");
        await host.StopAsync();
        var file = Path.Combine(host.DataPath, "stories.db");
        File.Delete(file);
        if (database != "missing")
            RemoveCompanions(host);
        if (database == "empty")
            await File.WriteAllTextAsync(file, "");
        if (database.StartsWith("of", StringComparison.Ordinal))
        {
            await using var other = await ServerHost.StartAsync();
            await other.StopAsync();
            File.Copy(Path.Combine(other.DataPath, "stories.db"), file);
            await other.StartAgainAsync();
        }
        var before = MediaOf(host);

        (await host.Invoking(it => it.StartAgainAsync()).Should().ThrowAsync<UnknownMediaException>())
            .Which.Message.Should()
            .Contain("stories-server restore")
            .And.Contain($"purge --unknown-media --data {host.DataPath}")
            .And.Contain("stories.db");
        await host.StopAsync();
        (await ServerCommand.RunAsync(["--data", host.DataPath, "--listen", "http://127.0.0.1:0"], Program.Build)).Should().Be(2);

        MediaOf(host).Should().BeEquivalentTo(before).And.HaveCount(2);
        File.Exists(file).Should().Be(!database.StartsWith("missing", StringComparison.Ordinal));
        (await ServerCommand.RunAsync(["purge", "--unknown-media", "--data", host.DataPath], Program.Build)).Should().Be(0);
        MediaOf(host).Should().BeEmpty();
        await host.StartAgainAsync();
    }

    [Fact]
    public async Task Media_that_an_older_database_does_not_know_are_kept_until_the_host_lets_go_of_them()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await PostAsync(ana, 5, "24h");
        await host.StopAsync();
        File.Copy(Path.Combine(host.DataPath, "stories.db"), Path.Combine(host.DataPath, "older"));
        await host.StartAgainAsync();
        await PostAsync(ana, 3, "24h");
        await host.StopAsync();
        File.Move(Path.Combine(host.DataPath, "older"), Path.Combine(host.DataPath, "stories.db"), overwrite: true);
        RemoveCompanions(host);
        await host.StartAgainAsync();
        var unknown = (UnknownMedia)host.Services.GetService(typeof(UnknownMedia))!;

        await Eventually.TrueAsync(() => unknown.Held.Ids == 3);
        var lookedAgain = ((Sweeper)host.Services.GetService(typeof(Sweeper))!).Age;
        host.Clock.Advance(Sweeper.Interval);
        await Eventually.TrueAsync(() => ((Sweeper)host.Services.GetService(typeof(Sweeper))!).Age <= lookedAgain);

        MediaOf(host).Should().HaveCount(8);
        (await ana.GetAsync("/readyz"))
            .Should()
            .Match<WireAnswer>(it =>
                it.Status == HttpStatusCode.OK && it.Text.StartsWith("ready\n") && it.Text.Contains("3 files that no story accounts for")
            );
        (await ServerCommand.RunAsync(["purge", "--dry-run", "--data", host.DataPath], Program.Build)).Should().Be(1);
        (await ServerCommand.RunAsync(["purge", "--unknown-media", "--data", host.DataPath], Program.Build)).Should().Be(0);
        MediaOf(host).Should().HaveCount(5);
        (await ana.GetAsync("/readyz")).Text.Should().Be("ready\n");
    }

    [Fact]
    public async Task What_a_killed_post_left_is_known_for_what_it_is_and_removed()
    {
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        var folder = (MediaFolder)host.Services.GetService(typeof(MediaFolder))!;
        var id = ((Ids)host.Services.GetService(typeof(Ids))!).Next();
        // Begins a post that never ends.
        _ = ((ArrivingPosts)host.Services.GetService(typeof(ArrivingPosts))!).Expect(id);
        await File.WriteAllTextAsync(folder.PathOf(id), "half");
        await host.RestartAsync();

        await Eventually.TrueAsync(() => MediaOf(host).Length == 0 && Directory.GetFiles(Path.Combine(host.DataPath, "tmp")).Length == 0);
        (await host.Wire(token: null).GetAsync("/readyz")).Text.Should().Be("ready\n");
    }

    [Fact]
    public async Task Stories_without_one_file_keep_a_server_from_starting_until_the_host_lets_go_of_them()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await PostAsync(ana, 4, "24h");
        await host.StopAsync();
        var (media, aside) = (Path.Combine(host.DataPath, "media"), Path.Combine(host.DataPath, "..", "unmounted"));
        Directory.Move(media, aside);

        (await host.Invoking(it => it.StartAgainAsync()).Should().ThrowAsync<UnknownMediaException>())
            .Which.Message.Should()
            .Contain("knows 4 stories")
            .And.Contain("Mount")
            .And.Contain($"purge --missing-media --data {host.DataPath}");
        await host.StopAsync();
        Directory.Delete(media, recursive: true);
        Directory.Move(aside, media);
        await host.StartAgainAsync();
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(4);

        await host.StopAsync();
        Directory.Delete(media, recursive: true);
        (await ServerCommand.RunAsync(["purge", "--missing-media", "--data", host.DataPath], Program.Build)).Should().Be(0);
        await host.StartAgainAsync();
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData("""{ "damaged": null }""")]
    [InlineData("""{ "damaged": [null] }""")]
    [InlineData(
        """{ "damaged": [{ "story": "../../x", "reason": "x", "foundAt": "2026-01-01T00:00:00Z", "bytes": 1, "modifiedAt": "2026-01-01T00:00:00Z" }] }"""
    )]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_note_of_damaged_media_that_makes_no_sense_is_forgotten(string note)
    {
        await using var host = await ServerHost.StartAsync();
        await host.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(host.DataPath, DamagedMedia.FileName), note);

        await host.StartAgainAsync();

        ((DamagedMedia)host.Services.GetService(typeof(DamagedMedia))!).Count.Should().Be(0);
    }

    /// <summary>Deletes the companion files, as the docs tell somebody who puts another database in place.</summary>
    private static void RemoveCompanions(ServerHost host)
    {
        foreach (var name in new[] { "stories.log", PageSums.FileName, SyncMark.FileName })
            File.Delete(Path.Combine(host.DataPath, name));
    }

    private static string[] MediaOf(ServerHost host) =>
        Directory.GetFiles(Path.Combine(host.DataPath, "media"), "*", SearchOption.AllDirectories);

    private static async Task<List<string>> PostAsync(Wire wire, int count, string ttl)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var posted = await wire.PostJsonAsync("/v1/stories", $$"""{ "text": "{{new string('x', 10_000)}}", "ttl": "{{ttl}}" }""");
            posted.Status.Should().Be(HttpStatusCode.Created, posted.Text);
            ids.Add(posted.Json.GetProperty("id").GetString()!);
        }
        return ids;
    }
}
