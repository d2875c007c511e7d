using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using StoriesCli.Testing;

namespace StoriesCli.Bench.Rows;

/// <summary>Several servers on one PostgreSQL that waits for its disk, against one server on its own files; and media in a bucket.</summary>
internal sealed class ScaleRow : Row
{
    private const int Listeners = 1000,
        PostsASecond = 500;

    private static readonly byte[] Text = Encoding.UTF8.GetBytes("""{"text":"The build is green again, after three hours.","ttl":"6h"}""");

    public override string Name => "Past one box";

    public override void Measure(Lab lab, Results results) => MeasureAsync(lab, results).GetAwaiter().GetResult();

    private static async Task MeasureAsync(Lab lab, Results results)
    {
        var postgres = await PostgresCluster.StartAsync(isDurable: true).ConfigureAwait(false);
        await using var _ = postgres.ConfigureAwait(false);
        await ComparePostsAsync(lab, results, postgres).ConfigureAwait(false);
        await CompareServersAsync(lab, results, postgres).ConfigureAwait(false);
        await CompareMediaAsync(lab, results).ConfigureAwait(false);
    }

    private static async Task ComparePostsAsync(Lab lab, Results results, PostgresCluster postgres)
    {
        using var embedded = new StoryServer(lab, Path.Combine(lab.NewFolder("embedded"), "data"));
        using var alone = new StoryServer(
            lab,
            Path.Combine(lab.NewFolder("postgres"), "data"),
            "--database",
            await postgres.NewDatabaseAsync().ConfigureAwait(false)
        );
        var (ours, theirs) = (embedded.JoinOwner(), alone.JoinOwner());
        foreach (var clients in (int[])[1, 8, 64])
        {
            var (ratios, rates, _) = lab.Alternate(
                () => lab.Rate(new(alone.Url, "/v1/stories"), clients, theirs, (Text, "application/json")),
                () => lab.Rate(new(embedded.Url, "/v1/stories"), clients, ours, (Text, "application/json"))
            );
            results.AddRatio(
                FormattableString.Invariant($"Text posts on PostgreSQL, {(clients == 1 ? "1 client" : $"{clients} clients")}"),
                "rate of wrk against the embedded engine, one server each",
                ratios,
                0.5,
                FormattableString.Invariant($" ({Spread.Of(rates).Median:#,0} a second)")
            );
        }
    }

    private static async Task CompareServersAsync(Lab lab, Results results, PostgresCluster postgres)
    {
        using var team = new Team(lab, await postgres.NewDatabaseAsync().ConfigureAwait(false), 3);
        var writer = team.Writer;
        var owner = writer.JoinOwner();
        for (var i = 0; i < 200; i++)
        {
            writer.Post(owner, Text, "application/json");
        }
        CompareReads(lab, results, team, owner);
        await MeasureLagAsync(lab, results, team, owner).ConfigureAwait(false);
        await MeasureEventAsync(lab, results, team, owner).ConfigureAwait(false);
        MeasureTakeover(lab, results, team, owner);
    }

    private static void CompareReads(Lab lab, Results results, Team team, string owner)
    {
        using var one = new Haproxy(lab, [team.Writer.Url]);
        using var two = new Haproxy(lab, [.. team.Servers.Take(2).Select(server => server.Url)]);
        using var three = new Haproxy(lab, [.. team.Servers.Select(server => server.Url)]);
        foreach (var (several, url, goal) in ((string, Uri, double)[])[("two servers", two.Url, 1.7), ("three servers", three.Url, 1.7)])
        {
            var (ratios, rates, _) = lab.Alternate(
                () => lab.Rate(new(url, "/v1/tray"), 16, owner),
                () => lab.Rate(new(one.Url, "/v1/tray"), 16, owner)
            );
            results.AddRatio(
                $"Reads on {several}",
                "trays by wrk through HAProxy against one server; servers, HAProxy, PostgreSQL and wrk share the processors",
                ratios,
                goal,
                FormattableString.Invariant($" ({Spread.Of(rates).Median:#,0} a second)")
            );
        }
    }

