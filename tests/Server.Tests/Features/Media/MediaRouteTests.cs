using System.Net;
using System.Security.Cryptography;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class MediaRouteTests
{
    [Fact]
    public async Task Bytes_come_whole_in_ranges_and_conditionally()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var posted = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json;
        var path = $"/v1/stories/{posted.GetProperty("id").GetString()}/media";
        var sha = posted.GetProperty("media").GetProperty("sha256").GetString()!;

        var whole = await ana.GetAsync(path);
        Convert.ToHexStringLower(SHA256.HashData(whole.Body)).Should().Be(sha);
        whole.Header("ETag").Should().Be($"\"{sha}\"");
        whole.Header("Content-Type").Should().Be("image/jpeg");
        whole.Header("X-Content-Type-Options").Should().Be("nosniff");
        whole.Header("Content-Security-Policy").Should().Be("sandbox; default-src 'none'");
        whole.Header("Cross-Origin-Resource-Policy").Should().Be("same-origin");
        whole.Header("Cache-Control").Should().Contain("private").And.Contain("max-age=86400");

        var part = await ana.GetAsync(path, ("Range", "bytes=2-5"));
        part.Status.Should().Be(HttpStatusCode.PartialContent);
        part.Body.Should().Equal(whole.Body[2..6]);
        (await ana.GetAsync(path, ("Range", "bytes=-3"))).Body.Should().Equal(whole.Body[^3..]);
        (await ana.GetAsync(path, ("Range", "bytes=2-5"), ("If-Range", $"\"{sha}\""))).Status.Should().Be(HttpStatusCode.PartialContent);
        (await ana.GetAsync(path, ("Range", "bytes=2-5"), ("If-Range", "\"other\""))).Status.Should().Be(HttpStatusCode.OK);
        var outside = await ana.GetAsync(path, ("Range", $"bytes={whole.Body.Length}-"));
        outside.Status.Should().Be(HttpStatusCode.RequestedRangeNotSatisfiable);
        outside.Header("Content-Range").Should().Be($"bytes */{whole.Body.Length}");
        outside.Code.Should().Be("range_not_satisfiable");
        var same = await ana.GetAsync(path, ("If-None-Match", $"\"{sha}\""));
        same.Status.Should().Be(HttpStatusCode.NotModified);
        same.Body.Should().BeEmpty();
        var head = await ana.SendAsync(HttpMethod.Head, path, null);
        head.Header("Content-Length").Should().Be($"{whole.Body.Length}");
        head.Body.Should().BeEmpty();
    }

    [Fact]
    public async Task A_signed_link_opens_this_story_alone_and_ends_with_its_time_its_token_and_its_story()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        using var nobody = host.Wire(token: null);
        var photo = MediaUpload.FromBytes(await TestMedia.JpegAsync());
        var story = await ana.Stories.PostAsync(new NewStory { Ttl = "30m" }, photo, "1", progress: null);
        var other = await ana.Stories.PostAsync(new NewStory(), photo, "2", progress: null);
        async Task<string> Open(string url)
        {
            var answer = await nobody.GetAsync(new Uri(url).PathAndQuery);
            return answer.Status == HttpStatusCode.OK ? "opened" : $"{(int)answer.Status} {answer.Code}";
        }

        var link = (await ana.Media.CreateLinkAsync(story.Id, TimeSpan.FromMinutes(5))).Url;
        (await Open(link)).Should().Be("opened");
        (await Open(link.Replace(story.Id, other.Id, StringComparison.Ordinal))).Should().Be("403 link_invalid");
        (await Open(link[..^5] + (link[^5] == 'A' ? 'B' : 'A') + link[^4..])).Should().Be("403 link_invalid");
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await Open(link)).Should().Be("403 link_expired");
        (await ana.Media.CreateLinkAsync(story.Id, TimeSpan.FromHours(1)))
            .ExpiresAt.Should()
            .Be(story.ExpiresAt!.Value, "it never outlives its story");
        host.Clock.Advance(TimeSpan.FromMinutes(25));
        (await Open(link)).Should().Be("410 story_expired");

        var token = await ana.Tokens.CreateAsync(new NewToken { Name = "player" });
        var players = (await host.Client(token.Token).Media.CreateLinkAsync(other.Id, TimeSpan.FromMinutes(5))).Url;
        (await Open(players)).Should().Be("opened");
        await ana.Tokens.RevokeAsync(token.Id);
        (await Open(players)).Should().Be("403 link_invalid");
    }

    [Fact]
    public async Task A_poster_fits_its_box_and_is_a_jpeg_unless_a_png_is_asked_for()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var photo = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString();
        var video = (await ana.PutAsync("/v1/stories", await TestMedia.Mp4Async())).Json.GetProperty("id").GetString();

        var jpeg = await ana.GetAsync($"/v1/stories/{photo}/poster?width=100&height=100");
        jpeg.Header("Content-Type").Should().Be("image/jpeg");
        jpeg.Body.Take(3).Should().Equal([0xFF, 0xD8, 0xFF]);
        (await ana.GetAsync($"/v1/stories/{photo}/poster?width=100&height=100")).Body.Should().Equal(jpeg.Body);
        (await ana.GetAsync($"/v1/stories/{photo}/poster", ("Accept", "image/png"))).Body.Take(4).Should().Equal([0x89, 0x50, 0x4E, 0x47]);
        (await ana.GetAsync($"/v1/stories/{video}/poster")).Code.Should().Be("poster_unavailable");
        (await ana.GetAsync($"/v1/stories/{photo}/poster?width=1921")).Code.Should().Be("invalid_request");
    }
}
