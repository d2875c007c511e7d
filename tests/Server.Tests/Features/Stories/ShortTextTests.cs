using System.Net;
using System.Security.Cryptography;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>A text that fits its row has no file, and answers as one that has.</summary>
public sealed class ShortTextTests
{
    public static TheoryData<string, bool> Texts =>
        new()
        {
            { "short", false },
            { "two lines\nand a tab\there, \u00e9\u4e2d", false },
            { new string('x', Limits.TextPreviewCharacters), false },
            { string.Concat(Enumerable.Repeat("\U0001F600", Limits.TextPreviewCharacters)), false },
            { string.Concat(Enumerable.Repeat("\U0001F600", Limits.TextPreviewCharacters + 1)), true },
            { TestMedia.LongText, true },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_is_served_byte_for_byte_whether_its_row_or_a_file_holds_it(string text, bool hasFile)
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var client = host.Client(token);
        using var bob = host.Wire(await host.JoinAsync("bob"));
        using var nobody = host.Wire(null);
        var bytes = Encoding.UTF8.GetBytes(text);
        var sha = Convert.ToHexStringLower(SHA256.HashData(bytes));

        var story = await client.Stories.PostTextAsync(new NewStory { Text = text, FileName = "a.txt" }, "k");
        (await client.Stories.PostTextAsync(new NewStory { Text = text, FileName = "a.txt" }, "k")).Id.Should().Be(story.Id);
        var link = new Uri((await client.Media.CreateLinkAsync(story.Id, TimeSpan.FromMinutes(5))).Url).PathAndQuery;
        var share = new Uri((await client.Shares.CreateAsync(story.Id)).Url!).PathAndQuery;
        await host.RestartAsync();
        client = host.Client(token);

        FilesOf(host, story.Id).Should().HaveCount(hasFile ? 1 : 0);
        (story.Media.Bytes, story.Media.Sha256).Should().Be((bytes.Length, sha));
        var path = $"/v1/stories/{story.Id}/media";
        var whole = await bob.GetAsync(path);
        whole.Body.Should().Equal(bytes);
        (whole.Header("ETag"), whole.Header("Content-Type"), whole.Header("Accept-Ranges"), whole.Header("Content-Length"))
            .Should()
            .Be(($"\"{sha}\"", "text/plain; charset=utf-8", "bytes", $"{bytes.Length}"));
        whole.Header("Content-Disposition").Should().Contain("a.txt");
        (await bob.GetAsync(path, ("Range", "bytes=1-3"))).Body.Should().Equal(bytes[1..4]);
        (await bob.GetAsync(path, ("Range", $"bytes={bytes.Length}-"))).Code.Should().Be("range_not_satisfiable");
        (await bob.GetAsync(path, ("If-None-Match", $"\"{sha}\""))).Status.Should().Be(HttpStatusCode.NotModified);
        (await bob.SendAsync(HttpMethod.Head, path, null)).Header("Content-Length").Should().Be($"{bytes.Length}");
        (await bob.GetAsync(path + "?part=before")).Code.Should().Be("invalid_request");
        (await bob.GetAsync($"/v1/stories/{story.Id}/poster")).Code.Should().Be("poster_unavailable");
        (await nobody.GetAsync(link)).Body.Should().Equal(bytes);
        (await nobody.GetAsync(share + "/media")).Body.Should().Equal(bytes);
        WebUtility.HtmlDecode((await nobody.GetAsync(share)).Text).Should().Contain(text);
        (await client.Accounts.GetMeAsync()).Bytes.Should().Be(bytes.Length);

        await client.Stories.DeleteAsync(story.Id);

        FilesOf(host, story.Id).Should().BeEmpty();
        (await bob.GetAsync($"/v1/receipts/{story.Id}")).Json.GetProperty("sha256").GetString().Should().Be(sha);
        (await client.Accounts.GetMeAsync()).Bytes.Should().Be(0);
    }

    [Fact]
    public async Task A_server_with_short_texts_alone_starts_although_no_media_are_there()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var client = host.Client(token);
        for (var i = 0; i < 5; i++)
        {
            await client.Stories.PostTextAsync(new NewStory { Text = $"text {i}" }, $"{i}");
        }

        await host.RestartAsync();

        (await host.Client(token).Stories.ListAsync(new())).Items.Should().HaveCount(5);
        ((MediaFolder)host.Services.GetService(typeof(MediaFolder))!).All().Should().BeEmpty();
    }

    private static IEnumerable<string> FilesOf(ServerHost host, string id) =>
        Directory.EnumerateFiles(host.DataPath, id + "*", SearchOption.AllDirectories);
}
