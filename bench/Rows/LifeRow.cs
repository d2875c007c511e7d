namespace StoriesCli.Bench.Rows;

/// <summary>What ends: rounds of the sweeper, many expiries at once, and the data file after everything is gone.</summary>
internal sealed class LifeRow : Row
{
    public override string Name => "Ends of stories";

    public override void Measure(Lab lab, Results results)
    {
        var count = lab.IsQuick ? 5_000 : 100_000;
        var data = Path.Combine(lab.NewFolder("life"), "data");
        string owner,
            viewer;
        using (var server = new StoryServer(lab, data))
        {
            owner = server.JoinOwner();
            viewer = server.JoinMember(owner, Lab.Viewer);
            server.PostPicture(lab, owner);
        }
        // They expire together, some seconds after the start.
        var lifetime = TimeSpan.FromSeconds(lab.IsQuick ? 15 : 60);
        var begun = DateTimeOffset.UtcNow;
        new Filler(seed: 2).Fill(data, 0, count, lifetime);
        var full = Size(data);
        if (DateTimeOffset.UtcNow - begun > lifetime - TimeSpan.FromSeconds(3))
        {
            throw new InvalidOperationException("the store took longer to fill than its stories live");
        }
        using var started = new StoryServer(lab, data);
        var text = "a post meanwhile"u8.ToArray();
        double Post() => Lab.Time(() => started.Post(viewer, text, "text/plain"));
        (double[] Times, double Processor) Twenty()
        {
            var used = started.Program.ProcessorSeconds;
            double[] times =
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(_ =>
                    {
                        Thread.Sleep(10);
                        return Post();
                    }),
            ];
            return (times, started.Program.ProcessorSeconds - used);
        }
        List<(double[] Times, double Processor)> before = [.. Enumerable.Range(0, 8).Select(_ => Twenty())];
        double[] quiet = [.. before.SelectMany(it => it.Times)];
        // Posts alone take so much, and some more when the machine is slow for a moment.
        var usual = before.Max(it => it.Processor) + 0.05;
        var due = begun + lifetime;
        var wait = due - DateTimeOffset.UtcNow;
        Thread.Sleep(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        List<double> meanwhile = [];
        // Until nothing of them is left to do: then the server takes no more processor time than for the posts.
        var busyUntil = DateTimeOffset.UtcNow;
        while (DateTimeOffset.UtcNow - busyUntil < TimeSpan.FromSeconds(35) && DateTimeOffset.UtcNow - due < TimeSpan.FromSeconds(100))
        {
            var (times, processor) = Twenty();
            meanwhile.AddRange(times);
            if (processor > usual)
            {
                busyUntil = DateTimeOffset.UtcNow;
            }
        }
        results.AddAtMost(
            FormattableString.Invariant($"{count:N0} stories that expire at once"),
            "from the expiry until the server takes only the time of the posts meanwhile",
            [(busyUntil - due).TotalSeconds],
            20,
            "s",
            "0.0"
        );
        var during = meanwhile.Take(
            (int)Math.Max(20, meanwhile.Count * (busyUntil - due).TotalSeconds / (DateTimeOffset.UtcNow - due).TotalSeconds)
        );
        results.AddAtMost(
            "Posts while they expire",
            FormattableString.Invariant($"median against that before ({Spread.Of(quiet).Median:0.00} ms)"),
            [Spread.Of(during).Median / Spread.Of(quiet).Median],
            2,
            "×"
        );
        results.AddAtMost(
            "Data directory when they are gone",
            FormattableString.Invariant($"against {full / 1e6:0.0} MB with all of them"),
            [(double)Size(data) / full],
            0.6,
            "×"
        );
    }

    private static long Size(string data) =>
        new DirectoryInfo(data).EnumerateFiles().Where(f => f.Name.StartsWith("stories.db", StringComparison.Ordinal)).Sum(f => f.Length);
}
