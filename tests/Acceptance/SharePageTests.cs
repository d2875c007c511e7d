using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>The pages for people in a browser that others wrote.</summary>
public sealed partial class SharePageTests
{
    private const string Long = "aVeryLongWordThatNoTelephoneIsWideEnoughForaVeryLongWordThatNoTelephoneIsWideEnoughFor";

    [Fact]
    public async Task Chromium_shows_each_kind_of_story_asks_for_nothing_else_and_complains_of_nothing()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await using var browser = await Browser.StartAsync(ana);

        var picture = await browser.SeeAsync(await ShareAsync(ana, Published.Sample("photo.jpg"), "--caption", $"<i>Desk</i> {Long}"));
        ((int?)picture["picture"] > 0, (string?)picture["alt"]).Should().Be((true, $"<i>Desk</i> {Long}"));
        ((string)picture["text"]!).Should().Contain("<i>Desk</i>").And.Contain("Picture by @ana, here until");
        var video = await browser.SeeAsync(await ShareAsync(ana, Published.Sample("video.mp4")));
        ((double)video["duration"]!, (double)video["played"]!)
            .Should()
            .Match<(double Length, double At)>(seen => seen.Length > 0 && seen.At > 0);
        var text = await browser.SeeAsync(await ShareAsync(ana, "--text", $"two <script>alert(1)</script>\nlines {Long}"));
        ((string)text["text"]!).Should().Contain("two <script>alert(1)</script>\nlines");
    }

    [Fact]
    public async Task Chromium_shows_before_after_and_difference_of_what_changed()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await File.WriteAllBytesAsync(Path.Combine(ana.Home, "before.png"), await TestMedia.PngAsync(200, 100, (_, _) => 0xFFFFFFFF));
        await File.WriteAllBytesAsync(
            Path.Combine(ana.Home, "after.png"),
            await TestMedia.PngAsync(200, 100, (x, _) => x < 50 ? 0x2040A0FF : 0xFFFFFFFF)
        );
        await using var browser = await Browser.StartAsync(ana);
        var address = await ShareAsync(ana, "--compare", "before.png", "after.png");

        foreach (var asked in (string[])[address, address + "/"])
        {
            var page = await browser.SeeAsync(asked);
            page["pictures"]!.AsArray().Select(width => (int)width!).Should().Equal(200, 200, 200);
            ((string)page["text"]!)
                .Should()
                .Contain("Before")
                .And.Contain("After")
                .And.Contain("Difference: 25 % changed")
                .And.Contain("Before and after by @ana");
        }
    }

    [Fact]
    public async Task Chromium_says_what_is_over_and_what_never_was_in_words()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await using var browser = await Browser.StartAsync(ana);
        var address = await ShareAsync(ana, "--text", "words");
        var story = (await ana.StoriesJsonAsync("list")).EnumerateArray().First().GetProperty("id").GetString()!;

        ((string)(await browser.SeeAsync(address + "x", refused: true))["text"]!).Should().Contain("There is nothing here");
        (await ana.StoriesAsync("rm", story)).Succeeded();

        ((string)(await browser.SeeAsync(address, refused: true))["text"]!).Should().Contain("no longer here").And.NotContain("words");
    }

    [Fact]
    public async Task Chromium_shows_the_command_that_joins_and_nothing_that_somebody_else_put_into_the_link()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await using var browser = await Browser.StartAsync(ana);
        var link = (await ana.StoriesAsync("invite", "create")).Succeeded().Out.Trim();

        ((string)(await browser.SeeAsync(link))["text"]!).Should().Contain($"stories join '{link}'");
        ((string)(await browser.SeeAsync(link + "';curl${IFS}evil'"))["text"]!)
            .Should()
            .Contain("stories join 'THE ADDRESS OF THIS PAGE'")
            .And.NotContain("evil");
    }

    private static async Task<string> ShareAsync(Person person, params string[] what)
    {
        var id = (await person.StoriesAsync(["post", .. what, "--quiet"])).Succeeded().Out.Trim();
        return (await person.StoriesAsync("share", id)).Succeeded().Out.Trim();
    }

    /// <summary>Chromium without a window, on a port of its own, which nothing but the server is reached by.</summary>
    private sealed partial class Browser(Person person, Process process, string devTools) : IAsyncDisposable
    {
        public static async Task<Browser> StartAsync(Person person)
        {
            var start = new ProcessStartInfo(
                "chromium",
                [
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                    "--disable-dev-shm-usage",
                    "--autoplay-policy=no-user-gesture-required",
                    "--remote-debugging-port=0",
                    $"--user-data-dir={Path.Combine(person.Home, "chromium")}",
                    "about:blank",
                ]
            )
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = person.Home,
            };
            start.Environment["HOME"] = person.Home;
            var process = Process.Start(start)!;
            var listening = new TaskCompletionSource<string>();
            process.ErrorDataReceived += (_, said) =>
            {
                if (Listening().Match(said.Data ?? "") is { Success: true } match)
                {
                    listening.TrySetResult("http://" + match.Groups[1].Value);
                }
            };
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            return new(person, process, await listening.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        }

        /// <summary>What the page shows; that it asks nobody else and complains of nothing is checked.</summary>
        public async Task<JsonNode> SeeAsync(string address, bool refused = false)
        {
            var seen = JsonNode.Parse(
                (
                    await person.RunAsync(
                        "env",
                        [$"DEVTOOLS={devTools}", $"PAGE_URL={address}", "node", "--experimental-websocket", Published.Node("page.js")]
                    )
                )
                    .Succeeded()
                    .Out
            )!;
            seen["requests"]!
                .AsArray()
                .Select(url => (string)url!)
                .Should()
                .NotBeEmpty()
                .And.OnlyContain(url => url == address.Split('#')[0] || url.StartsWith(address.TrimEnd('/') + "/media"));
            // Of a refusal the browser says that it is one.
            seen["complaints"]!
                .AsArray()
                .Select(said => (string)said!)
                .Where(said =>
                    !refused
                    || !said.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)
                )
                .Should()
                .BeEmpty();
            ((bool)seen["tooWide"]!, (bool)seen["styled"]!, (string)seen["cookies"]!).Should().Be((false, true, ""));
            return seen;
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        [GeneratedRegex(@"DevTools listening on ws://([^/]+)/")]
        private static partial Regex Listening();
    }
}
