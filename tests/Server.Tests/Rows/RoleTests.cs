using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>What <c>stories-server status</c> and the metrics tell of which server writes, and how far another one is behind.</summary>
public sealed class RoleTests
{
    [Fact]
    public async Task Status_and_metrics_tell_who_writes_and_how_far_a_follower_is_also_after_a_takeover()
    {
        var metrics = new[] { FreePort.Find(), FreePort.Find() };
        var cluster = await PostgresCluster.CommonAsync();
        await using var team = await ServerTeam.StartAsync(cluster, 0);
        foreach (var port in metrics)
        {
            await team.AddAsync(team.Database, "--metrics-listen", $"http://127.0.0.1:{port}");
        }
        await team.JoinAsync();
        await PostAsync(0);
        await PostAsync(1);

        await TellAsync(writer: 0, follower: 1);

        await team.Servers[0].KillAsync();
        await team.UntilWritableAsync(1, TimeSpan.FromSeconds(10));
        (await RoleAsync(1))["writes"]!.GetValue<bool>().Should().BeTrue();
        (await ReadAsync(1))["stories_database_writer"].Should().Be(1);
        await team.Servers[0].StartAgainAsync();
        await PostAsync(0);
        await TellAsync(writer: 1, follower: 0);

        async Task TellAsync(int writer, int follower)
        {
            var name = await cluster.QueryAsync(team.Database, "select name from writer");
            // A follower that is idle knows the last commit within a second, and a commit can come between two looks.
            await Eventually.TrueAsync(async () =>
            {
                var last = long.Parse(
                    await cluster.QueryAsync(team.Database, "select max(seq) from commits"),
                    CultureInfo.InvariantCulture
                );
                return (await RoleAsync(writer))["commit"]!.GetValue<long>() == last
                    && (await RoleAsync(follower))["commit"]!.GetValue<long>() == last
                    && (await ReadAsync(writer))["stories_database_last_commit"] == last
                    && (await ReadAsync(follower))["stories_database_last_commit"] == last;
            });
            foreach (var (server, writes) in ((int, bool)[])[(writer, true), (follower, false)])
            {
                var role = await RoleAsync(server);
                role["writes"]!.GetValue<bool>().Should().Be(writes);
                role["writer"]!.GetValue<string>().Should().Be(name);
                role["ageSeconds"]!.GetValue<double>().Should().BeInRange(0, 5);
                var told = await ReadAsync(server);
                told["stories_database_writer"].Should().Be(writes ? 1 : 0);
                told["stories_database_age_seconds"].Should().BeInRange(0, 5);
            }
        }

        async Task PostAsync(int server) =>
            (await team.At(server).PostJsonAsync("/v1/stories", """{ "text": "hello" }""")).Status.Should().Be(HttpStatusCode.Created);

        async Task<JsonNode> RoleAsync(int server) =>
            JsonNode.Parse((await ServerProcess.RunAsync("status", "--json", "--data", team.Servers[server].DataPath)).Succeeded().Out)![
                "role"
            ]!;

        async Task<Dictionary<string, double>> ReadAsync(int server)
        {
            using var http = new HttpClient();
            var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{metrics[server]}/metrics"));
            return text.Split('\n')
                .Where(line =>
                    line.StartsWith("stories_database_", StringComparison.Ordinal) && !line.Contains('{', StringComparison.Ordinal)
                )
                .Select(line => line.Split(' '))
                .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        }
    }
}
