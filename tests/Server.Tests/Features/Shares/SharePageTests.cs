using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Stories;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Shares;

/// <summary>What the page of a share shows, and that each of its links works.</summary>
public sealed partial class SharePageTests
{
    [Fact]
    public async Task A_before_after_story_is_shown_with_all_three_pictures_and_how_much_changed()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostCompareAsync(
            new NewStory { Caption = "The \"new\" button" },
            MediaUpload.FromBytes(await ComparePictures.BeforeAsync(), "old.png"),
            MediaUpload.FromBytes(await ComparePictures.AfterAsync(), "new.png"),
            "k"
        );
        var address = new Uri((await ana.Shares.CreateAsync(story.Id)).Url);

        var page = await nobody.GetAsync(address.AbsolutePath);

        page.Text.Should()
            .Contain("Difference: 16 % changed")
            .And.Contain("Before and after by <bdi>@ana</bdi>")
            .And.NotContain("<script")
            .And.NotContain(story.Id);
        page.Text.Should().Contain("alt=\"The &quot;new&quot; button (before)\"").And.Contain("width=\"100\" height=\"50\"");
        page.Header("Content-Security-Policy")
            .Should()
            .StartWith("default-src 'none'; img-src 'self'; media-src 'self'; style-src 'sha256-")
            .And.NotContain("unsafe")
            .And.NotContain("script");
        (await SumsOfPicturesAsync(nobody, address, page.Text))
            .Should()
            .Equal(story.Compare!.Before.Sha256, story.Media.Sha256, story.Compare.Difference.Sha256);
        (await nobody.GetAsync(address.AbsolutePath + "/media")).Header("ETag").Should().Contain(story.Media.Sha256);
        (await nobody.GetAsync(address.AbsolutePath + "/media?part=middle"))
            .Should()
            .Match<WireAnswer>(answer => answer.Code == "invalid_request" && answer.Detail.Contains("middle"));
    }

    [Fact]
    public async Task A_part_of_what_has_none_is_refused_without_saying_which_story_it_is()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostAsync(new NewStory(), MediaUpload.FromBytes(await TestMedia.JpegAsync()), "k");
        var path = new Uri((await ana.Shares.CreateAsync(story.Id)).Url).AbsolutePath;

        var refused = await nobody.GetAsync(path + "/media?part=before");

        (refused.Status, refused.Text)
            .Should()
            .Match<(HttpStatusCode Status, string Text)>(answer =>
                answer.Status == HttpStatusCode.BadRequest && answer.Text.Contains("only a before/after story has parts")
            );
        refused.Text.Should().NotContain(story.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/?utm_source=x")]
    public async Task Its_picture_is_found_also_where_a_slash_hangs_on_the_address(string tail)
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostAsync(new NewStory(), MediaUpload.FromBytes(await TestMedia.JpegAsync()), "k");
        var address = new Uri((await ana.Shares.CreateAsync(story.Id)).Url + tail);

        var page = await nobody.GetAsync(address.PathAndQuery);

        page.Status.Should().Be(HttpStatusCode.OK);
        (await SumsOfPicturesAsync(nobody, address, page.Text)).Should().Equal(story.Media.Sha256);
    }

    /// <summary>Hashes of the images on a page, with URLs resolved as a browser does.</summary>
    private static async Task<IReadOnlyList<string>> SumsOfPicturesAsync(Wire wire, Uri page, string html)
    {
        var sums = new List<string>();
        foreach (Match source in Source().Matches(html))
        {
            var answer = await wire.GetAsync(new Uri(page, WebUtility.HtmlDecode(source.Groups[1].Value)).PathAndQuery);
            sums.Add(
                answer.Status == HttpStatusCode.OK ? Convert.ToHexStringLower(SHA256.HashData(answer.Body)) : answer.Status.ToString()
            );
        }
        return sums;
    }

    [GeneratedRegex("<img src=\"([^\"]+)\"")]
    private static partial Regex Source();
}
