using System.Globalization;

namespace StoriesCli.Bench.Tui;

/// <summary>What the kernel knows of a process.</summary>
internal static class ProcessFacts
{
    /// <summary>How often its threads have waited and gone on.</summary>
    public static long Wakeups(int process) =>
        Threads(process)
            .Sum(thread =>
                File.ReadLines(Path.Combine(thread, "status"))
                    .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
                    .Sum(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture))
            );

    /// <summary>Seconds that its threads ran. Threads that have ended count no more.</summary>
    public static double ProcessorSeconds(int process) =>
        Threads(process)
            .Sum(thread =>
                long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture) / 1e9
            );

    /// <summary>In MB of 10⁶ bytes: what would be free without it, and what of it is in memory at all.</summary>
    public static (double Proportional, double Resident) Megabytes(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/smaps_rollup");
        return (Of("Pss:"), Of("Rss:"));

        double Of(string name) =>
            double.Parse(
                lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture
            )
            * 1024
            / 1e6;
    }

    public static bool IsStopped(int process) => File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].StartsWith('T');

    private static string[] Threads(int process) => Directory.GetDirectories($"/proc/{process}/task");
}
