using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>Clients that others wrote judge whether the server speaks as it says.</summary>
public sealed partial class OtherClientTests
{
    private const int Posts = 12,
        Ranges = 8;

    [Fact]
    public async Task Promtool_finds_no_fault_with_the_metrics()
    {
        var folder = Directory.CreateTempSubdirectory("stories-metrics-");
        var socket = Path.Combine(folder.FullName, "metrics.sock");
        await using var server = await RealServer.StartAsync("--metrics-listen", "unix:" + socket);
        var ana = await server.JoinAsync("ana");
        (await ana.StoriesAsync("post", Published.Sample("photo.jpg"))).Succeeded();

        var metrics = (
            await ana.RunAsync("curl", ["--silent", "--show-error", "--fail", "--unix-socket", socket, "http://metrics/metrics"])
        )
            .Succeeded()
            .Out;
        var judged = await ana.RunAsync("promtool", ["check", "metrics"], metrics);

        folder.Delete(recursive: true);
        metrics.Should().Contain("stories_stored{kind=\"image\"} 1");
        (judged.ExitCode, judged.Out + judged.Error).Should().Be((0, ""));
    }

    [Fact]
    public async Task An_EventSource_that_is_cut_off_twice_hears_of_every_story_once()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        using var line = new CutLine(server.Url);
        var folder = await InstallAsync(ana);
        var heard = new ConcurrentQueue<string>();
        var start = new ProcessStartInfo("node", ["events.js"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        (start.Environment["EVENTS_URL"], start.Environment["EVENTS_TOKEN"]) = (new Uri(line.Url, "/v1/events").ToString(), bob.Token);
        using var node = Process.Start(start)!;
        node.OutputDataReceived += (_, said) => heard.Enqueue(said.Data ?? "(the end)");
        node.BeginOutputReadLine();
        try
        {
            await Eventually.TrueAsync(() => heard.Contains("open"), TimeSpan.FromSeconds(60));
            using var http = ana.Http();
            var posted = new List<string>();
            for (var i = 0; i < Posts; i++)
            {
                if (i % 4 == 2 && i < 8)
                {
                    line.Cut();
                }
                posted.Add($"posted {await PostTextAsync(http, $"story {i}")}");
            }

            await Eventually.TrueAsync(() => heard.Contains(posted[^1]), TimeSpan.FromSeconds(60));
            heard.Where(said => said != "open").Should().Equal(posted);
            heard.Count(said => said == "open").Should().BeGreaterThan(1, "the line was cut");
        }
        finally
        {
            node.Kill();
        }
    }

    [Fact]
    public async Task The_verifier_of_Standard_Webhooks_takes_what_a_webhook_sends_also_when_it_is_sent_again()
    {
        await using var server = await RealServer.StartAsync("--webhook-allow", "10.0.0.0/8", "--webhook-allow", "127.0.0.1");
        var ana = await server.JoinAsync("ana");
        var folder = await InstallAsync(ana);
        var heard = new ConcurrentQueue<string>();
        using var node = Process.Start(
            new ProcessStartInfo("node", ["webhook.js"]) { WorkingDirectory = folder, RedirectStandardOutput = true }
        )!;
        node.OutputDataReceived += (_, said) => heard.Enqueue(said.Data ?? "(the end)");
        node.BeginOutputReadLine();
        try
        {
            await Eventually.TrueAsync(() => !heard.IsEmpty, TimeSpan.FromSeconds(60));
            var url = $"http://127.0.0.1:{heard.Single().Split(' ')[1]}/hook";
            await File.WriteAllTextAsync(
                Path.Combine(folder, "secret"),
                (await ana.StoriesAsync("webhook", "create", url, "--event", "story.posted")).Succeeded().Out
            );

            var story = (await ana.StoriesAsync("post", "--text", "Told", "--quiet")).Succeeded().Out.Trim();

            await Eventually.TrueAsync(() => heard.Count == 3, TimeSpan.FromSeconds(60));
            var told = heard.Skip(1).Distinct().Should().ContainSingle("it is the same message, with the same id, signed anew").Which;
            told.Should().StartWith($"verified story.posted {story} ");
            var hook = (await ana.StoriesAsync("webhook", "list", "--quiet")).Succeeded().Out.Trim();
            JsonNode[] Attempts(string json) => [.. JsonNode.Parse(json)!.AsArray().Select(attempt => attempt!)];
            Attempts((await ana.StoriesAsync("webhook", "deliveries", hook, "--json")).Succeeded().Out)
                .Select(attempt => (int)attempt["status"]!)
                .Should()
                .Equal(204, 500);
        }
        finally
        {
            node.Kill();
        }
    }

    [Fact]
    public async Task What_curl_sends_as_a_body_and_as_a_form_is_the_same_story()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        var body = JsonNode.Parse(
            (await ana.CurlAsync("/v1/stories?caption=Hello&tag=a&tag=b&ttl=6h", "--fail", "-T", Published.Sample("photo.jpg")))
                .Succeeded()
                .Out
        )!;
        var form = JsonNode.Parse(
            (
                await ana.CurlAsync(
                    "/v1/stories",
                    "--fail",
                    "-F",
                    $"file=@{Published.Sample("photo.jpg")}",
                    "-F",
                    "caption=Hello",
                    "-F",
                    "tag=a",
                    "-F",
                    "tag=b",
                    "-F",
                    "ttl=6h"
                )
            )
                .Succeeded()
                .Out
        )!;

        foreach (var field in new[] { "caption", "kind", "tags", "audience" })
        {
            form[field]!.ToJsonString().Should().Be(body[field]!.ToJsonString());
        }
        ((string?)form["media"]!["sha256"]).Should().Be((string?)body["media"]!["sha256"]);
    }

