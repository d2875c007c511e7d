using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Engines.Postgres;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Server.Tests.Features.Webhooks;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>Moving a server's rows into PostgreSQL, and back.</summary>
public sealed class MoveTests : IDisposable
{
    private static readonly TimeSpan KillLater = TimeSpan.FromMilliseconds(400);
    private const int CollectionsAtLeast = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_of_everything_moves_into_PostgreSQL_and_back_and_is_the_same_each_time()
    {
        var database = await NewDatabaseAsync();
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await ProjectionTests.DoEverythingAsync(host);
        await host.StopAsync();
        var before = await ProjectionTests.DescribeFreshAsync(host.DataPath, null, host.Clock);

        var (there, back) = (_folder.New("there"), _folder.New("back"));
        var report = await MoveAsync(host.DataPath, null, there, database);
        report.Rows.Where(it => it.Rows > 0).Should().HaveCountGreaterThanOrEqualTo(CollectionsAtLeast);
        File.Exists(Path.Combine(there, "stories.db")).Should().BeFalse();
        var inPostgres = await ProjectionTests.DescribeFreshAsync(there, database, host.Clock);
        ProjectionTests.FirstDifference(before, inPostgres).Should().BeNull();

        var returned = await MoveAsync(there, database, back, null);
        returned.Rows.Where(it => it.Rows > 0).Should().BeEquivalentTo(report.Rows.Where(it => it.Rows > 0));
        ProjectionTests.FirstDifference(before, await ProjectionTests.DescribeFreshAsync(back, null, host.Clock)).Should().BeNull();
    }

    [Fact]
    public async Task Links_webhooks_and_media_go_along_and_a_stream_that_resumes_is_told_to_load_everything()
    {
        var database = await NewDatabaseAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        var token = await host.JoinAsync("ana");
        var wire = host.Wire(token);
        var story = (await wire.SendAsync(HttpMethod.Post, "/v1/stories", new ByteArrayContent(await TestMedia.JpegAsync())))
            .Json.GetProperty("id")
            .GetString()!;
        var link = new Uri(
            (await wire.SendAsync(HttpMethod.Post, $"/v1/stories/{story}/links", null)).Json.GetProperty("url").GetString()!
        ).PathAndQuery;
        var photo = (await host.Wire(null).GetAsync(link)).Body;
        var (hook, _) = await wire.HookAsync(receiver);
        await using var tap = await EventTap.OpenAsync(host, token);
        await wire.PostTextAsync("first");
        var seen = await tap.NextAsync();
        await wire.AttemptsAsync(hook, 1);
        await host.StopAsync();

        var (there, back) = (_folder.New("there"), _folder.New("back"));
        await MoveAsync(host.DataPath, null, there, database);
        string last;
        await using (
            var moved = await ServerHost.OpenAsync(
                there,
                host.Clock.GetUtcNow(),
                o => o with { Database = database, WebhookAllow = [IPNetwork.Parse("127.0.0.0/8")] }
            )
        )
        {
            await LooksAsItWasAsync(moved, seen.Id!, attempts: 2);
            await using var second = await EventTap.OpenAsync(moved, token);
            await moved.Wire(token).PostTextAsync("for the id");
            last = (await second.NextAsync()).Id!;
        }
        await MoveAsync(there, database, back, null);
        await using var returned = await ServerHost.OpenAsync(
            back,
            host.Clock.GetUtcNow(),
            o => o with { WebhookAllow = [IPNetwork.Parse("127.0.0.0/8")] }
        );
        await LooksAsItWasAsync(returned, last, attempts: 4);
        foreach (var key in DataMove.Keys)
        {
            (await File.ReadAllTextAsync(Path.Combine(back, key)))
                .Should()
                .Be(await File.ReadAllTextAsync(Path.Combine(host.DataPath, key)));
        }

        async Task LooksAsItWasAsync(ServerHost at, string lastEventId, int attempts)
        {
            using var anyone = at.Wire(null);
            (await anyone.GetAsync(link)).Body.Should().Equal(photo, "a link that was signed before works");
            await using var resumed = await EventTap.OpenAsync(at, token, lastEventId);
            (await resumed.NextAsync()).Type.Should().Be(EventTypes.Reset);
            using var ana = at.Wire(token);
            await ana.PostTextAsync("after the move");
            (await ana.AttemptsAsync(hook, attempts))[0].GetProperty("status").GetInt32().Should().BeInRange(200, 299);
        }
    }

    [Fact]
    public async Task A_move_that_is_killed_ever_later_is_repeated_until_it_is_through_both_ways()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await using var host = await ServerHost.StartAsync();
        await ProjectionTests.DoEverythingAsync(host);
        await host.StopAsync();
        var before = await ProjectionTests.DescribeFreshAsync(host.DataPath, null, host.Clock);
        var (there, back) = (_folder.New("there"), _folder.New("back"));

