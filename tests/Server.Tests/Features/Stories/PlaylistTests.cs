using System.Net;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class PlaylistTests
{
    [Fact]
    public async Task It_lists_what_plays_oldest_first_by_links_that_work_without_a_token()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var ana = host.Client(anasToken);
        using var bob = host.Wire(await host.JoinAsync("bob"));
        using var nobody = host.Wire(token: null);
        var photo = await TestMedia.JpegAsync();
        await ana.Stories.PostAsync(new NewStory { Caption = "one" }, MediaUpload.FromBytes(photo), "1");
        await ana.Stories.PostTextAsync(new NewStory { Text = "no player shows this" }, "2");
        await ana.Stories.PostAsync(new NewStory { Audience = ["ana"] }, MediaUpload.FromBytes(photo), "3");
        await ana.Stories.PostAsync(new NewStory { Caption = "two" }, MediaUpload.FromBytes(photo), "4");

        var answer = await bob.GetAsync("/v1/playlist.m3u8", ("Host", "evil.example"));

        answer.Header("Content-Type").Should().Be("audio/x-mpegurl; charset=utf-8");
        answer.Header("Cache-Control").Should().Contain("private").And.Contain("no-store");
        var lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Where((_, i) => i is 0 or 1 or 3).Should().Equal("#EXTM3U", "#EXTINF:-1,ana: one", "#EXTINF:-1,ana: two");
        lines.Should().HaveCount(5).And.NotContain(l => l.Contains("evil"));
        (await nobody.GetAsync(new Uri(lines[2]).PathAndQuery)).Body.Should().NotBeEmpty();
        lines[2].Should().StartWith(host.Url.ToString());
    }

    [Fact]
    public async Task It_leaves_out_what_was_seen_and_what_is_over()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var photo = await TestMedia.JpegAsync();
        var seen = await ana.Stories.PostAsync(new NewStory { Caption = "seen" }, MediaUpload.FromBytes(photo), "1");
        await ana.Stories.PostAsync(new NewStory { Caption = "short", Ttl = "5m" }, MediaUpload.FromBytes(photo), "2");
        await bob.Stories.MarkViewedAsync(seen.Id);

        (await bob.Media.GetPlaylistAsync(unseen: true)).Should().Contain("short").And.NotContain("seen");
        (await bob.Media.GetPlaylistAsync(author: "bob")).Should().Be("#EXTM3U\n");
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await bob.Media.GetPlaylistAsync(author: "ana")).Should().Contain("seen").And.NotContain("short");
    }

    [Fact]
    public async Task No_caption_and_no_name_forges_a_line()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var caption =
            "x\r\n#EXTINF:1,forged\nhttp://evil.example/\u2028http://evil.example/\u0085http://evil.example/\e[31m" + new string('y', 1000);
        await ana.PutAsync("/v1/stories?caption=" + Uri.EscapeDataString(caption), await TestMedia.JpegAsync());

        var lines = (await ana.GetAsync("/v1/playlist.m3u8")).Text.Split(
            ['\n', '\r', '\u0085', '\u2028', '\u2029', '\v', '\f'],
            StringSplitOptions.RemoveEmptyEntries
        );

        lines.Should().HaveCount(3);
        lines[1].Should().StartWith("#EXTINF:-1,ana: x").And.NotContain("\e");
        lines[1].Length.Should().BeLessThan(250);
        lines[2].Should().StartWith(host.Url.ToString());
    }

    [Fact]
    public async Task Base_url_decides_where_links_lead_and_strange_parameters_are_refused()
    {
        await using var host = await ServerHost.StartAsync(o => o with { BaseUrl = new("https://stories.example/x/") });
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync());

        (await ana.GetAsync("/v1/playlist.m3u8")).Text.Should().Contain("\nhttps://stories.example/x/v1/stories/");
        (await ana.GetAsync("/v1/playlist.m3u8?limit=5")).Code.Should().Be("invalid_request");
        (await ana.GetAsync("/v1/playlist.m3u8?unseen=yes")).Json.GetProperty("errors").TryGetProperty("unseen", out _).Should().BeTrue();
        using var nobody = host.Wire(token: null);
        (await nobody.GetAsync("/v1/playlist.m3u8")).Status.Should().Be(HttpStatusCode.Unauthorized);
    }
}
