using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.Postgres;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>What only PostgreSQL brings: it can be away, belong to others, and have another writer.</summary>
public sealed class PostgresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Crashes_of_the_database_lose_nothing_acknowledged_and_it_is_opened_again_by_itself()
    {
        await using var cluster = await PostgresCluster.StartAsync(isDurable: true);
        var database = await cluster.NewDatabaseAsync();
        var acknowledged = new List<string>();
        await using (var notebook = await OpenAsync(database))
        {
            for (var crash = 0; crash < 5; crash++)
            {
                var posting = Task.WhenAll(Enumerable.Range(0, 4).Select(poster => PostUntilRefusedAsync(notebook, $"{crash}-{poster}")));
                await Eventually.TrueAsync(() => notebook.Current.Count > acknowledged.Count + 20);
                await cluster.CrashAsync();
                acknowledged.AddRange((await posting).SelectMany(ids => ids));
                notebook.Database.Health.IsReady.Should().BeFalse();
                await cluster.StartAgainAsync();
                await notebook.WaitUntilReadyAsync();
                notebook.Current.Keys.Should().Contain(acknowledged);
            }
        }

        await using var again = await OpenAsync(database);
        again.Current.Keys.Should().Contain(acknowledged);
        again.MarkProjection.Current.Keys.Should().BeEquivalentTo(again.Current.Keys);
    }

    [Fact]
    public async Task A_writer_that_was_replaced_commits_nothing()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await using var notebook = await OpenAsync(database);
        await notebook.AddAsync(new("a", "x"));
        await cluster.QueryAsync(database, "update writer set epoch = epoch + 1");

        var refused = await notebook.Invoking(it => it.AddAsync(new("b", "x"))).Should().ThrowAsync<DatabaseUnavailableException>();

        refused.Which.Reason.Should().Be(UnavailableReason.InDoubt);
        (await cluster.QueryAsync(database, "select string_agg(id, ',') from pages")).Should().Be("a");
        await notebook.WaitUntilReadyAsync();
        await notebook.AddAsync(new("c", "x"));
        notebook.Current.Keys.Should().BeEquivalentTo("a", "c");
    }

    [Fact]
    public async Task A_connection_that_ends_is_made_again()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await using var notebook = await OpenAsync(database);
        for (var i = 0; i < 3; i++)
        {
            await PutUntilTakenAsync(notebook, new($"{i}", "x"));
            await cluster.QueryAsync(
                database,
                "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and application_name = 'stories-server'"
            );
        }
        await PutUntilTakenAsync(notebook, new("last", "x"));
        notebook.Current.Should().HaveCount(4);
    }

    [Fact]
    public async Task A_database_with_the_tables_of_others_is_left_alone()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await cluster.QueryAsync(database, "create table strangers (id int)");

        (await FluentActions.Invoking(() => OpenAsync(database)).Should().ThrowAsync<DataDirectoryException>())
            .Which.Message.Should()
            .Contain("something else than this server");
        (await cluster.QueryAsync(database, "select string_agg(tablename, ',') from pg_tables where schemaname = 'public'"))
            .Should()
            .Be("strangers");
    }

    [Fact]
    public async Task Commits_are_kept_for_a_minute_and_never_grow_without_a_bound()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await using var notebook = await OpenAsync(database);
        for (var i = 0; i < 20; i++)
            await notebook.AddAsync(new($"{i}", "x"));
        await cluster.QueryAsync(database, "update commits set at = at - interval '2 minutes'");

        await notebook.AddAsync(new("last", "x"));

        await Eventually.TrueAsync(async () => await cluster.QueryAsync(database, "select count(*) from commits") == "1");
    }

    [Fact]
    public async Task Making_models_may_take_longer_than_a_server_may_be_silent()
    {
        var database = await (await PostgresCluster.CommonAsync()).NewDatabaseAsync();
        var log = new RememberingLogger<Database>();

        await using var notebook = await Notebook.OpenAsync(
            _folder.New("data"),
            new() { Postgres = PostgresAddress.Parse(database) },
            log,
            it =>
                it.Project("")
                    .LoadedBy(_ =>
                    {
                        // No wait for anything: that loading takes this long is the case under test.
                        Thread.Sleep(PostgresSession.SilenceAtMost + TimeSpan.FromSeconds(1));
                        return "loaded";
                    })
        );
        await notebook.AddAsync(new("a", "x"));

        log.Entries.Should().NotContain(entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Fact]
    public async Task A_database_that_is_emptied_under_a_server_is_not_begun_anew_and_goes_on_when_its_rows_are_back()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await using var notebook = await OpenAsync(database);
        await notebook.AddAsync(new("a", "x"));
        await cluster.QueryAsync(database, "alter schema public rename to kept");
        await cluster.QueryAsync(database, "create schema public; grant all on schema public to stories");

        await notebook.Invoking(it => it.AddAsync(new("b", "x"))).Should().ThrowAsync<DatabaseUnavailableException>();
        await Eventually.TrueAsync(async () =>
            (
                await notebook.Invoking(it => it.AddAsync(new("c", "x"))).Should().ThrowAsync<DatabaseUnavailableException>()
            ).Which.Message.Contains("was emptied while this server ran", StringComparison.Ordinal)
        );

        (await cluster.QueryAsync(database, "select count(*) from pg_tables where schemaname = 'public'")).Should().Be("0");
        await cluster.QueryAsync(database, "drop schema public");
        await cluster.QueryAsync(database, "alter schema kept rename to public");
        await PutUntilTakenAsync(notebook, new("d", "x"));
        notebook.Current.Keys.Should().Contain("a").And.Contain("d");
    }

    [Fact]
    public async Task A_role_that_may_not_make_tables_is_refused_by_the_check_and_told_what_to_do()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        PostgresAddress.Parse(database).FindFault().Should().BeNull();
        await cluster.QueryAsync(database, "revoke create on schema public from public");
        await cluster.QueryAsync("postgres", $"alter database {database.Split('/')[^1]} owner to postgres");

        PostgresAddress.Parse(database).FindFault().Should().Contain("may not make tables there: make the role the owner of its database");
        var start = () => OpenAsync(database);
        (await start.Should().ThrowAsync<DataDirectoryException>()).Which.Message.Should().Contain("make the role the owner");
    }

    [Fact]
    public async Task A_commit_waits_for_the_disk_also_where_the_host_has_turned_that_off()
    {
        var cluster = await PostgresCluster.CommonAsync();
        var database = await cluster.NewDatabaseAsync();
        await cluster.QueryAsync(database, $"alter database {database.Split('/')[^1]} set synchronous_commit = off");
        await using var source = PostgresAddress.Parse(database).MakeSource();

        using var session = PostgresSession.Open(source, database);

        await using var command = session.Connection.CreateCommand();
        command.CommandText = "show synchronous_commit";
        (await command.ExecuteScalarAsync()).Should().Be("on");
    }

    [Theory]
    [InlineData("postgres://ana:secret@db/stories", "has a password")]
    [InlineData("postgres://ana@db/stories?password=secret", "has a password")]
    [InlineData("mysql://ana:secret@db/stories", "must be like postgres://")]
    [InlineData("postgres://ana@db", "the name of the database is missing")]
    [InlineData("postgres://ana:sec ret@db:99999999/stories", "must be like")]
    [InlineData("postgres://ana@db/stories?sslmode=secret", "none of")]
    [InlineData("postgres://ana@db/stories?secret=1", "may only have")]
    [InlineData("postgres://ana:secret@db,other/stories", "has a password")]
    [InlineData("postgres://ana@db,bob:secret@other/stories", "must be like")]
    [InlineData("postgres://ana@db,/stories", "must be like")]
    [InlineData("postgres://ana@db,other:99999999/stories", "must be like")]
    [InlineData("postgres://a1,a2,a3,a4,a5,a6,a7,a8,a9/stories", "at most 8")]
    public void An_address_that_cannot_be_used_is_refused_without_what_may_be_a_secret(string text, string reason) =>
        FluentActions
            .Invoking(() => PostgresAddress.Parse(text))
            .Should()
            .Throw<FormatException>()
            .Which.Message.Should()
            .Contain(reason)
            .And.NotContain("secret");

    [Fact]
    public async Task A_standby_is_never_read_and_a_commit_that_it_does_not_have_is_never_confirmed()
    {
        await using var primary = await PostgresCluster.StartAsync(isDurable: true);
        var database = await primary.NewDatabaseAsync();
        await using var standby = await primary.StartStandbyAsync();
        var both = primary.AlsoAt(standby, database);
        await using var notebook = await OpenAsync(both);
        await notebook.AddAsync(new("a", "x"));

        var alone = standby.UrlOf(database);
        PostgresAddress.Parse(alone).FindFault().Should().Contain("cannot be reached: it is a standby");

        await standby.CrashAsync();
        (await notebook.Invoking(it => it.AddAsync(new("b", "x"))).Should().ThrowAsync<DatabaseUnavailableException>())
            .Which.Reason.Should()
            .Be(UnavailableReason.InDoubt);
        await standby.StartAgainAsync();
        await PutUntilTakenAsync(notebook, new("c", "x"));
        await primary.KillAsync();
        await standby.PromoteAsync();
        await PutUntilTakenAsync(notebook, new("d", "x"));
        notebook.Current.Keys.Should().Contain("a").And.Contain("c").And.Contain("d");
    }

    private Task<Notebook> OpenAsync(string database) =>
        Notebook.OpenAsync(_folder.New($"{Guid.NewGuid():N}"), new() { Postgres = PostgresAddress.Parse(database) });

    private static async Task PutUntilTakenAsync(Notebook notebook, Note note)
    {
        while (true)
        {
            try
            {
                await notebook.PutAsync(note);
                return;
            }
            catch (DatabaseUnavailableException)
            {
                await notebook.WaitUntilReadyAsync();
            }
        }
    }

    private static async Task<List<string>> PostUntilRefusedAsync(Notebook notebook, string prefix)
    {
        var acknowledged = new List<string>();
        while (true)
        {
            var id = $"{prefix}-{acknowledged.Count}";
            try
            {
                await notebook.AddAsync(new(id, new string('x', 500)));
                acknowledged.Add(id);
            }
            catch (DatabaseUnavailableException)
            {
                return acknowledged;
            }
        }
    }
}
