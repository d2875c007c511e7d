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
        double[] quiet = [.. Enumerable.Range(0, 100).Select(_ => Post())];
        var due = begun + lifetime;
        var wait = due - DateTimeOffset.UtcNow;
        Thread.Sleep(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        List<double> meanwhile = [];
        // Until nothing of them is left to do: then the sweeper uses no more processor time than a server that is idle.
        var before = started.Program.ProcessorSeconds;
        var busyUntil = DateTimeOffset.UtcNow;
        while (DateTimeOffset.UtcNow - busyUntil < TimeSpan.FromSeconds(35) && DateTimeOffset.UtcNow - due < TimeSpan.FromSeconds(100))
        {
            for (var i = 0; i < 20; i++)
            {
                meanwhile.Add(Post());
                Thread.Sleep(10);
            }
            var used = started.Program.ProcessorSeconds;
            if (used - before > 0.1)
            {
                busyUntil = DateTimeOffset.UtcNow;
            }
            before = used;
        }
        results.AddAtMost(
            FormattableString.Invariant($"{count:N0} stories that expire at once"),
            "from the expiry until the server is idle again but for 50 posts a second",
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
