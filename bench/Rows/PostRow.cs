using System.Text;

namespace StoriesCli.Bench.Rows;

/// <summary>Posts of texts and photos, and deletions.</summary>
internal sealed class PostRow : Row
{
    public override string Name => "Posting and deleting";

    public override void Measure(Lab lab, Results results)
    {
        using var server = new StoryServer(lab, Path.Combine(lab.NewFolder("post"), "data"));
        var owner = server.JoinOwner();
        CompareTexts(lab, results, server, owner);
        MeasurePhotos(lab, results, server, owner);
        MeasureDeletes(lab, results, server, owner);
    }

    private static void CompareTexts(Lab lab, Results results, StoryServer server, string owner)
    {
        var port = Lab.FreePort();
        using var peer = new Running(
            lab.Peer,
            Path.Combine(lab.NewFolder("sqlite"), "stories.db"),
            port.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        var sqlite = new Uri(FormattableString.Invariant($"http://127.0.0.1:{port}/"));
        AwaitAnswer(server, sqlite);
        var text = Encoding.UTF8.GetBytes("""{"text":"The build is green again, after three hours.","ttl":"6h"}""");
        foreach (var (clients, ratio, rate) in ((int, double, double)[])[(1, 0.9, 1500), (8, 0.6, 6000), (64, 0.5, 12000)])
        {
            var stories = new Uri(server.Url, "/v1/stories");
            var (ratios, rates, _) = lab.Alternate(
                () => lab.Rate(stories, clients, owner, (text, "application/json")),
                () => lab.Rate(sqlite, clients, token: null, (text, "application/json"))
            );
            var name = clients == 1 ? "Text posts, 1 client" : FormattableString.Invariant($"Text posts, {clients} clients");
            results.AddRatio(name, "rate of wrk against a native Kestrel + SQLite (FULL, WAL, group commit)", ratios, ratio);
            results.AddAtLeast(name, "wrk", rates, rate, "a second");
        }
    }

    private static void AwaitAnswer(StoryServer server, Uri url)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var content = new StringContent("{}");
                using var answer = server.Http.PostAsync(url, content).GetAwaiter().GetResult();
                return;
            }
            catch (HttpRequestException) when (tries < 1000)
            {
                Thread.Sleep(5);
            }
        }
    }

    private static void MeasurePhotos(Lab lab, Results results, StoryServer server, string owner)
    {
        var photo = File.ReadAllBytes(Path.Combine(lab.Samples, "photo.jpg"));
        server.Post(owner, photo, "image/jpeg");
        var count = lab.IsQuick ? 20 : 100;
        var before = server.Program.ProcessorSeconds;
        double[] times = [.. Enumerable.Range(0, count).Select(_ => Lab.Time(() => server.Post(owner, photo, "image/jpeg")))];
        var processor = (server.Program.ProcessorSeconds - before) * 1000 / count;
        results.AddAtMost(
            "Photo post, 27 KB",
            FormattableString.Invariant($"one client; {processor:0.0} ms of processor time each"),
            times,
            6,
            "ms"
        );
    }

    private static void MeasureDeletes(Lab lab, Results results, StoryServer server, string owner)
    {
        var perClient = lab.IsQuick ? 100 : 400;
        string[] Prepare(int count) => [.. Enumerable.Range(0, count).Select(_ => server.Post(owner, "x"u8.ToArray(), "text/plain"))];
        var single = Prepare(perClient);
        results.AddAtLeast(
            "Deletions, 1 client",
            "one after the other",
            [perClient * 1000 / Lab.Time(() => Delete(server, owner, single))],
            1000,
            "a second"
        );

        var text = "8 posters"u8.ToArray();
        var url = new Uri(server.Url, "/v1/stories");
        var (alone, beside) = (new List<double>(), new List<double>());
        for (var i = 0; i < Math.Min(lab.Repeats, 3); i++)
        {
            alone.Add(lab.Rate(url, 8, owner, (text, "text/plain")));
            // Posted in parallel, and more than eight deleters can delete while wrk runs.
            var victims = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => Prepare(1000 * lab.Seconds)).ToArray();
            using var stop = new CancellationTokenSource();
            var deleting = Task.WhenAll(victims.Select(ids => Task.Run(() => Delete(server, owner, ids, stop.Token))));
            beside.Add(lab.Rate(url, 8, owner, (text, "text/plain")));
            stop.Cancel();
            deleting.GetAwaiter().GetResult();
        }
        results.AddRatio(
            "8 posters beside 8 deleters",
            "their rate against that of 8 posters alone",
            [.. alone.Zip(beside, (a, b) => b / a)],
            0.9
        );
    }

    private static void Delete(StoryServer server, string owner, string[] ids, CancellationToken stop = default)
    {
        foreach (var id in ids.TakeWhile(_ => !stop.IsCancellationRequested))
        {
            server.Send(HttpMethod.Delete, $"/v1/stories/{id}", owner);
        }
    }
}
