using System.Net;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>The server on PostgreSQL, as a program of its own.</summary>
public sealed class PostgresServerTests
{
    private const int Kills = 5;

    [Fact]
    public async Task Kills_of_the_server_and_of_the_database_under_posting_lose_nothing_and_double_nothing()
    {
        await using var cluster = await PostgresCluster.StartAsync(isDurable: true);
        await using var server = await ServerProcess.StartAsync("--database", await cluster.NewDatabaseAsync());
        var token = await server.JoinAsOwnerAsync("ana");
        using var wire = new Wire(() => server.Url, token);
        await using var posters = new Posters(() => server.Url, token);
        for (var kill = 0; kill < Kills; kill++)
        {
            await posters.MoreAsync(20);
            await server.KillAsync();
            await server.StartAgainAsync();
            await posters.MoreAsync(20);
            await cluster.CrashAsync();
            await Eventually.TrueAsync(async () => (await wire.GetAsync("/readyz")).Status == HttpStatusCode.ServiceUnavailable);
            await cluster.StartAgainAsync();
            await Eventually.TrueAsync(async () => (await wire.GetAsync("/readyz")).Status == HttpStatusCode.OK);
        }
        await posters.MoreAsync(20);
        await posters.StopAsync();

        await posters.CheckAsync(wire);
        posters.TriedAgain.Should().BePositive();
    }

    [Fact]
    public async Task Without_its_database_nothing_is_shown_after_five_seconds()
    {
        await using var cluster = await PostgresCluster.StartAsync(isDurable: true);
        await using var server = await ServerProcess.StartAsync("--database", await cluster.NewDatabaseAsync());
        using var wire = new Wire(() => server.Url, await server.JoinAsOwnerAsync("ana"));
        (await wire.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.OK);

        await cluster.CrashAsync();

        await Eventually.TrueAsync(async () => (await wire.GetAsync("/v1/tray")).Status == HttpStatusCode.ServiceUnavailable);
        (await wire.GetAsync("/livez")).Status.Should().Be(HttpStatusCode.OK);
        await cluster.StartAgainAsync();
        await Eventually.TrueAsync(async () => (await wire.GetAsync("/v1/tray")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_in_the_URL_is_refused_and_not_repeated()
    {
        var run = await ServerProcess.RunAsync("--database", "postgres://ana:secret@db/stories");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("--database has a password").And.Contain("PGPASSFILE").And.NotContain("secret");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named_by_the_check_of_the_options()
    {
        var run = await ServerProcess.RunAsync("--check-config", "--database", "postgres://ana@127.0.0.1:1/stories");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("--database: the database postgres://ana@127.0.0.1:1/stories cannot be reached");
    }

    [Fact]
    public async Task A_receipt_says_that_PostgreSQL_may_still_hold_the_texts()
    {
        var cluster = await PostgresCluster.CommonAsync();
        await using var server = await ServerProcess.StartAsync("--database", await cluster.NewDatabaseAsync());
        using var wire = new Wire(() => server.Url, await server.JoinAsOwnerAsync("ana"));
        var posted = await wire.PostJsonAsync("/v1/stories", """{ "text": "secret" }""");
        var id = posted.Json.GetProperty("id").GetString();

        (await wire.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);

        WireAnswer? receipt = null;
        await Eventually.TrueAsync(async () => (receipt = await wire.GetAsync($"/v1/receipts/{id}")).Status == HttpStatusCode.OK);
        receipt!.Json.GetProperty("rowsKept").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task An_archive_of_it_is_restored_into_a_data_directory()
    {
        var cluster = await PostgresCluster.CommonAsync();
        await using var server = await ServerProcess.StartAsync("--database", await cluster.NewDatabaseAsync());
        var token = await server.JoinAsOwnerAsync("ana");
        using var wire = new Wire(() => server.Url, token);
        var posted = await wire.PostJsonAsync("/v1/stories", """{ "text": "moved" }""");
        var archive = Path.Combine(server.DataPath, "..", "archive.tar");
        (await ServerProcess.RunAsync("backup", archive, "--data", server.DataPath)).Succeeded();
        (await ServerProcess.RunAsync("verify", archive)).Succeeded();
        var restored = Path.Combine(server.DataPath, "..", "restored");

        (await ServerProcess.RunAsync("restore", archive, "--data", restored)).Succeeded();

        await using var host = await ServerHost.OpenAsync(restored, DateTimeOffset.UtcNow);
        using var there = host.Wire(token);
        (await there.GetAsync($"/v1/stories/{posted.Json.GetProperty("id").GetString()}")).Text.Should().Contain("moved");
    }
}
