using System.Net;
using System.Security.Cryptography;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Shares;

public sealed class ShareTests
{
    private static readonly (string, string) Browser = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    [Fact]
    public async Task The_address_shows_the_story_and_nothing_else_of_the_server()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostAsync(
            new NewStory
            {
                Caption = "<b>Desk</b> & \"chair\"",
                Audience = ["ana"],
                Tags = ["secret-tag"],
            },
            MediaUpload.FromBytes(await TestMedia.JpegAsync()),
            "k"
        );

        var path = await ShareAsync(ana, story.Id);
        var page = await nobody.GetAsync(path + "?fbclid=x", Browser);

        (page.Status, page.Header("Content-Type")).Should().Be((HttpStatusCode.OK, "text/html; charset=utf-8"));
        page.Header("Content-Security-Policy")
            .Should()
            .StartWith("default-src 'none'; img-src 'self'; media-src 'self'; style-src 'sha256-")
            .And.NotContain("unsafe")
            .And.NotContain("script");
        page.Header("Referrer-Policy").Should().Be("no-referrer");
        page.Header("X-Robots-Tag").Should().Contain("noindex");
        page.Header("Cache-Control").Should().Be("no-store");
        page.Header("Set-Cookie").Should().BeNull();
        page.Text.Should()
            .Contain("&lt;b&gt;Desk&lt;/b&gt; &amp; &quot;chair&quot;")
            .And.Contain("<meta name=\"robots\" content=\"noindex")
            .And.Contain("Picture by <bdi>@ana</bdi>, here until");
        page.Text.Should().NotContain("<script").And.NotContain("<b>").And.NotContain("secret-tag").And.NotContain(story.Id);
        var media = await nobody.GetAsync(path + "/media");
        Convert.ToHexStringLower(SHA256.HashData(media.Body)).Should().Be(story.Media.Sha256);
        media.Header("Content-Security-Policy").Should().Be("sandbox; default-src 'none'");
        (media.Header("X-Content-Type-Options"), media.Header("Referrer-Policy"), media.Header("Cache-Control"))
            .Should()
            .Be(("nosniff", "no-referrer", "no-cache, private"));
        media.Header("Content-Disposition").Should().Be("inline", "what its author called the file is not shared");
        var part = await nobody.GetAsync(path + "/media", ("Range", "bytes=1-3"));
        (part.Status, part.Body).Should().BeEquivalentTo((HttpStatusCode.PartialContent, media.Body[1..4]));
        (await nobody.GetAsync($"/v1/stories/{story.Id}/media")).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await nobody.SendAsync(HttpMethod.Head, path, null)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_text_is_shown_whole_and_without_what_commands_a_terminal()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostTextAsync(
            new NewStory { Text = "\n\e[31mred\e[0m <script>alert(1)</script>\n" + new string('x', 10_000) + "the end" },
            "k"
        );

        var page = (await nobody.GetAsync(await ShareAsync(ana, story.Id))).Text;