    /// <summary>From the answer to a post until an event stream of a follower has the story.</summary>
    private static async Task MeasureLagAsync(Lab lab, Results results, Team team, string owner)
    {
        var writer = team.Writer;
        using var follower = new Arrivals(team.Servers.First(server => server != writer), owner);
        await follower.Ready.ConfigureAwait(false);
        var seconds = lab.IsQuick ? 3 : 10;
        var answered = new List<(string Id, long At)>();
        var clock = Stopwatch.StartNew();
        const int Posters = 8;
        await Task.WhenAll(
                Enumerable
                    .Range(0, Posters)
                    .Select(async poster =>
                    {
                        for (var i = 0; i < seconds * PostsASecond / Posters; i++)
                        {
                            var due = TimeSpan.FromSeconds((i + (double)poster / Posters) * Posters / PostsASecond) - clock.Elapsed;
                            if (due > TimeSpan.Zero)
                            {
                                await Task.Delay(due).ConfigureAwait(false);
                            }
                            using var body = Json();
                            var story = await writer.SendAsync(HttpMethod.Post, "/v1/stories", owner, body).ConfigureAwait(false);
                            var at = Stopwatch.GetTimestamp();
                            lock (answered)
                            {
                                answered.Add((story.GetProperty("id").GetString()!, at));
                            }
                        }
                    })
            )
            .ConfigureAwait(false);
        var rate = answered.Count / clock.Elapsed.TotalSeconds;
        var lags = new List<double>();
        foreach (var (id, at) in answered)
        {
            lags.Add(Math.Max(0, Stopwatch.GetElapsedTime(at, await follower.OfAsync(id).ConfigureAwait(false)).TotalMilliseconds));
        }
        lags.Sort();
        var how = FormattableString.Invariant($"from the answer to a post until the follower's event; {rate:0} posts a second of 500");
        results.AddAtMost("Lag of a follower, p50", how, [lags[lags.Count / 2]], 100, "ms", "0.0");
        results.AddAtMost("Lag of a follower, p99", how, [lags[lags.Count * 99 / 100]], 100, "ms", "0.0");
    }

    private static async Task MeasureEventAsync(Lab lab, Results results, Team team, string owner)
    {
        var writer = team.Writer;
        var arrivals = Enumerable.Range(0, Listeners).Select(i => new Arrivals(team.Servers[i % team.Servers.Count], owner)).ToArray();
        try
        {
            await Task.WhenAll(arrivals.Select(it => it.Ready)).ConfigureAwait(false);
            var all = new List<double>();
            for (var i = 0; i < (lab.IsQuick ? 5 : 20); i++)
            {
                using var body = Json();
                var started = Stopwatch.GetTimestamp();
                var story = await writer.SendAsync(HttpMethod.Post, "/v1/stories", owner, body).ConfigureAwait(false);
                var id = story.GetProperty("id").GetString()!;
                foreach (var it in arrivals)
                {
                    all.Add(Stopwatch.GetElapsedTime(started, await it.OfAsync(id).ConfigureAwait(false)).TotalMilliseconds);
                }
            }
            all.Sort();
            results.Add(
                new(
                    "An event to 1,000 listeners of three servers",
                    "from the begin of the post on one of them until a listener has it; the listeners share the processors",
                    FormattableString.Invariant($"p50 {all[all.Count / 2]:0} ms, p99 {all[all.Count * 99 / 100]:0} ms"),
                    FormattableString.Invariant($"{all[0]:0} to {all[^1]:0}"),
                    "",
                    null
                )
            );
        }
        finally
        {
            foreach (var it in arrivals)
            {
                it.Dispose();
            }
        }
    }

