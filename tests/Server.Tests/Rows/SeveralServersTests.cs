using System.Diagnostics;
using System.Net;
using StoriesCli.Testing;
using Xunit.Abstractions;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>One server writes, the others follow it, and take over.</summary>
public sealed class SeveralServersTests(ITestOutputHelper output)
{
    private static readonly TimeSpan TakeoverAtMost = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task What_is_written_through_a_follower_is_read_there_at_once_and_on_every_server_soon()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync(), count: 3);
        var (writer, follower, other) = (team.At(0), team.At(1), team.At(2));
        for (var i = 0; i < 20; i++)
        {
            var posted = await follower.PostJsonAsync("/v1/stories", $$"""{ "text": "card {{i}}" }""", ("Idempotency-Key", $"key-{i}"));
            posted.Status.Should().Be(HttpStatusCode.Created, posted.Text);
            var id = posted.Json.GetProperty("id").GetString()!;

            (await follower.GetAsync($"/v1/stories/{id}")).Status.Should().Be(HttpStatusCode.OK, "who wrote it reads it");

            var again = await other.PostJsonAsync("/v1/stories", $$"""{ "text": "card {{i}}" }""", ("Idempotency-Key", $"key-{i}"));
            again.Json.GetProperty("id").GetString().Should().Be(id, "the key holds on every server");
            (await writer.GetAsync($"/v1/stories/{id}")).Status.Should().Be(HttpStatusCode.OK);
            (await follower.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
            (await follower.GetAsync($"/v1/stories/{id}")).Status.Should().Be(HttpStatusCode.Gone);
            await Eventually.TrueAsync(async () => (await other.GetAsync($"/v1/stories/{id}")).Status == HttpStatusCode.Gone);
        }
    }

    [Fact]
    public async Task Files_go_through_a_follower_both_ways()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync());
        var follower = team.At(1);
        var photo = await TestMedia.JpegAsync();

        var posted = await follower.SendAsync(HttpMethod.Post, "/v1/stories", new ByteArrayContent(photo));

        posted.Status.Should().Be(HttpStatusCode.Created, posted.Text);
        var media = await follower.GetAsync($"/v1/stories/{posted.Json.GetProperty("id").GetString()}/media", ("Range", "bytes=10-19"));
        media.Status.Should().Be(HttpStatusCode.PartialContent);
        media.Body.Should().HaveCount(10);
    }

    [Fact]
    public async Task A_revoked_token_opens_nothing_on_a_follower()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync());
        var (writer, follower) = (team.At(0), team.At(1));
        var made = await writer.PostJsonAsync("/v1/tokens", """{ "name": "other", "scopes": ["read"] }""");
        using var other = new Wire(() => team.Servers[1].Url, made.Json.GetProperty("token").GetString());
        await Eventually.TrueAsync(async () => (await other.GetAsync("/v1/tray")).Status == HttpStatusCode.OK);

        var id = made.Json.GetProperty("id").GetString();
        (await follower.SendAsync(HttpMethod.Delete, $"/v1/tokens/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);

        (await other.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_killed_writer_is_replaced_within_ten_seconds_and_nothing_acknowledged_is_lost()
    {
        await using var cluster = await PostgresCluster.StartAsync(isDurable: true);
        await using var team = await ServerTeam.StartAsync(cluster);
        await using var posters = new Posters(team.Any, team.Token);
        for (var kill = 0; kill < 4; kill++)
        {
            await posters.MoreAsync(40);
            var (writer, follower) = (kill % 2, (kill + 1) % 2);
            await team.Servers[writer].KillAsync();
            var took = await team.UntilWritableAsync(follower, TakeoverAtMost);
            output.WriteLine($"measured: takeover after a kill in {took.TotalSeconds:0.0} s");
            await team.Servers[writer].StartAgainAsync();
        }
        await posters.MoreAsync(40);
        await posters.StopAsync();

        await posters.CheckAsync(team.At(0));
        await posters.CheckAsync(team.At(1));
    }

    [Fact]
    public async Task A_stopped_writer_is_replaced_and_does_not_write_when_it_goes_on()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync());
        await team.Servers[0].SignalAsync("STOP");
        var took = await team.UntilWritableAsync(1, TakeoverAtMost);
        output.WriteLine($"measured: takeover from a stopped writer in {took.TotalSeconds:0.0} s");
        var epoch = await team.Cluster.QueryAsync(team.Database, "select epoch from writer");
        // What is asked of it while it is stopped waits until it goes on.
        var asked = team.At(0).PostJsonAsync("/v1/stories", """{ "text": "late" }""", ("Idempotency-Key", "late"));

        await team.Servers[0].SignalAsync("CONT");

        var answer = await asked;
        answer.Status.Should().BeOneOf(HttpStatusCode.ServiceUnavailable, HttpStatusCode.Created);
        await team.UntilWritableAsync(0, TakeoverAtMost);
        (await team.Cluster.QueryAsync(team.Database, "select epoch from writer")).Should().Be(epoch, "the other one still writes");
        (await team.Cluster.QueryAsync(team.Database, "select count(distinct epoch) from commits where epoch > 1")).Should().Be("1");
    }

    [LongFact]
    public async Task A_writer_that_was_stopped_for_half_a_minute_under_posting_does_not_write_when_it_goes_on()
    {
        await using var cluster = await PostgresCluster.StartAsync(isDurable: true);
        await using var team = await ServerTeam.StartAsync(cluster);
        await using var posters = new Posters(() => team.Servers[0].Url, team.Token);
        await posters.MoreAsync(40);
        await team.Servers[0].SignalAsync("STOP");
        var stopped = Stopwatch.StartNew();
        await team.UntilWritableAsync(1, TakeoverAtMost);
        var epoch = await cluster.QueryAsync(team.Database, "select epoch from writer");
        for (var i = 0; stopped.Elapsed < TimeSpan.FromSeconds(30); i++)
        {
            (await team.At(1).PostJsonAsync("/v1/stories", $$"""{ "text": "meanwhile {{i}}" }"""))
                .Status.Should()
                .Be(HttpStatusCode.Created);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        await team.Servers[0].SignalAsync("CONT");
        await posters.MoreAsync(40);
        await posters.StopAsync();

        (await cluster.QueryAsync(team.Database, "select epoch from writer")).Should().Be(epoch, "the other one still writes");
        (
            await cluster.QueryAsync(
                team.Database,
                $"select count(*) from commits where epoch <> {epoch} and seq > (select min(seq) from commits where epoch = {epoch})"
            )
        )
            .Should()
            .Be("0");
        await posters.CheckAsync(team.At(0));
        await posters.CheckAsync(team.At(1));
    }

    [Fact]
    public async Task A_follower_without_the_database_answers_503_and_comes_back()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync(), count: 1);
        using var gate = await team.AddBehindGateAsync();
        var follower = team.At(1);
        (await follower.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.OK);

        gate.Close();

        await Eventually.TrueAsync(async () => (await follower.GetAsync("/v1/tray")).Status == HttpStatusCode.ServiceUnavailable);
        (await follower.GetAsync("/readyz")).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        gate.Open();
        await Eventually.TrueAsync(async () => (await follower.GetAsync("/v1/tray")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_of_the_database_that_comes_late_makes_nothing_current()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync(), count: 1);
        using var gate = await team.AddBehindGateAsync();
        var (writer, follower) = (team.At(0), team.At(1));
        var id = (await writer.PostJsonAsync("/v1/stories", """{ "text": "card" }""")).Json.GetProperty("id").GetString();
        await Eventually.TrueAsync(async () => await StatusAsync() == HttpStatusCode.OK);

        gate.SwallowAnswersAfter("from commits");
        await Eventually.TrueAsync(() => gate.IsWaiting);
        (await writer.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        var deleted = Stopwatch.StartNew();
        // Late, but not so late that nobody waits for it.
        await Task.Delay(TimeSpan.FromSeconds(3));
        gate.PassWhatWaits();

        var shown = TimeSpan.Zero;
        await Eventually.TrueAsync(async () =>
        {
            var asked = deleted.Elapsed;
            var status = await StatusAsync();
            shown = status == HttpStatusCode.OK ? asked : shown;
            return status == HttpStatusCode.ServiceUnavailable;
        });
        shown.Should().BeLessThan(TimeSpan.FromSeconds(6), "what was asked before the deletion is too old by then");
        gate.Pass();

        async Task<HttpStatusCode> StatusAsync() => (await follower.GetAsync($"/v1/stories/{id}")).Status;
    }

    [Theory]
    [InlineData(Fault.CutBody)]
    [InlineData(Fault.CutAnswer)]
    public async Task A_change_whose_answer_is_lost_between_the_servers_can_be_sent_again(Fault fault)
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync());
        var follower = team.At(1);
        await using var line = await FaultProxy.StartAsync(new(await team.Cluster.QueryAsync(team.Database, "select peers from writer")));
        await team.Cluster.QueryAsync(team.Database, $"update writer set peers = '{line.Url}'");
        await Eventually.TrueAsync(async () => await PostAsync("probe") is { Status: HttpStatusCode.Created } && line.Requests > 0);
        line.Decide = (_, _) => fault;

        var lost = await PostAsync("card");

        if (lost is not null)
        {
            lost.Status.Should().Be(HttpStatusCode.ServiceUnavailable, lost.Text);
            lost.Detail.Should().Contain("may have been saved or not");
            lost.Header("Retry-After").Should().NotBeNull();
        }
        line.Decide = (_, _) => Fault.None;
        (await PostAsync("card"))!.Status.Should().Be(HttpStatusCode.Created);
        (await follower.GetAsync("/v1/stories")).Text.Split("\"card\"").Should().HaveCount(2, "one key has one effect");

        async Task<WireAnswer?> PostAsync(string text)
        {
            try
            {
                return await follower.PostJsonAsync("/v1/stories", $$"""{ "text": "{{text}}" }""", ("Idempotency-Key", text));
            }
            catch (HttpRequestException)
            {
                // Its first half was passed on already.
                return null;
            }
        }
    }

    [Fact]
    public async Task The_address_for_servers_is_closed_to_who_does_not_know_the_secret()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync(), count: 1);
        var peers = new Uri(await team.Cluster.QueryAsync(team.Database, "select peers from writer"));
        var stranger = team.At(() => peers);

        (await stranger.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await stranger.GetAsync("/v1/tray", ("Stories-Peer-Secret", "guessed"))).Status.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_server_with_another_secret_reads_refuses_changes_and_says_why()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync(), count: 1);
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, new string('x', 64));
        await using var stranger = await ServerProcess.StartAsync(
            "--database",
            team.Database,
            "--listen-peers",
            $"http://127.0.0.1:{FreePort.Find()}",
            "--peer-secret-file",
            secret
        );
        var wire = team.At(() => stranger.Url);

        var refused = await wire.PostJsonAsync("/v1/stories", """{ "text": "card" }""");

        refused.Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Detail.Should().Contain("--peer-secret-file");
        (await wire.GetAsync("/v1/stories")).Status.Should().Be(HttpStatusCode.OK);
        (await wire.GetAsync("/readyz")).Text.Should().Contain("peers: the server that writes takes no changes from this one");
        stranger.Log.Should().ContainMatch("*does not know the secret of this one: both need the same --peer-secret-file*");
        File.Delete(secret);
    }

    [Fact]
    public async Task A_command_that_only_the_writer_can_carry_out_names_it()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync());
        var follower = team.Servers[1];

        var run = await ServerProcess.RunAsync("backup", Path.Combine(follower.DataPath, "..", "team.tar"), "--data", follower.DataPath);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("follows another one").And.Contain($"process {team.Servers[0].Id}");
    }

    [Fact]
    public async Task A_second_server_that_cannot_follow_is_refused_and_told_who_writes()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync(), count: 1);

        var run = await ServerProcess.RunAsync(
            "--database",
            team.Database,
            "--data",
            Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}")
        );

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("is in use by").And.Contain("process");
    }
}