        page.Should().Contain("red &lt;script&gt;").And.Contain("the end").And.NotContain("\e").And.NotContain("<script");
        page.Should().Contain("<pre lang=\"\" dir=\"auto\">\n\nred", "the parser drops one newline");
    }

    [Fact]
    public async Task It_ends_by_its_own_time_and_says_so_without_saying_what_it_was()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "words", Ttl = "2d" }, "k");
        var path = await ShareAsync(ana, story.Id, TimeSpan.FromHours(1));

        host.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        (await nobody.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        foreach (var of in (string[])[path, path + "/media"])
        {
            (await nobody.GetAsync(of)).Code.Should().Be("share_ended");
        }
        var page = await nobody.GetAsync(path, Browser);
        (page.Status, page.Header("Content-Type")).Should().Be((HttpStatusCode.Gone, "text/html; charset=utf-8"));
        page.Header("Content-Security-Policy").Should().StartWith("default-src 'none'");
        page.Text.Should().Contain("no longer here").And.NotContain("words").And.NotContain("ana");
        (await ana.Shares.ListAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("deleted")]
    [InlineData("unkept")]
    public async Task It_ends_with_its_story(string how)
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "words", Ttl = "5m" }, "k");
        if (how == "unkept")
        {
            await ana.Highlights.KeepAsync(story.Id);
        }
        var share = await ana.Shares.CreateAsync(story.Id, TimeSpan.FromDays(7));
        var path = new Uri(share.Url).PathAndQuery;
        share
            .ExpiresAt.Should()
            .Be(
                how == "unkept" ? host.Clock.GetUtcNow() + TimeSpan.FromDays(7) : story.ExpiresAt!.Value,
                "a kept story has no end of its own"
            );
        if (how == "deleted")
        {
            await ana.Stories.DeleteAsync(story.Id);
        }
        else
        {
            host.Clock.Advance(TimeSpan.FromMinutes(5));
        }
        if (how == "unkept")
        {
            (await nobody.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
            await ana.Highlights.UnkeepAsync(story.Id);
        }

        (await nobody.GetAsync(path)).Code.Should().Be("share_ended");
        (await nobody.GetAsync(path + "/media")).Code.Should().Be("share_ended");
        await host.RestartAsync();
        (await nobody.GetAsync(path)).Code.Should().Be("share_ended");
    }

    [Fact]
    public async Task Revoked_is_as_if_it_had_never_been()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "words" }, "k");
        var share = await ana.Shares.CreateAsync(story.Id);
        var path = new Uri(share.Url).PathAndQuery;

        (await bob.Invoking(b => b.Shares.RevokeAsync(share.Id)).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be("share_not_found");
        (await nobody.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
        await ana.Shares.RevokeAsync(share.Id);

        var revoked = await nobody.GetAsync(path, Browser);
        var never = await nobody.GetAsync(path[..^1] + (path[^1] == 'x' ? 'y' : 'x'), Browser);
        (revoked.Status, revoked.Text).Should().Be((HttpStatusCode.NotFound, never.Text));
        (await nobody.GetAsync(path + "/media")).Code.Should().Be("share_not_found");
        (await ana.Invoking(a => a.Shares.RevokeAsync(share.Id)).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be("share_not_found");
    }

    [Fact]
    public async Task Only_the_author_shares_and_only_with_a_token_that_may()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var bob = host.Wire(await host.JoinAsync("bob"));
        using var cem = host.Wire(await host.JoinAsync("cem"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "words", Audience = ["bob"] }, "k");
        var reading = host.Wire((await ana.Tokens.CreateAsync(new() { Name = "r", Scopes = ["read"] })).Token);
        var own = host.Wire((await ana.Tokens.CreateAsync(new() { Name = "rp", Scopes = ["read", "post"] })).Token);

        (await bob.PostJsonAsync($"/v1/stories/{story.Id}/share", "{}")).Code.Should().Be("not_author");
        (await cem.PostJsonAsync($"/v1/stories/{story.Id}/share", """{ "wrong": 1 }""")).Code.Should().Be("story_not_found");
        (await reading.PostJsonAsync($"/v1/stories/{story.Id}/share", "{}")).Code.Should().Be("scope_missing");
        (await own.PostJsonAsync($"/v1/stories/{story.Id}/share", """{ "ttl": "8d" }""")).Detail.Should().Contain("7d").And.Contain("8d");
        (await ana.Shares.ListAsync()).Should().BeEmpty();
        (string, string) key = ("Idempotency-Key", "share");
        var made = (await own.PostJsonAsync($"/v1/stories/{story.Id}/share", """{ "ttl": "1h" }""", key)).Json;
        var again = (await own.PostJsonAsync($"/v1/stories/{story.Id}/share", """{ "ttl": "1h" }""", key)).Json;
        again.GetProperty("id").GetString().Should().Be(made.GetProperty("id").GetString());
        again.TryGetProperty("url", out _).Should().BeFalse("a secret is answered once");
        (await ana.Shares.ListAsync()).Should().ContainSingle();
        (await bob.GetAsync("/v1/shares")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Disabling_its_author_suspends_it_and_leaving_ends_it()
    {
        await using var host = await ServerHost.StartAsync();
        using var owner = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob");
        var bob = host.Client(token);
        using var leaving = host.Wire(token);
        using var nobody = host.Wire(null);
        var story = await bob.Stories.PostTextAsync(new NewStory { Text = "words" }, "k");
        var path = await ShareAsync(bob, story.Id);

        await owner.SendAsync(HttpMethod.Patch, "/v1/admin/accounts/bob", Json("""{ "disabled": true }"""));
        (await nobody.GetAsync(path)).Code.Should().Be("share_not_found");
        (await nobody.GetAsync(path + "/media")).Code.Should().Be("share_not_found");
        await owner.SendAsync(HttpMethod.Patch, "/v1/admin/accounts/bob", Json("""{ "disabled": false }"""));
        (await nobody.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
        (await leaving.SendAsync(HttpMethod.Delete, "/v1/me", null)).Status.Should().Be(HttpStatusCode.NoContent);

        (await nobody.GetAsync(path)).Code.Should().Be("share_not_found");
    }

    [Fact]
    public async Task Openings_of_the_page_are_counted_for_its_author_across_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Client(token);
        using var nobody = host.Wire(null);
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "words" }, "k");
        var path = await ShareAsync(ana, story.Id);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => nobody.GetAsync(path)));
        await nobody.GetAsync(path + "/media");
        await nobody.SendAsync(HttpMethod.Head, path, null);

        await Eventually.TrueAsync(async () => (await ana.Shares.ListAsync()).Single().OpenCount == 20);
        await host.RestartAsync();
        using var again = host.Wire(token);
        (await again.GetAsync("/v1/shares")).Json.GetProperty("items")[0].GetProperty("openCount").GetInt64().Should().Be(20);
    }

    [Fact]
    public async Task The_secret_stands_neither_in_the_log_nor_in_the_data()
    {
        var log = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".log");
        string secret;
        string data;
        await using (
            var host = await ServerHost.StartAsync(options =>
                options with
                {
                    LogFile = log,
                    LogFormat = "json",
                    LogLevel = "debug",
                    LogAllRequests = true,
                }
            )
        )
        {
            var ana = await host.SignInAsync("ana");
            using var nobody = host.Wire(null);
            var story = await ana.Stories.PostTextAsync(new NewStory { Text = TestMedia.LongText }, "k");
            var path = await ShareAsync(ana, story.Id);
            secret = path["/s/".Length..];
            await nobody.GetAsync(path);
            // Without its file the server fails, and logs that.
            foreach (var file in Directory.GetFiles(Path.Combine(host.DataPath, "media"), "*", SearchOption.AllDirectories))
            {
                File.Delete(file);
            }
            (await nobody.GetAsync(path + "/media")).Status.Should().Be(HttpStatusCode.InternalServerError);
            await host.StopAsync();
            data = string.Concat(
                Directory
                    .GetFiles(host.DataPath, "*", SearchOption.AllDirectories)
                    .Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)))
            );
        }
        var written = Directory
            .GetFiles(Path.GetTempPath(), Path.GetFileNameWithoutExtension(log) + "*")
            .Select(file => (File: file, Text: File.ReadAllText(file)))
            .ToList();
        written.ForEach(entry => File.Delete(entry.File));

        string.Concat(written.Select(entry => entry.Text))
            .Should()
            .Contain("/s/…")
            .And.Contain("Refused a damaged file")
            .And.NotContain(secret);
        data.Should().NotContain(secret);
    }

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static async Task<string> ShareAsync(ApiClient author, string story, TimeSpan? ttl = null) =>
        new Uri((await author.Shares.CreateAsync(story, ttl)).Url).PathAndQuery;
}