    [Fact]
    public async Task Aria2_puts_a_video_together_from_eight_ranges()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        // Noise, which no encoder makes small.
        (
            await ana.RunAsync(
                "ffmpeg",
                [
                    "-nostdin",
                    "-v",
                    "error",
                    "-f",
                    "lavfi",
                    "-i",
                    "testsrc2=size=640x360:rate=25:duration=20,noise=alls=100:allf=t",
                    "-c:v",
                    "mpeg4",
                    "-qscale:v",
                    "1",
                    "-fs",
                    "12000000",
                    "noise.mp4",
                ]
            )
        ).Succeeded();
        var story = JsonNode.Parse((await ana.CurlAsync("/v1/stories", "--fail", "-T", "noise.mp4")).Succeeded().Out)!;

        (
            await ana.RunAsync(
                "aria2c",
                [
                    "--quiet",
                    $"--split={Ranges}",
                    $"--max-connection-per-server={Ranges}",
                    "--min-split-size=1M",
                    "--log=aria2.log",
                    "--log-level=info",
                    "--header",
                    $"Authorization: Bearer {ana.Token}",
                    "--out=copy.mp4",
                    new Uri(server.Url, $"/v1/stories/{story["id"]}/media").ToString(),
                ]
            )
        ).Succeeded();

