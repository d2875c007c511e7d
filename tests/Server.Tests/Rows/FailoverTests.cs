using System.Diagnostics;
using System.Net;
using StoriesCli.Testing;
using Xunit.Abstractions;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>The primary is killed under posting, and its standby takes over.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Posts_go_on_at_the_promoted_standby_and_nothing_acknowledged_is_lost(int servers)
    {
        await using var primary = await PostgresCluster.StartAsync(isDurable: true);
        var database = await primary.NewDatabaseAsync();
        await using var standby = await primary.StartStandbyAsync();
        await using var team = await ServerTeam.StartAsync(primary, primary.AlsoAt(standby, database), servers);
        await using var posters = new Posters(team.Any, team.Token);
        await posters.MoreAsync(60);

        await primary.KillAsync();
        await Eventually.TrueAsync(async () => (await team.At(0).GetAsync("/readyz")).Status == HttpStatusCode.ServiceUnavailable);
        var watch = Stopwatch.StartNew();
        await standby.PromoteAsync();
        await team.UntilWritableAsync(servers - 1, GoesOnWithin);
        output.WriteLine($"measured: posts go on {watch.Elapsed.TotalSeconds:0.0} s after a standby is promoted, with {servers} servers");

        await posters.MoreAsync(60);
        await posters.StopAsync();
        for (var server = 0; server < servers; server++)
        {
            await Eventually.TrueAsync(async () => (await team.At(server).GetAsync("/readyz")).Status == HttpStatusCode.OK);
            await posters.CheckAsync(team.At(server));
        }
    }
}
