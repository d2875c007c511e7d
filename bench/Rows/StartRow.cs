namespace StoriesCli.Bench.Rows;

/// <summary>How fast both programs start.</summary>
internal sealed class StartRow : Row
{
    public override string Name => "Start-up";

    public override void Measure(Lab lab, Results results)
    {
        var data = Path.Combine(lab.NewFolder("start"), "data");
        List<double> starts = [];
        for (var i = 0; i < lab.Repeats + 1; i++)
        {
            using var each = new StoryServer(lab, data);
            starts.Add(each.StartMilliseconds);
        }
        results.AddAtMost(
            "First 200 of the server",
            "without stories; the first start, which makes the data directory, left out",
            starts[1..],
            60,
            "ms",
            "0"
        );
        var (version, curl) = lab.Compare([lab.Server, "--version"], ["curl", "--version"]);
        results.AddAtMost("stories-server --version", "hyperfine", version, 20, "ms", "0.0");
        (version, curl) = lab.Compare([lab.Client, "--version"], ["curl", "--version"]);
        AddAgainstCurl(results, "stories --version", version, curl, 1.0);

        using var server = new StoryServer(lab, data);
        var owner = server.JoinOwner();
        for (var i = 0; i < 10; i++)
        {
            server.Post(owner, "ten stories"u8.ToArray(), "text/plain");
        }
        var config = lab.NewFolder("config");
        var token = Path.Combine(config, "token");
        File.WriteAllText(token, owner);
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (
            var (name, value) in ((string, string)[])
                [
                    ("STORIES_URL", server.Url.AbsoluteUri),
                    ("STORIES_TOKEN_FILE", token),
                    ("XDG_CONFIG_HOME", config),
                    ("XDG_CACHE_HOME", config),
                    ("XDG_STATE_HOME", config),
                ]
        )
        {
            Environment.SetEnvironmentVariable(name, value);
        }
        var header = Path.Combine(config, "header");
        File.WriteAllText(header, $"Authorization: Bearer {owner}\n");
        (version, curl) = lab.Compare(
            [lab.Client, "list", "--json"],
            ["curl", "-sSf", "-H", "@" + header, new Uri(server.Url, "/v1/stories").AbsoluteUri]
        );
        AddAgainstCurl(results, "stories list", version, curl, 1.0);
        var photo = Path.Combine(lab.Samples, "photo.jpg");
        (version, curl) = lab.Compare(
            [lab.Client, "post", photo, "--quiet"],
            ["curl", "-sSf", "-H", "@" + header, "-T", photo, new Uri(server.Url, "/v1/stories").AbsoluteUri]
        );
        AddAgainstCurl(results, "stories post", version, curl, 1.1);
    }

    private static void AddAgainstCurl(Results results, string what, double[] ours, double[] curl, double goal)
    {
        var (mine, other) = (Spread.Of(ours), Spread.Of(curl));
        results.Add(
            new(
                what,
                FormattableString.Invariant($"alternating with curl: {mine.Median:0.0} ms, and {other.Median:0.0} ms for curl"),
                $"{Spread.Text(mine.Median / other.Median)} ×",
                Spread.Of(ours.Zip(curl, (a, b) => a / b)).Range(),
                $"≤ {Spread.Text(goal)} ×",
                mine.Median / other.Median <= goal
            )
        );
    }
}
