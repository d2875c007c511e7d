using System.Text.Json.Nodes;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

public sealed class MainJobTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GoneFromDisk = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_curl_posts_is_listed_shown_and_played_and_is_gone_when_its_life_ends()
    {
        await using var server = await RealServer.StartAsync("--min-ttl", "5s");
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");

        var photo = await PostAsync(ana, "photo.jpg", "Evening");
        var video = await PostAsync(ana, "video.mp4", "Sunset");

        (await bob.StoriesAsync("list"))
            .Succeeded()
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .Select(cells => (cells[0], cells[1], cells[2], cells[^1]))
            .Should()
            .Equal((video.Id, "video", "ana", "Sunset"), (photo.Id, "image", "ana", "Evening"));

        await using var terminal = await TmuxRobot.OpenAsync(100, 30, bob.Environment);
        await terminal.PressAsync("stories", "Enter");
        await terminal.SeesAsync("Evening");
        await terminal.SeesAsync("▀");
        (await terminal.ScreenAsync()).Should().Contain("ana");

        await SilentPlayer.SetAsync(bob);
        (await bob.StoriesAsync("play", video.Id)).Succeeded().Out.Should().StartWith(video.Id);
        var played = await SilentPlayer.ReadLogAsync(bob);
        played.Should().Contain("h264").And.Contain("aac").And.Contain("EOF reached").And.NotContain(bob.Token);
        (await ana.StoriesJsonAsync("show", video.Id)).GetProperty("viewCount").GetInt32().Should().Be(1);

        var seenAlive = DateTimeOffset.MinValue;
        await Eventually.TrueAsync(
            async () =>
            {
                var asked = DateTimeOffset.UtcNow;
                var status = (await StatusAsync(bob, $"/v1/stories/{video.Id}")).Status;
                seenAlive = status == "200" ? asked : seenAlive;
                return status == "410";
            },
            Lifetime
        );
        seenAlive.Should().BeBefore(video.ExpiresAt);
        DateTimeOffset.UtcNow.Should().BeOnOrAfter(video.ExpiresAt);
        (await StatusAsync(bob, $"/v1/stories/{video.Id}")).Code.Should().Be("story_expired");
        (await StatusAsync(bob, $"/v1/stories/{video.Id}/media")).Should().Be(("410", "story_expired"));
        (await bob.StoriesAsync("show", video.Id)).ExitCode.Should().Be(3);
        (await bob.StoriesAsync("list")).Succeeded().Out.Should().BeEmpty();

        await terminal.SeesNoMoreAsync("Evening");
        await terminal.SeesNoMoreAsync("▀");
        await terminal.PressAsync("q");
        await terminal.SeesAsync("ready>");
        (await terminal.AskAsync("alternate_on")).Should().Be("0");
        (await terminal.AskAsync("cursor_flag")).Should().Be("1");
        (await terminal.AskAsync("mouse_any_flag")).Should().Be("0");

        await Eventually.TrueAsync(
            () => !server.HasFilesOf(photo.Id) && !server.HasFilesOf(video.Id),
            video.ExpiresAt + GoneFromDisk - DateTimeOffset.UtcNow
        );
    }

    private static async Task<(string Id, DateTimeOffset ExpiresAt)> PostAsync(Person person, string sample, string caption)
    {
        var run = await person.CurlAsync(
            $"/v1/stories?ttl={Lifetime.TotalSeconds}s&caption={caption}",
            "--fail",
            "-T",
            Published.Sample(sample)
        );
        var story = JsonNode.Parse(run.Succeeded().Out)!;
        return ((string)story["id"]!, DateTimeOffset.Parse((string)story["expiresAt"]!, null));
    }

    private static async Task<(string Status, string? Code)> StatusAsync(Person person, string path)
    {
        var run = (await person.CurlAsync(path, "--output", "answer", "--write-out", "%{http_code}")).Succeeded();
        var answer = Path.Combine(person.Home, "answer");
        return (run.Out, run.Out == "200" ? null : (string?)JsonNode.Parse(await File.ReadAllTextAsync(answer))!["code"]);
    }
}
