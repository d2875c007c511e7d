using System.Text.Json;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Examples;

public sealed partial class MonitoringTests
{
    [Fact]
    public async Task Prometheus_takes_the_scrape_configuration_and_the_alerts()
    {
        var judged = await CommandRun.OfAsync(
            new("promtool", ["check", "config", "--lint-fatal", Published.ExamplePath("prometheus/prometheus.yml")])
        );

        judged.Succeeded().Out.Should().Contain("14 rules found");
    }

    [Fact]
    public async Task Each_metric_that_an_alert_a_panel_or_the_page_names_is_there()
    {
        var folder = Directory.CreateTempSubdirectory("stories-metrics-");
        var socket = Path.Combine(folder.FullName, "metrics.sock");
        var cluster = await PostgresCluster.CommonAsync();
        // With everything that has metrics of its own.
        await using var server = await RealServer.StartAsync(
            "--metrics-listen",
            "unix:" + socket,
            "--database",
            await cluster.NewDatabaseAsync(),
            "--backup-every",
            "1d",
            "--backup-to",
            Path.Combine(folder.FullName, "backups")
        );
        var ana = await server.JoinAsync("ana");
        (await ana.StoriesAsync("post", Published.Sample("photo.jpg"))).Succeeded();
        var page = (await ana.RunAsync("curl", ["--silent", "--unix-socket", socket, "http://metrics/metrics"])).Succeeded().Out;
        // Only a server that speaks TLS itself has it.
        var there = MetricName().Matches(page).Select(match => match.Value).Append("stories_tls_certificate_end_seconds").ToHashSet();

        var dashboard = JsonDocument.Parse(Published.Example("grafana/stories.json")).RootElement;
        var queries = dashboard
            .GetProperty("panels")
            .EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)
            .ToList();
        queries.Should().HaveCountGreaterThan(20);
        foreach (var text in queries.Append(Published.Example("prometheus/alerts.yml")).Append(Published.Read("docs/host/monitoring.md")))
        {
            MetricName().Matches(text).Select(match => match.Value).Except(there).Should().BeEmpty();
        }
        // The variables are Grafana's.
        var rules = queries.Select(
            (query, i) =>
                $"      - record: panel:{i}\n        expr: '{query.Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$instance", "x", StringComparison.Ordinal)}'\n"
        );
        var path = Path.Combine(ana.Home, "panels.yml");
        await File.WriteAllTextAsync(path, "groups:\n  - name: panels\n    rules:\n" + string.Concat(rules));
        (await ana.RunAsync("promtool", ["check", "rules", path])).Succeeded();
        await server.KillAsync();
        folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"\b(?:stories|http_server|process)_[a-z_]+[a-z]\b")]
    private static partial Regex MetricName();
}
