namespace StoriesCli.Bench.Rows;

/// <summary>Cost against size: tray, lists, search, page, start and memory with more and more stories in the same store.</summary>
internal sealed class SizeRow : Row
{
    private const string Cost = "Time of one request (ms)",
        Start = "Start to first answer (ms)",
        Memory = "Memory after the start (MB)";

    private static readonly (string Name, string Path)[] Lists =
    [
        ("by author", $"/v1/stories?author={Filler.RareAuthor}"),
        ("by slot", $"/v1/stories?slot={Filler.RareSlot}"),
        ("by tag", $"/v1/stories?tag={Filler.RareTag}"),
        ("by kind", "/v1/stories?kind=audio"),
        ("unseen", "/v1/stories?unseen=true"),
    ];

    public override string Name => "Cost against size";

    public override void Measure(Lab lab, Results results)
    {
        var data = Path.Combine(lab.NewFolder("size"), "data");
        string viewer,
            muter;
        double idle;
        using (var server = new StoryServer(lab, data))
        {
            var owner = server.JoinOwner();
            viewer = server.JoinMember(owner, Lab.Viewer);
            muter = server.JoinMember(owner, "muter");
            server.PostPicture(lab, owner);
            for (var i = 0; i < 200; i++)
            {
                server.Send(HttpMethod.Put, FormattableString.Invariant($"/v1/tags/muted-{i}/mute"), muter, new { });
            }
        }
        using (var server = new StoryServer(lab, data))
        {
            Thread.Sleep(1000);
            idle = server.Program.MemoryMegabytes;
            results.AddAtMost("Memory when idle", "resident, 1 s after the start", [idle], 45, "MB", "0.0");
        }
        var filler = new Filler(seed: 1);
        var costs = new Dictionary<(string Name, int Size), double>();
        var has = 0;
        foreach (var size in lab.Sizes)
        {
            filler.Fill(data, has, size, TimeSpan.FromDays(20));
            has = size;
            MeasureSize(lab, results, data, size, viewer, muter, idle, costs);
        }
        Compare(lab, results, costs);
    }

    private static void MeasureSize(
        Lab lab,
        Results results,
        string data,
        int size,
        string viewer,
        string muter,
        double idle,
        Dictionary<(string Name, int Size), double> costs
    )
    {
        using var server = new StoryServer(lab, data);
        results.Points.Add(new(Start, "start", size, server.StartMilliseconds));
        double? startGoal = size switch
        {
            31_757 => 350,
            100_000 => 1000,
            1_000_000 => 9000,
            _ => null,
        };
        if (startGoal is { } most)
        {
            results.AddAtMost(
                FormattableString.Invariant($"Start with {size:N0} stories"),
                "from the start of the process to the first 200",
                [server.StartMilliseconds],
                most,
                "ms",
                "0"
            );
        }
        var memory = server.Program.MemoryMegabytes;
        results.Points.Add(new(Memory, "resident", size, memory));
        if (size == lab.Sizes[^1])
        {
            results.AddAtMost(
                "Memory a story",
                FormattableString.Invariant($"resident with {size:N0} stories and as many views, less than when idle, after the start"),
                [(memory - idle) * 1000 / size],
                1.0,
                "KB"
            );
        }
        var count = lab.IsQuick ? 20 : 50;
        foreach (
            var (name, path) in (IEnumerable<(string, string)>)
                [("tray", "/v1/tray"), ("page of 50", "/v1/stories?limit=50"), .. Lists, ("search without a hit", "/v1/stories?q=zebra")]
        )
        {
            var times = Spread.Of(server.Times(path, viewer, count));
            costs[(name, size)] = times.Median;
            results.Points.Add(new(Cost, name, size, times.Median));
            if (name == "search without a hit" && size is 31_757 or 10_000)
            {
                results.AddAtMost(
                    FormattableString.Invariant($"Search without a hit, {size:N0} stories"),
                    "one client",
                    [times.Median],
                    5,
                    "ms"
                );
            }
        }
        if (size is 31_757 or 1_000)
        {
            results.AddAtLeast(
                FormattableString.Invariant($"Tray with {size:N0} stories"),
                "wrk, 8 connections",
                [.. Enumerable.Range(0, lab.Repeats).Select(_ => lab.Rate(new(server.Url, "/v1/tray"), 8, viewer))],
                5000,
                "a second"
            );
            if (size == 1_000)
            {
                ComparePages(lab, results, server, viewer, muter);
            }
        }
    }

    private static void ComparePages(Lab lab, Results results, StoryServer server, string viewer, string muter)
    {
        const string Path = "/v1/stories?limit=50";
        using var nginx = new Nginx(lab);
        var file = nginx.Serve("page.json", server.Get(Path, viewer));
        var page = new Uri(server.Url, Path);
        var (ratios, rates, _) = lab.Alternate(() => lab.Rate(page, 8, viewer), () => lab.Rate(file, 8));
        results.AddRatio(
            "Page of 50 stories",
            "rate of wrk, 8 connections, against nginx serving a file of the same bytes",
            ratios,
            0.6,
            FormattableString.Invariant($" ({Spread.Of(rates).Median:N0} a second)")
        );
        var (muting, _, _) = lab.Alternate(() => lab.Rate(page, 8, viewer), () => lab.Rate(page, 8, muter));
        results.AddAtMost("The page for a viewer with 200 muted tags", "time against that of a viewer with none", muting, 1.2, "×");
    }

    private static void Compare(Lab lab, Results results, Dictionary<(string Name, int Size), double> costs)
    {
        var large = lab.IsQuick ? 10_000 : 31_757;
        foreach (
            var (name, size) in (IEnumerable<(string, int)>)[("tray", large), .. Lists.Select(l => (l.Name, 10_000)), ("unseen", large)]
        )
        {
            results.AddAtMost(
                FormattableString.Invariant($"{(name == "tray" ? "Tray" : "List " + name)}, {size:N0} stories against 1,000"),
                "median time of one client",
                [costs[(name, size)] / costs[(name, 1_000)]],
                1.5,
                "×"
            );
        }
    }
}
