using System.Net;
using System.Security.Cryptography;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Media;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class CompareTests
{
    private const int Mark = 0xFF0080;

    [Fact]
    public async Task Two_pictures_become_one_story_with_the_share_that_changed_and_a_picture_of_it()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ComparePictures.PostAsync(
            ana,
            await ComparePictures.BeforeAsync(),
            await ComparePictures.AfterAsync(),
            ("caption", "The new button")
        );

        answer.Status.Should().Be(HttpStatusCode.Created, answer.Text);
        var story = answer.Json;
        story.GetProperty("kind").GetString().Should().Be("image");
        story.GetProperty("compare").GetProperty("changedShare").GetDouble().Should().Be(ComparePictures.ChangedShare);
        var path = $"/v1/stories/{story.GetProperty("id").GetString()}/media";
        foreach (
            var (query, media) in new[]
            {
                ("", story.GetProperty("media")),
                ("?part=after", story.GetProperty("media")),
                ("?part=before", story.GetProperty("compare").GetProperty("before")),
                ("?part=difference", story.GetProperty("compare").GetProperty("difference")),
            }
        )
        {
            var file = await ana.GetAsync(path + query);
            var sha256 = media.GetProperty("sha256").GetString();
            Convert.ToHexStringLower(SHA256.HashData(file.Body)).Should().Be(sha256, query);
            file.Header("ETag").Should().Be($"\"{sha256}\"");
            file.Header("Content-Type").Should().Be("image/png");
            (file.Body.LongLength, media.GetProperty("bytes").GetInt64()).Should().Be((file.Body.Length, file.Body.Length));
            (media.GetProperty("width").GetInt32(), media.GetProperty("height").GetInt32())
                .Should()
                .Be((ComparePictures.Width, ComparePictures.Height));
            (await ana.GetAsync(path + query, ("Range", "bytes=1-3"))).Body.Should().Equal("PNG"u8.ToArray());
            (await ana.GetAsync(path + query, ("If-None-Match", $"\"{sha256}\""))).Status.Should().Be(HttpStatusCode.NotModified);
            var head = await ana.SendAsync(HttpMethod.Head, path + query, null);
            (head.Header("Content-Length"), head.Body.Length).Should().Be(($"{file.Body.Length}", 0));
        }
        (await ana.GetAsync(path + "?part=before")).Header("Content-Disposition").Should().Contain("old.png");
        var pixels = await TestMedia.PixelsAsync((await ana.GetAsync(path + "?part=difference")).Body);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (red, green, blue) = (pixels[i] >> 16, (pixels[i] >> 8) & 255, pixels[i] & 255);
            if (ComparePictures.IsChanged(i % ComparePictures.Width, i / ComparePictures.Width))
            {
                pixels[i].Should().Be(Mark);
            }
            else
            {
                (red == green && green == blue && red is >= 96 and <= 201).Should().BeTrue("{0} is grey", pixels[i].ToString("x6", null));
            }
        }
        (await TestMedia.PixelsAsync((await ana.GetAsync(path)).Body))[0].Should().Be(0x2040A0);
    }

    [Fact]
    public async Task What_does_not_exceed_the_tolerance_or_cannot_be_seen_has_not_changed()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        async Task<double> Share(uint before, uint after)
        {
            var answer = await ComparePictures.PostAsync(
                ana,
                await TestMedia.PngAsync(16, 8, (_, _) => before),
                await TestMedia.PngAsync(16, 8, (x, _) => x < 4 ? after : before)
            );
            return answer.Json.GetProperty("compare").GetProperty("changedShare").GetDouble();
        }

        (await Share(0x808080FF, 0x808080FF)).Should().Be(0);
        (await Share(0x808080FF, 0x888878FF)).Should().Be(0, "8 of 255 is what a channel may differ by");
        (await Share(0x808080FF, 0x808089FF)).Should().Be(0.25, "9 of 255 in one channel is a change");
        (await Share(0xFF000000, 0x0000FF00)).Should().Be(0, "nobody sees the colour of what is not there");
        (await Share(0xFFFFFFFF, 0xFFFFFF00)).Should().Be(0.25, "over white the two look alike, but one is not there");
        (await Share(0x000000FF, 0xFFFFFFFF)).Should().Be(0.25);
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(1, 6)]
    [InlineData(8, 3)]
    [InlineData(5, 7)]
    public async Task Pictures_are_compared_upright_however_they_lie(int before, int after)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        async Task<byte[]> Lying(int orientation, bool changed)
        {
            // Upright the image is 32 wide and 16 high, and the upper left quarter changes.
            var (width, height) = orientation >= 5 ? (16, 32) : (32, 16);
            var jpeg = await TestMedia.PictureAsync(
                width,
                height,
                (x, y) => Upright(x, y, orientation, width, height) is { X: < 16, Y: < 8 } && changed ? 0x000000FFu : 0xFFFFFFFF,
                "lying.jpg",
                "-q:v",
                "1",
                "-pix_fmt",
                "yuvj444p"
            );
            return Exif.IntoJpeg(jpeg, Exif.Block(orientation));
        }

        var answer = await ComparePictures.PostAsync(ana, await Lying(before, changed: false), await Lying(after, changed: true));

        answer.Status.Should().Be(HttpStatusCode.Created, answer.Text);
        var compare = answer.Json.GetProperty("compare");
        compare.GetProperty("changedShare").GetDouble().Should().Be(0.25);
        (
            compare.GetProperty("difference").GetProperty("width").GetInt32(),
            compare.GetProperty("difference").GetProperty("height").GetInt32()
        )
            .Should()
            .Be((32, 16));
        var pixels = await TestMedia.PixelsAsync(
            (await ana.GetAsync($"/v1/stories/{answer.Json.GetProperty("id").GetString()}/media?part=difference")).Body
        );
        for (var i = 0; i < 32 * 16; i++)
        {
            (pixels[i] == Mark).Should().Be(i % 32 < 16 && i / 32 < 8, "column {0}, row {1}", i % 32, i / 32);
        }
        var file = await ana.GetAsync($"/v1/stories/{answer.Json.GetProperty("id").GetString()}/media?part=before");
        file.Text.Should().NotContain(SampleMedia.Secret, "metadata are taken out of both");
    }

    [Fact]
    public async Task Pictures_of_different_formats_depths_and_colours_can_be_compared()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        async Task<double> Share(string before, string after)
        {
            var answer = await ComparePictures.PostAsync(ana, await SampleMedia.ReadAsync(before), await SampleMedia.ReadAsync(after));
            answer.Status.Should().Be(HttpStatusCode.Created, $"{before} and {after}: {answer.Text}");
            return answer.Json.GetProperty("compare").GetProperty("changedShare").GetDouble();
        }

        (await Share("photo.png", "lossless.webp")).Should().BeInRange(0, 0.5, "it came by way of YUV");
        (await Share("photo.png", "deep.png")).Should().BeLessThan(0.01);
        (await Share("photo.png", "photo.jpg")).Should().BeInRange(0, 0.5);
        var exact = await TestMedia.PictureAsync(
            8,
            8,
            (x, y) => (uint)((x * 0x1F000000) | (y * 0x1F0000) | 0x40FF),
            "exact.webp",
            "-c:v",
            "libwebp",
            "-lossless",
            "1",
            "-pix_fmt",
            "bgra"
        );
        var same = await TestMedia.PngAsync(8, 8, (x, y) => (uint)((x * 0x1F000000) | (y * 0x1F0000) | 0x40FF));
        (await ComparePictures.PostAsync(ana, exact, same))
            .Json.GetProperty("compare")
            .GetProperty("changedShare")
            .GetDouble()
            .Should()
            .Be(0);
        var grey = await TestMedia.PictureAsync(8, 8, (_, _) => 0x808080FF, "grey.png", "-pix_fmt", "gray");
        (await ComparePictures.PostAsync(ana, grey, await TestMedia.PngAsync(8, 8, (_, _) => 0x808080FF)))
            .Json.GetProperty("compare")
            .GetProperty("changedShare")
            .GetDouble()
            .Should()
            .Be(0);
    }

    [Fact]
    public async Task A_poster_and_a_signed_link_are_of_one_part()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        using var nobody = host.Wire(null);
        var id = (await ComparePictures.PostAsync(ana, await ComparePictures.BeforeAsync(), await ComparePictures.AfterAsync()))
            .Json.GetProperty("id")
            .GetString()!;

        async Task<int[]> Poster(string query) =>
            await TestMedia.PixelsAsync((await ana.GetAsync($"/v1/stories/{id}/poster{query}", ("Accept", "image/png"))).Body);
        var at = (ComparePictures.Width * 5) + 5;
        (await Poster("?part=before"))[at].Should().Be(0xFFFFFF);
        (await Poster("?part=difference"))[at].Should().Be(Mark);
        (await Poster("?part=after"))[at].Should().Be(0x2040A0);
        (await Poster(""))[at].Should().Be(0x2040A0);
        (await Poster("?part=before"))[at].Should().Be(0xFFFFFF, "each is kept for itself");

        var link = (await host.Client(token).Media.CreateLinkAsync(id, TimeSpan.FromMinutes(5), StoryParts.Before)).Url;
        var file = await nobody.GetAsync(new Uri(link).PathAndQuery);
        file.Body.Should().Equal((await ana.GetAsync($"/v1/stories/{id}/media?part=before")).Body);
        (await nobody.GetAsync(new Uri(link).PathAndQuery.Replace("part=before", "part=difference", StringComparison.Ordinal)))
            .Code.Should()
            .Be("link_invalid");
        (await nobody.GetAsync(new Uri(link).PathAndQuery.Replace("part=before&", "", StringComparison.Ordinal)))
            .Code.Should()
            .Be("link_invalid");
        var whole = new Uri((await host.Client(token).Media.CreateLinkAsync(id, TimeSpan.FromMinutes(5))).Url).PathAndQuery;
        (await nobody.GetAsync(whole)).Status.Should().Be(HttpStatusCode.OK);
        (await nobody.GetAsync(whole + "&part=before")).Code.Should().Be("link_invalid");
    }

    [Fact]
    public async Task A_part_that_is_none_or_of_a_story_that_has_none_is_refused_and_nobody_learns_from_it()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var eve = host.Wire(await host.JoinAsync("eve"));
        var single = (await ana.PutAsync("/v1/stories?audience=ana", await ComparePictures.AfterAsync()))
            .Json.GetProperty("id")
            .GetString();
        var compared = (
            await ComparePictures.PostAsync(
                ana,
                await ComparePictures.BeforeAsync(),
                await ComparePictures.AfterAsync(),
                ("audience", "ana")
            )
        )
            .Json.GetProperty("id")
            .GetString();

        foreach (var route in new[] { "media", "poster" })
        {
            (await ana.GetAsync($"/v1/stories/{compared}/{route}?part=middle"))
                .Detail.Should()
                .Be("part: must be before, after or difference, was \"middle\"");
            (await ana.GetAsync($"/v1/stories/{single}/{route}?part=after")).Detail.Should().Contain("only a before/after story has parts");
            (await eve.GetAsync($"/v1/stories/{single}/{route}?part=before")).Code.Should().Be("story_not_found");
            (await eve.GetAsync($"/v1/stories/{compared}/{route}?part=before")).Code.Should().Be("story_not_found");
        }
        (await ana.PostJsonAsync($"/v1/stories/{single}/links", """{ "part": "before" }""")).Code.Should().Be("invalid_request");
        (await ana.PostJsonAsync($"/v1/stories/{compared}/links", """{ "part": "middle" }""")).Code.Should().Be("invalid_request");
        (await eve.PostJsonAsync($"/v1/stories/{compared}/links", """{ "part": "before" }""")).Code.Should().Be("story_not_found");
        (await ana.GetAsync($"/v1/stories/{single}")).Json.TryGetProperty("compare", out _).Should().BeFalse();
    }

    private static (int X, int Y) Upright(int x, int y, int orientation, int width, int height) =>
        orientation switch
        {
            2 => (width - 1 - x, y),
            3 => (width - 1 - x, height - 1 - y),
            4 => (x, height - 1 - y),
            5 => (y, x),
            6 => (height - 1 - y, x),
            7 => (height - 1 - y, width - 1 - x),
            8 => (y, width - 1 - x),
            _ => (x, y),
        };

    [Fact]
    public async Task The_same_key_answers_the_same_story_and_another_picture_on_either_side_is_a_conflict()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Client(token);
        var (before, after) = (
            MediaUpload.FromBytes(await ComparePictures.BeforeAsync(), "alt \"ü\".png"),
            MediaUpload.FromBytes(await ComparePictures.AfterAsync(), "neu.png")
        );
        var sent = new List<long>();

        var first = await ana.Stories.PostCompareAsync(new NewStory { Caption = "x", Tags = ["ui"] }, before, after, "k", new Sent(sent));
        await host.RestartAsync();
        var second = await host.Client(token).Stories.PostCompareAsync(new NewStory { Caption = "x", Tags = ["ui"] }, before, after, "k");

        second.Id.Should().Be(first.Id);
        (first.Compare!.Before.FileName, first.Media.FileName).Should().Be(("alt \"ü\".png", "neu.png"));
        second.Should().BeEquivalentTo(first, "it is read from the disk as it was written");
        sent.Should().BeInAscendingOrder().And.HaveElementAt(sent.Count - 1, before.Bytes + after.Bytes);
        var swapped = () =>
            host.Client(token)
                .Stories.PostCompareAsync(
                    new NewStory { Caption = "x", Tags = ["ui"] },
                    before,
                    before with
                    {
                        FileName = after.FileName,
                    },
                    "k"
                );
        (await swapped.Should().ThrowAsync<ApiException>()).Which.Code.Should().Be("idempotency_conflict");
        var other = () =>
            host.Client(token)
                .Stories.PostCompareAsync(
                    new NewStory { Caption = "x", Tags = ["ui"] },
                    after with
                    {
                        FileName = before.FileName,
                    },
                    after,
                    "k"
                );
        (await other.Should().ThrowAsync<ApiException>()).Which.Code.Should().Be("idempotency_conflict");
    }

    private sealed class Sent(List<long> sent) : IProgress<long>
    {
        public void Report(long value) => sent.Add(value);
    }
}
