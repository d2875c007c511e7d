using System.Diagnostics;
using StoriesCli.Bench.Rows;
using StoriesCli.Bench.Tui;

namespace StoriesCli.Bench;

/// <summary>Runs the rows and writes the results.</summary>
internal static class Entry
{
    private const string Usage = """
        stories-bench --server FILE --client FILE --peer FILE --samples DIR --out DIR [--quick] [--rows NAME,NAME]
        script/bench builds what it needs and runs it.
        "stories-bench tui" measures the terminal UI instead: script/bench-tui.
        """;

    private static readonly string[] Needed = ["--server", "--client", "--peer", "--samples", "--out"];

    public static int Main(string[] args)
    {
        var isTui = args is [TuiEntry.Command, ..];
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = isTui ? 1 : 0; i < args.Length; i++)
        {
            options[args[i]] = args[i] == "--quick" || i + 1 == args.Length ? "" : args[++i];
        }
        Console.CancelKeyPress += (_, _) => Running.EndAll();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Running.EndAll();
        if (isTui)
        {
            return TuiEntry.Run(options);
        }
        if (!Needed.All(options.ContainsKey))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("stories-bench-").FullName;
        var started = Stopwatch.GetTimestamp();
        var lab = new Lab(
            options["--server"],
            options["--client"],
            options["--peer"],
            options["--samples"],
            folder,
            options.ContainsKey("--quick")
        );
        var results = new Results();
        var wanted = options.GetValueOrDefault("--rows")?.Split(',');
        var failed = new List<string>();
        try
        {
            foreach (
                var row in (Row[])
                    [new StartRow(), new PostRow(), new MediaRow(), new EventRow(), new SizeRow(), new LifeRow(), new ScaleRow()]
            )
            {
                if (wanted?.Any(name => row.GetType().Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)) == false)
                {
                    continue;
                }
                try
                {
                    Console.WriteLine($"bench: {row.Name}");
                    row.Measure(lab, results);
                }
                catch (Exception e)
                {
                    // The other rows are worth having.
                    Console.Error.WriteLine($"bench: {row.Name} failed: {e}");
                    failed.Add($"{row.Name}: {e.Message.Split('\n')[0]}");
                }
                finally
                {
                    Running.EndAll();
                }
            }
            Report.Write(options["--out"], lab, results, failed, Stopwatch.GetElapsedTime(started));
            return failed.Count == 0 ? 0 : 1;
        }
        finally
        {
            Running.EndAll();
            Directory.Delete(folder, recursive: true);
        }
    }
}
