using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace StoriesCli.Bench;

/// <summary>Writes RESULTS.md and its plots.</summary>
internal static class Report
{
    public static void Write(string folder, Lab lab, Results results, IReadOnlyList<string> failed, TimeSpan took)
    {
        Directory.CreateDirectory(folder);
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            # How fast it is

            `{(
                lab.IsQuick ? "script/bench --quick" : "script/bench"
            )}` made this page in {took.TotalMinutes:0.0} minutes, on {DateTimeOffset.UtcNow:yyyy-MM-dd}.

            {Machine(lab, Peers())}

            Peers ran on the same cores, by turns with the product. So trust ratios more than times.
            A figure is the median, and the spread is the lowest and the highest of the repeats.


            """
        );
        Table(page, results, failed);
        if (results.Points.Count > 0)
        {
            page.Append("\n## Cost against size\n");
        }
        foreach (var plot in results.Points.GroupBy(p => p.Plot))
        {
            var name = string.Concat(plot.Key.ToLowerInvariant().TakeWhile(c => c != '(').Select(c => char.IsLetter(c) ? c : '-'))
                .Trim('-');
            File.WriteAllText(Path.Combine(folder, name + ".svg"), Plot.Draw(plot.Key, [.. plot]));
            page.Append(CultureInfo.InvariantCulture, $"![{plot.Key}]({name}.svg)\n");
        }
        File.WriteAllText(Path.Combine(folder, "RESULTS.md"), page.ToString());
        Console.WriteLine($"bench: wrote {Path.Combine(folder, "RESULTS.md")}");
    }

    /// <summary>Load of the machine when the run began.</summary>
    public static string Load { get; } = File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>What the figures depend on, as the rows of a table.</summary>
    public static string Machine(Lab lab, string peers) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            | machine | |
            |---|---|
            | processor | {Processor()}, {Environment.ProcessorCount} cores |
            | memory | {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB |
            | system | {RuntimeInformation.OSDescription} |
            | load before | {Load} |
            | programs | {Version(lab.Server)}, {Version(lab.Client)} |
            | peers | {peers} |
            """
        );

    /// <summary>All figures, what missed goals run into, and what could not be measured.</summary>
    public static void Table(StringBuilder page, Results results, IReadOnlyList<string> failed)
    {
        page.Append("| what | how | figure | spread | goal | met |\n|---|---|---|---|---|---|\n");
        foreach (var f in results.Figures)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {f.What} | {f.How} | {f.Value} | {f.Spread} | {f.Goal} | {(f.IsMet is { } met ? met ? "yes" : "no" : "")} |\n"
            );
        }
        Limits(page, results);
        if (failed.Count > 0)
        {
            page.Append("\n## Not measured\n").AppendJoin("", failed.Select(reason => $"- {reason}\n"));
        }
    }

    private static void Limits(StringBuilder page, Results results)
    {
        var missed = results.Figures.Where(f => f.IsMet == false && KnownLimits.Of(f.What) is not null).ToList();
        if (missed.Count == 0)
        {
            return;
        }
        page.Append("\n## What the missed goals run into\n");
        foreach (var limit in missed.GroupBy(f => KnownLimits.Of(f.What)))
        {
            page.Append(CultureInfo.InvariantCulture, $"- {string.Join("; ", limit.Select(f => f.What).Distinct())}: {limit.Key}\n");
        }
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1]
        ?? "unknown";

    private static string Version(string program) => Running.TryRun(program, "--version").Output.Trim();

    private static string Peers()
    {
        var nginx = Running.TryRun("nginx", "-v").Output.Trim();
        var curl = Running.TryRun("curl", "--version").Output.Split(' ').ElementAtOrDefault(1);
        return $"{nginx.Replace("nginx version: ", "", StringComparison.Ordinal)}, nchan, curl {curl}, SQLite";
    }
}