        var copy = await File.ReadAllBytesAsync(Path.Combine(ana.Home, "copy.mp4"));
        Convert.ToHexStringLower(SHA256.HashData(copy)).Should().Be((string?)story["media"]!["sha256"]);
        Range()
            .Matches(await File.ReadAllTextAsync(Path.Combine(ana.Home, "aria2.log")))
            .Select(match => match.Value)
            .Distinct()
            .Should()
            .HaveCountGreaterThanOrEqualTo(Ranges - 1);
    }

    [Fact]
    public async Task Players_read_and_seek_by_a_signed_link_alone()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        using var http = ana.Http();
        var story = JsonNode.Parse((await ana.CurlAsync("/v1/stories", "--fail", "-T", Published.Sample("video.mp4"))).Succeeded().Out)!;
        using var made = await http.PostAsJsonAsync($"/v1/stories/{story["id"]}/links", new { ttl = "5m" });
        var link = (string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["url"]!;

        var probe = (
            await ana.RunAsync(
                "ffprobe",
                ["-v", "error", "-show_entries", "stream=width,height", "-select_streams", "v:0", "-of", "csv=p=0", link]
            )
        ).Succeeded();
        var played = await ana.RunAsync("mpv", ["--no-config", "--vo=null", "--ao=null", "--start=50%", "--length=0.3", link]);
        var part = (
            await ana.RunAsync("curl", ["--silent", "--fail", "--range", "2-5", "--write-out", "%{http_code}", "--output", "part", link])
        ).Succeeded();

        probe.Out.Trim().Should().Be($"{story["media"]!["width"]},{story["media"]!["height"]}");
        played.Succeeded().Out.Should().Contain("h264").And.NotContain("Failed");
        part.Out.Should().Be("206");
        new FileInfo(Path.Combine(ana.Home, "part")).Length.Should().Be(4);
    }

    [Fact]
    public async Task A_parser_of_feeds_and_one_of_playlists_read_what_a_feed_key_opens()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        (await ana.StoriesAsync("post", Published.Sample("photo.jpg"), "--caption", "Desk <b>& chair</b>", "--tag", "office")).Succeeded();
        (await ana.StoriesAsync("post", "--text", "not for bob", "--to", "ana")).Succeeded();
        var story = (await bob.StoriesJsonAsync("list")).EnumerateArray().Single();
        var address = (await bob.StoriesAsync("feed", "create")).Succeeded().Out.Trim();
        await InstallAsync(bob);

        var read = JsonNode.Parse(
            (
                await bob.RunAsync(
                    "env",
                    [
                        $"FEED_URL={address}",
                        $"LIST_URL={address.Replace("feed.atom", "playlist.m3u8", StringComparison.Ordinal)}",
                        "node",
                        "feed.js",
                    ]
                )
            )
                .Succeeded()
                .Out
        )!;

        ((string?)read["type"], (string?)read["version"]).Should().Be(("atom", "1.0"));
        var item = read["items"]!.AsArray().Single()!;
        ((string?)item["id"], (string?)item["title"]).Should().Be(($"urn:ulid:{story.GetProperty("id")}", "Desk <b>& chair</b>"));
        ((string?)item["authors"]![0], (string?)item["categories"]![0]).Should().Be(("ana", "office"));
        DateTimeOffset
            .Parse((string)item["published"]!, null)
            .Should()
            .BeCloseTo(story.GetProperty("createdAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        var bytes = story.GetProperty("media").GetProperty("bytes").GetInt64();
        item["media"]!
            .AsArray()
            .Should()
            .Contain(file =>
                (string?)file!["mimeType"] == "image/jpeg" && (long)file["length"]! == bytes && (long)file["fetched"]! == bytes
            );
        ((string?)read["list"]![0]!["name"], (long)read["list"]![0]!["fetched"]!, read["list"]!.AsArray().Count)
            .Should()
            .Be(("ana: Desk <b>& chair</b>", bytes, 1));
    }

    private static async Task<string> PostTextAsync(HttpClient http, string text)
    {
        using var answer = await http.PostAsJsonAsync("/v1/stories", new { text });
        return (string)JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["id"]!;
    }

    /// <summary>Installs what the lock file names, away from the repository.</summary>
    private static async Task<string> InstallAsync(Person person)
    {
        foreach (var name in new[] { "package.json", "package-lock.json", "events.js", "webhook.js", "feed.js" })
        {
            File.Copy(Published.Node(name), Path.Combine(person.Home, name));
        }
        (await person.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"])).Succeeded();
        return person.Home;
    }

    [GeneratedRegex(@"Range: bytes=\d+-\d*")]
    private static partial Regex Range();
}
