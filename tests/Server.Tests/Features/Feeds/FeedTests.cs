using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Feeds;
using StoriesCli.Server.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Feeds;

public sealed class FeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Fact]
    public async Task A_key_reads_what_its_owner_may_see_and_their_files_and_nothing_else()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        using var nobody = host.Wire(null);
        var photo = await TestMedia.JpegAsync();
        await ana.Accounts.ChangeMeAsync(new() { DisplayName = "Bob" });
        var shown = await ana.Stories.PostAsync(
            new NewStory
            {
                Caption = "The <new> desk & \uffff",
                Tags = ["office"],
                Links = ["https://example.org/a?b=c&d"],
            },
            MediaUpload.FromBytes(photo),
            "1"
        );
        await ana.Stories.PostTextAsync(new NewStory { Text = "not for bob", Audience = ["ana"] }, "2");
        var key = (await bob.Feeds.CreateAsync("phone")).Key;

        var answer = await nobody.GetAsync($"/v1/feed.atom?key={key}");

        (answer.Status, answer.Header("Content-Type"), answer.Header("Cache-Control"))
            .Should()
            .Be((HttpStatusCode.OK, "application/atom+xml; charset=utf-8", "no-cache, private"));
        var feed = XDocument.Parse(answer.Text).Root!;
        var entry = feed.Elements(Atom + "entry").Single();
        entry.Element(Atom + "id")!.Value.Should().Be("urn:ulid:" + shown.Id);
        entry.Element(Atom + "title")!.Value.Should().Be("The <new> desk &");
        entry.Element(Atom + "author")!.Element(Atom + "name")!.Value.Should().Be("Bob (@ana)", "a name may be anybody's");
        DateTimeOffset.Parse(entry.Element(Atom + "updated")!.Value, null).Should().BeCloseTo(shown.CreatedAt, TimeSpan.FromSeconds(1));
        entry.Element(Atom + "category")!.Attribute("term")!.Value.Should().Be("office");
        entry
            .Elements(Atom + "link")
            .Should()
            .Contain(link =>
                (string)link.Attribute("rel")! == "related" && (string)link.Attribute("href")! == "https://example.org/a?b=c&d"
            );
        var enclosure = entry.Elements(Atom + "link").Single(link => (string)link.Attribute("rel")! == "enclosure");
        ((string)enclosure.Attribute("type")!, (long)enclosure.Attribute("length")!).Should().Be(("image/jpeg", shown.Media.Bytes));
        answer.Text.Should().NotContain(key);
        var file = new Uri((string)enclosure.Attribute("href")!).PathAndQuery;
        Convert.ToHexStringLower(SHA256.HashData((await nobody.GetAsync(file)).Body)).Should().Be(shown.Media.Sha256);
        (await nobody.GetAsync(file.Replace(shown.Id, "01aaaaaaaaaaaaaaaaaaaaaaaa", StringComparison.Ordinal)))
            .Code.Should()
            .Be("link_invalid");
        foreach (var path in (string[])[$"/v1/stories/{shown.Id}", "/v1/stories", $"/v1/stories/{shown.Id}/media", "/v1/me", "/v1/feeds"])
        {
            (await nobody.GetAsync($"{path}?key={key}")).Status.Should().Be(HttpStatusCode.Unauthorized, path);
        }
        (await nobody.GetAsync("/v1/me", ("Authorization", "Bearer " + key))).Status.Should().Be(HttpStatusCode.Unauthorized);

        await ana.Stories.EditAsync(shown.Id, new StoryEdit { Audience = ["ana"] });
        (await nobody.GetAsync($"/v1/feed.atom?key={key}")).Text.Should().NotContain("entry");
        (await nobody.GetAsync(file)).Code.Should().Be("story_not_found");
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_what_has_expired_never()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        await ana.Stories.PostTextAsync(new NewStory { Text = "brief", Ttl = "5m" }, "1");
        var path = $"/v1/feed.atom?key={(await ana.Feeds.CreateAsync()).Key}";
        var first = await nobody.GetAsync(path);

        (await nobody.GetAsync(path, ("If-None-Match", first.Header("ETag")!))).Status.Should().Be(HttpStatusCode.NotModified);
        var file = new Uri(
            XDocument.Parse(first.Text).Descendants(Atom + "link").Select(link => (string)link.Attribute("href")!).Single()
        ).PathAndQuery;
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        var after = await nobody.GetAsync(path, ("If-None-Match", first.Header("ETag")!));
        (after.Status, after.Text.Contains("brief", StringComparison.Ordinal)).Should().Be((HttpStatusCode.OK, false));
        (await nobody.GetAsync(file)).Code.Should().Be("story_expired");
    }

    [Fact]
    public async Task One_author_has_a_feed_of_their_own()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        using var nobody = host.Wire(null);
        await ana.Stories.PostTextAsync(new NewStory { Text = "from ana" }, "1");
        await bob.Stories.PostTextAsync(new NewStory { Text = "from bob" }, "2");
        var key = (await ana.Feeds.CreateAsync()).Key;

        var team = XDocument.Parse((await nobody.GetAsync($"/v1/feed.atom?key={key}")).Text).Root!;
        var one = XDocument.Parse((await nobody.GetAsync($"/v1/feed.atom?key={key}&author=bob")).Text).Root!;

        team.Elements(Atom + "entry").Select(entry => entry.Element(Atom + "title")!.Value).Should().Equal("from bob", "from ana");
        one.Elements(Atom + "entry").Select(entry => entry.Element(Atom + "title")!.Value).Should().Equal("from bob");
        one.Element(Atom + "id")!.Value.Should().NotBe(team.Element(Atom + "id")!.Value);
        (await nobody.GetAsync($"/v1/feed.atom?key={key}&author=Not%20One")).Code.Should().Be("invalid_request");
    }

    [Fact]
    public async Task A_playlist_is_read_by_the_key_too()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        var photo = await TestMedia.JpegAsync();
        var one = await ana.Stories.PostAsync(new NewStory { Caption = "one" }, MediaUpload.FromBytes(photo), "1");
        var feed = await ana.Feeds.CreateAsync();

        var lines = (await nobody.GetAsync($"/v1/playlist.m3u8?key={feed.Key}")).Text.Split('\n');

        lines[1].Should().Be("#EXTINF:-1,ana: one");
        Convert
            .ToHexStringLower(SHA256.HashData((await nobody.GetAsync(new Uri(lines[2]).PathAndQuery)).Body))
            .Should()
            .Be(one.Media.Sha256);
        (await nobody.GetAsync("/v1/playlist.m3u8?key=stf_wrong")).Code.Should().Be("feed_key_invalid");
        await ana.Feeds.RevokeAsync(feed.Id);
        (await nobody.GetAsync(new Uri(lines[2]).PathAndQuery)).Code.Should().Be("link_invalid");
    }

    [Fact]
    public async Task A_key_ends_when_it_is_revoked_with_its_account_and_while_that_is_disabled()
    {
        await using var host = await ServerHost.StartAsync();
        using var owner = host.Wire(await host.JoinAsync("ana"));
        var bob = await host.SignInAsync("bob");
        using var nobody = host.Wire(null);
        var revoked = await bob.Feeds.CreateAsync("old");
        var kept = await bob.Feeds.CreateAsync();
        await bob.Feeds.RevokeAsync(revoked.Id);
        (await bob.Invoking(b => b.Feeds.RevokeAsync(revoked.Id)).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be("feed_not_found");
        (await owner.SendAsync(HttpMethod.Delete, $"/v1/feeds/{kept.Id}", null)).Code.Should().Be("feed_not_found");
        (await bob.Feeds.ListAsync()).Select(feed => feed.Name).Should().Equal("feed");
        var path = $"/v1/feed.atom?key={kept.Key}";

        (await nobody.GetAsync($"/v1/feed.atom?key={revoked.Key}")).Code.Should().Be("feed_key_invalid");
        await host.RestartAsync();
        (await nobody.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
        await owner.SendAsync(
            HttpMethod.Patch,
            "/v1/admin/accounts/bob",
            new StringContent("""{ "disabled": true }""", System.Text.Encoding.UTF8, "application/json")
        );
        (await nobody.GetAsync(path)).Code.Should().Be("feed_key_invalid");
        await owner.SendAsync(HttpMethod.Delete, "/v1/admin/accounts/bob", null);
        (await nobody.GetAsync(path)).Code.Should().Be("feed_key_invalid");
        (await nobody.GetAsync("/v1/feed.atom")).Code.Should().Be("feed_key_invalid");
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("revoked")]
    [InlineData("restarted and revoked")]
    public async Task A_key_lives_no_longer_than_the_token_it_was_made_with(string how)
    {
        await using var host = await ServerHost.StartAsync();
        var signedIn = await host.JoinAsync("ana");
        var ana = host.Client(signedIn);
        using var nobody = host.Wire(null);
        await ana.Stories.PostAsync(new NewStory { Ttl = "7d" }, MediaUpload.FromBytes(await TestMedia.JpegAsync()), "1");
        var token = await ana.Tokens.CreateAsync(
            new()
            {
                Name = "phone",
                Scopes = ["read", "post"],
                Ttl = "1h",
            }
        );
        var made = await host.Client(token.Token).Feeds.CreateAsync();
        var path = $"/v1/feed.atom?key={made.Key}";
        var file = new Uri(
            (string)XDocument.Parse((await nobody.GetAsync(path)).Text).Descendants(Atom + "link").Single().Attribute("href")!
        ).PathAndQuery;
        made.ExpiresAt.Should().Be(token.ExpiresAt);
        (await ana.Feeds.ListAsync()).Single().ExpiresAt.Should().Be(token.ExpiresAt);
        (await nobody.GetAsync(file)).Status.Should().Be(HttpStatusCode.OK);

        if (how == "expired")
        {
            host.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
            (await nobody.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        else
        {
            if (how != "revoked")
            {
                await host.RestartAsync();
                ana = host.Client(signedIn);
            }
            await ana.Tokens.RevokeAsync(token.Id);
        }

        (await nobody.GetAsync(path)).Code.Should().Be("feed_key_invalid");
        (await nobody.GetAsync(file)).Code.Should().Be("link_invalid");
        (await nobody.GetAsync($"/v1/playlist.m3u8?key={made.Key}")).Code.Should().Be("feed_key_invalid");
        (await ana.Feeds.ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_key_of_an_older_server_goes_on_without_an_end()
    {
        await using var host = await ServerHost.StartAsync();
        var signedIn = await host.JoinAsync("ana");
        using var nobody = host.Wire(null);
        var key = Secret.Make(Secret.FeedPrefix);
        await host
            .Services.GetRequiredService<Database>()
            .CommitAsync(batch =>
            {
                batch.Insert(
                    FeedRow.Collection,
                    new("01aaaaaaaaaaaaaaaaaaaaaaaa", 1, "old", Secret.Hash(key), host.Clock.GetUtcNow(), Token: null)
                );
                return true;
            });
        await host.RestartAsync();

        (await nobody.GetAsync($"/v1/feed.atom?key={key}")).Status.Should().Be(HttpStatusCode.OK);
        (await host.Client(signedIn).Feeds.ListAsync()).Single().ExpiresAt.Should().BeNull();
    }

    [Fact]
    public async Task Keys_that_are_over_make_room()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var token = await ana.Tokens.CreateAsync(new() { Name = "phone", Scopes = ["read", "post"] });
        var phone = host.Client(token.Token);
        for (var i = 0; i < Limits.Feeds; i++)
        {
            await phone.Feeds.CreateAsync();
        }

        await ana.Tokens.RevokeAsync(token.Id);
        await ana.Feeds.CreateAsync("new");

        (await ana.Feeds.ListAsync()).Select(feed => feed.Name).Should().Equal("new");
    }

    [Fact]
    public async Task An_account_has_twenty_keys_at_the_most()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        for (var i = 0; i < Limits.Feeds; i++)
        {
            await ana.Feeds.CreateAsync();
        }

        (await ana.Invoking(a => a.Feeds.CreateAsync()).Should().ThrowAsync<ApiException>()).Which.Message.Should().Contain("20");
    }
}