    /// <summary>From the kill of the writer until a post is acknowledged elsewhere.</summary>
    private static void MeasureTakeover(Lab lab, Results results, Team team, string owner)
    {
        var times = new List<double>();
        for (var i = 0; i < (lab.IsQuick ? 3 : 20); i++)
        {
            var writer = team.Writer;
            writer.Program.Dispose();
            var started = Stopwatch.GetTimestamp();
            var others = team.Servers.Where(server => server != writer).ToArray();
            while (!others.Any(server => IsPosted(server, owner)))
            {
                if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(60))
                {
                    throw new InvalidOperationException("no server took over within a minute");
                }
                Thread.Sleep(20);
            }
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            team.Replace(writer);
        }
        results.AddAtMost("Takeover", "from kill -9 of the writer until a post is acknowledged by another server", times, 10, "s");
    }

    private static bool IsPosted(StoryServer server, string owner)
    {
        try
        {
            server.Post(owner, Text, "application/json");
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static async Task CompareMediaAsync(Lab lab, Results results)
    {
        var s3 = await SwiftServer.SharedAsync().ConfigureAwait(false);
        var bucket = await s3.MakeBucketAsync().ConfigureAwait(false);
        using var folder = new StoryServer(lab, Path.Combine(lab.NewFolder("folder"), "data"));
        using var stored = new StoryServer(
            lab,
            Path.Combine(lab.NewFolder("bucket"), "data"),
            "--media",
            $"s3://{bucket}/bench",
            "--s3-endpoint",
            s3.Url.ToString(),
            "--s3-region",
            "us-east-1",
            "--s3-credentials",
            s3.CredentialsFile
        );
        var photo = File.ReadAllBytes(Path.Combine(lab.Samples, "photo.jpg"));
        var (ours, theirs) = (folder.JoinOwner(), stored.JoinOwner());
        var (posts, _, times) = lab.Alternate(
            () => Lab.Time(() => folder.Post(ours, photo, "image/jpeg")),
            () => Lab.Time(() => stored.Post(theirs, photo, "image/jpeg"))
        );
        results.AddAtMost(
            "Photo post, bucket against folder",
            FormattableString.Invariant($"one client; {Spread.Of(times).Median:0} ms with a Swift on this machine"),
            [.. posts.Select(ratio => 1 / ratio)],
            20,
            "×"
        );
        var (one, other) = (folder.Post(ours, photo, "image/jpeg"), stored.Post(theirs, photo, "image/jpeg"));
        var (reads, _, _) = lab.Alternate(
            () => lab.Rate(new(stored.Url, $"/v1/stories/{other}/media"), 8, theirs),
            () => lab.Rate(new(folder.Url, $"/v1/stories/{one}/media"), 8, ours)
        );
        results.AddRatio(
            "Small picture, bucket against folder",
            "rate of wrk, 8 connections; the bucket's comes from the local copy",
            reads,
            0.9
        );
    }

    private static ByteArrayContent Json()
    {
        var body = new ByteArrayContent(Text);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return body;
    }

    /// <summary>Several servers on one database, with a folder of media that they share.</summary>
    private sealed class Team : IDisposable
    {
        private readonly Lab _lab;
        private readonly string _database,
            _secret;
        private readonly List<StoryServer> _servers = [];

        public Team(Lab lab, string database, int count)
        {
            (_lab, _database) = (lab, database);
            _secret = Path.Combine(lab.NewFolder("secret"), "peers");
            File.WriteAllText(_secret, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
            for (var i = 0; i < count; i++)
            {
                _servers.Add(Start());
            }
        }

        public List<StoryServer> Servers => _servers;

        /// <summary>Asks the servers, which takes a while.</summary>
        public StoryServer Writer => _servers.First(IsWriter);

        public void Replace(StoryServer ended)
        {
            _servers.Remove(ended);
            _servers.Add(Start());
        }

        public void Dispose() => _servers.ForEach(server => server.Dispose());

        private StoryServer Start() =>
            new(
                _lab,
                Path.Combine(_lab.NewFolder("member"), "data"),
                "--database",
                _database,
                "--listen-peers",
                FormattableString.Invariant($"http://127.0.0.1:{Lab.FreePort()}"),
                "--peer-secret-file",
                _secret
            );

        private bool IsWriter(StoryServer server)
        {
            using var status = System.Text.Json.JsonDocument.Parse(Running.Run(_lab.Server, "status", "--data", server.Data, "--json"));
            return status.RootElement.GetProperty("role").GetProperty("writes").GetBoolean();
        }
    }

    /// <summary>An event stream, and when each story of it came.</summary>
    private sealed class Arrivals : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly CancellationTokenSource _stop = new();
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Dictionary<string, TaskCompletionSource<long>> _came = [];

        public Arrivals(StoryServer server, string token) => _ = ReadAsync(server, token);

        public Task Ready => _ready.Task;

        public Task<long> OfAsync(string id) => Of(id).Task.WaitAsync(Patience);

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        private TaskCompletionSource<long> Of(string id)
        {
            lock (_came)
            {
                return _came.TryGetValue(id, out var known) ? known : _came[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        private async Task ReadAsync(StoryServer server, string token)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, "/v1/events"));
                request.Headers.Authorization = new("Bearer", token);
                using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token)
                    .ConfigureAwait(false);
                response.EnsureSuccessStatusCode();
                using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token).ConfigureAwait(false));
                _ready.TrySetResult();
                while (await lines.ReadLineAsync(_stop.Token).ConfigureAwait(false) is { } line)
                {
                    var at = Stopwatch.GetTimestamp();
                    const string Id = "\"story\":{\"id\":\"";
                    var found = line.IndexOf(Id, StringComparison.Ordinal);
                    if (found >= 0)
                    {
                        Of(line.Substring(found + Id.Length, 26)).TrySetResult(at);
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException)
            {
                _ready.TrySetException(e);
            }
        }
    }
}