        await RepeatAsync(["migrate", "--from", host.DataPath, "--data", there, "--database", database]);
        await RepeatAsync(["migrate", "--from", there, "--from-database", database, "--data", back]);

        ProjectionTests.FirstDifference(before, await ProjectionTests.DescribeFreshAsync(back, null, host.Clock)).Should().BeNull();

        static async Task RepeatAsync(string[] command)
        {
            var longest = KillLater;
            for (var kills = 0; ; kills++, longest += KillLater)
            {
                kills.Should().BeLessThan(200);
                using var run = ServerProcess.Begin(command);
                // No condition could name each place in which it may be killed: the time decides.
                if (run.WaitForExit(longest))
                {
                    var error = await run.StandardError.ReadToEndAsync();
                    // The kill before came when all was done, and the process had only to end. What is there is compared below.
                    if (kills == 0 || !error.Contains("is not empty", StringComparison.Ordinal))
                        run.ExitCode.Should().Be(0, error);
                    return;
                }
                run.Kill();
                await run.WaitForExitAsync();
            }
        }
    }

    [Fact]
    public async Task Killed_just_before_its_end_it_leaves_no_row_and_a_mark_on_which_no_server_starts()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        await host.StopAsync();
        var there = _folder.New("there");
        // Somebody who reads the mark keeps the last statement from removing it.
        await cluster.QueryAsync(
            database,
            "set role stories; create table unfinished_move (command text not null, at timestamptz not null default clock_timestamp())"
        );
        var reader = cluster.QueryAsync(database, "begin; select * from unfinished_move; select pg_sleep(300)");
        const string readers =
            "from pg_stat_activity where datname = current_database() and query like '%pg_sleep(300)' and pid <> pg_backend_pid()";
        await Eventually.TrueAsync(async () => await cluster.QueryAsync(database, $"select count(*) {readers}") == "1");
        using var run = ServerProcess.Begin("migrate", "--from", host.DataPath, "--data", there, "--database", database);
        await Eventually.TrueAsync(async () =>
            await cluster.QueryAsync(database, "select count(*) from pg_locks where not granted and relation = 'unfinished_move'::regclass")
            == "1"
        );

        run.Kill();
        await run.WaitForExitAsync();
        await cluster.QueryAsync(database, $"select pg_terminate_backend(pid) {readers}");
        await reader.Invoking(it => it).Should().ThrowAsync<InvalidOperationException>();

        await Eventually.TrueAsync(async () =>
            await cluster.QueryAsync(
                database,
                "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"
            ) == "0"
        );
        (await cluster.QueryAsync(database, "select string_agg(tablename, ',') from pg_tables where schemaname = 'public'"))
            .Should()
            .Be("unfinished_move");
        var start = await ServerProcess.RunAsync("--database", database, "--data", _folder.New("other"), "--listen", "http://127.0.0.1:0");
        start.ExitCode.Should().Be(1);
        start.Error.Should().Contain("holds a move").And.Contain("run stories-server migrate again");
        (await ServerProcess.RunAsync("migrate", "--from", host.DataPath, "--data", there, "--database", database))
            .Succeeded()
            .Out.Should()
            .Contain("rows moved, all compared");
    }

    [Fact]
    public async Task Databases_that_others_use_are_refused_and_unchanged()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var (used, strange) = (await cluster.NewDatabaseAsync(), await cluster.NewDatabaseAsync());
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        await host.StopAsync();
        await using var server = await ServerProcess.StartAsync("--database", used);
        await server.JoinAsOwnerAsync("bob");
        await cluster.QueryAsync(strange, "create table strangers (id int)");
        const string state = "select string_agg(tablename, ',' order by tablename) from pg_tables where schemaname = 'public'";
        var before = await cluster.QueryAsync(used, $"{state}; select md5(string_agg(doc::text, ',' order by id)) from accounts");

        await RefusedAsync(host.DataPath, null, _folder.New("a"), used, "*is in use by*process*");
        await RefusedAsync(server.DataPath, used, _folder.New("b"), null, "*in use*");
        await RefusedAsync(host.DataPath, null, _folder.New("c"), strange, "*has a table \"strangers\"*");
        await server.KillAsync();
        await RefusedAsync(host.DataPath, null, _folder.New("d"), used, "*has the rows of a server*");
        await RefusedAsync(server.DataPath, null, _folder.New("e"), null, "*If they are in PostgreSQL, name the database*");
        await RefusedAsync(server.DataPath, await cluster.NewDatabaseAsync(), _folder.New("f"), null, "*has no rows of a server*");

        (await cluster.QueryAsync(used, $"{state}; select md5(string_agg(doc::text, ',' order by id)) from accounts")).Should().Be(before);
        (await cluster.QueryAsync(strange, state)).Should().Be("strangers");
        foreach (var name in (string[])["a", "b", "c", "d", "e", "f"])
        {
            var path = Path.Combine(Path.GetDirectoryName(_folder.New("z"))!, name);
            (Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : []).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task A_running_server_on_the_source_is_named()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await using var server = await ServerProcess.StartAsync("--database", database);
        var other = _folder.New("other");
        // Another directory, as that of a second server whose own is free.
        Directory.CreateDirectory(other);
        await File.WriteAllTextAsync(Path.Combine(other, "lock"), "");

        await RefusedAsync(other, database, _folder.New("new"), null, "*is in use by*process*Stop all servers*");
    }

    [Fact]
    public async Task Damaged_rows_of_the_source_are_named()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        string data;
        await using (var server = await ServerProcess.StartAsync("--database", database))
        {
            await server.JoinAsOwnerAsync("ana");
            await server.KillAsync();
            data = _folder.New("old");
            Directory.CreateDirectory(data);
            await File.WriteAllTextAsync(Path.Combine(data, "lock"), "");
        }
        await cluster.QueryAsync(database, "update accounts set doc = '\\x00'::bytea");

        await RefusedAsync(data, database, _folder.New("new"), null, "*is damaged: the row \"*\" of accounts*");
    }

    [Fact]
    public async Task Rows_on_a_damaged_page_of_the_source_are_named_and_left_out()
    {
        var database = await NewDatabaseAsync();
        await using var host = await ServerHost.StartAsync();
        var wire = host.Wire(await host.JoinAsync("ana"));
        for (var i = 0; i < 40; i++)
        {
            await wire.PostTextAsync(new string('x', 2_000));
        }
        await host.StopAsync();
        var path = Path.Combine(host.DataPath, "stories.db");
        var file = await File.ReadAllBytesAsync(path);
        // The last page with much text in it.
        var page = file.AsSpan().LastIndexOf("xxxxxxxxxxxxxxxx"u8) / PageFrame.PageBytes;
        file[(page * PageFrame.PageBytes) + 4_000] ^= 1;
        await File.WriteAllBytesAsync(path, file);

        var report = await MoveAsync(host.DataPath, null, _folder.New("new"), database);

        report.LostRows.Should().NotBeEmpty().And.AllSatisfy(it => it.Should().Contain("damaged page"));
        report.Rows.Single(it => it.Collection == "stories").Rows.Should().BeInRange(20, 39);
        (await File.ReadAllBytesAsync(path)).Should().Equal(file, "the source is only read");
    }

    [Fact]
    public async Task An_archive_is_restored_into_PostgreSQL()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        var archive = Path.Combine(_folder.New("archives"), "team.tar");
        Directory.CreateDirectory(Path.GetDirectoryName(archive)!);
        await using var old = await ServerProcess.StartAsync();
        var token = await old.JoinAsOwnerAsync("ana");
        using var wire = new Wire(() => old.Url, token);
        await wire.PostTextAsync("kept");
        (await ServerProcess.RunAsync("backup", archive, "--data", old.DataPath)).Succeeded();
        var data = _folder.New("restored");

        (await ServerProcess.RunAsync("restore", archive, "--data", data, "--database", database)).Succeeded();

        await using var host = await ServerHost.OpenAsync(
            data,
            DateTimeOffset.UtcNow,
            o => o with { Database = PostgresAddress.Parse(database) }
        );
        (await host.Wire(token).GetAsync("/v1/stories")).Text.Should().Contain("kept");
        var again = await ServerProcess.RunAsync("restore", archive, "--data", _folder.New("second"), "--database", database);
        again.ExitCode.Should().Be(1);
        again.Error.Should().Contain("is in use by");
    }

    private static async Task<PostgresAddress> NewDatabaseAsync() =>
        PostgresAddress.Parse(await (await PostgresCluster.CommonAsync()).NewDatabaseAsync());

    private static async Task RefusedAsync(string from, string? fromDatabase, string to, string? database, string message)
    {
        var move = () => MoveAsync(from, Parse(fromDatabase), to, Parse(database));
        await move.Should().ThrowAsync<DataDirectoryException>().WithMessage(message);
    }

    private static PostgresAddress? Parse(string? text) => text is null ? null : PostgresAddress.Parse(text);

    private static Task<MoveReport> MoveAsync(string from, PostgresAddress? fromDatabase, string to, PostgresAddress? database) =>
        DataMove.RunAsync(
            from,
            fromDatabase,
            new()
            {
                Data = to,
                Database = database,
                Listen = [ListenAddress.Default],
                DiskFloorBytes = 0,
                LogLevel = "error",
            },
            global::Program.Build,
            default
        );
}
