using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Mutes;

public sealed class MuteTests
{
    [Fact]
    public async Task Nothing_of_a_muted_person_counts_as_unseen_anywhere_also_across_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        await host.SignInAsync("cem");
        var photo = IdOf(await ana.PutAsync("/v1/stories?caption=muted", await TestMedia.JpegAsync()));

        (await PutAsync(bob, "people/ana")).Status.Should().Be(System.Net.HttpStatusCode.NoContent);
        await NothingUnseenAsync(bob);
        await host.RestartAsync();
        await NothingUnseenAsync(bob);

        (await TrayOf(ana)).GetProperty("muted").GetBoolean().Should().BeFalse("it is the other's own matter");
        (await bob.GetAsync("/v1/stories"))
            .Json.GetProperty("items")[0]
            .GetProperty("viewed")
            .GetBoolean()
            .Should()
            .BeFalse("it stays where it is, unseen as it is");
        (await bob.GetAsync("/v1/playlist.m3u8")).Text.Should().Contain(photo);
        await bob.SendAsync(HttpMethod.Delete, "/v1/people/ana/mute", null);
        await bob.SendAsync(HttpMethod.Delete, "/v1/people/ana/mute", null);
        await OneUnseenAsync(bob, photo);
    }

    [Fact]
    public async Task A_muted_tag_takes_its_stories_out_of_what_is_unseen_and_leaves_the_others()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        await ana.Stories.PostTextAsync(new NewStory { Text = "x", Tags = ["noise", "y"] }, "1");
        var other = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Tags = ["y"] }, "2");
        await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "x",
                Tags = ["noise"],
                Slot = "ci",
            },
            "3"
        );

        await bob.Mutes.MuteTagAsync("noise");

        var tray = await bob.Stories.GetTrayAsync();
        tray.Select(i => (i.Slot, i.Total, i.Unseen, i.FirstUnseenId, i.Muted))
            .Should()
            .Equal((null, 2, 1, other.Id, false), ("ci", 1, 0, null, true));
        (await bob.Stories.ListAsync(new StoryQuery { Unseen = true })).Items.Select(s => s.Id).Should().Equal(other.Id);
        await bob.Mutes.UnmuteTagAsync("noise");
        (await bob.Stories.ListAsync(new StoryQuery { Unseen = true })).Items.Should().HaveCount(3);
    }

    [Fact]
    public async Task Everything_is_muted_until_its_instant_and_not_a_millisecond_longer()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var bobsToken = await host.JoinAsync("bob");
        using var bob = host.Wire(bobsToken);
        var photo = IdOf(await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync()));

        await host.Client(bobsToken).Mutes.MuteAllAsync(host.Clock.GetUtcNow().AddHours(2));
        await NothingUnseenAsync(bob);
        await host.RestartAsync(away: TimeSpan.FromHours(2) - TimeSpan.FromMilliseconds(1));
        await NothingUnseenAsync(bob);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await OneUnseenAsync(bob, photo);
        (await bob.SendAsync(HttpMethod.Put, "/v1/me/mute", Json("""{ "until": "2001-01-01T00:00:00Z" }""")))
            .Detail.Should()
            .Contain("2001")
            .And.Contain("2026");
        (await bob.SendAsync(HttpMethod.Put, "/v1/me/mute", Json("""{ "until": "soon" }""")))
            .Detail.Should()
            .Contain("until: must be a time of RFC 3339, such as 2026-11-22T18:00:00Z, was the text \"soon\"");
        (await bob.SendAsync(HttpMethod.Put, "/v1/me/mute", Json("""{ "until": 1795370400 }""")))
            .Detail.Should()
            .Contain("RFC 3339")
            .And.Contain("was 1795370400");
        (await bob.SendAsync(HttpMethod.Put, "/v1/me/mute", Json("""{ "for": "2h" }"""))).Detail.Should().Contain("for");
    }

    [Fact]
    public async Task What_is_muted_is_listed_to_who_muted_it_alone_and_said_of_each_story()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var until = host.Clock.GetUtcNow().AddHours(1);
        await bob.Mutes.MuteTagAsync("noise", until);
        await bob.Mutes.MuteTagAsync("build");
        await bob.Mutes.MutePersonAsync("ana", until);
        await bob.Mutes.MuteAllAsync(until);
        var tagged = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Tags = ["noise"] }, "1");

        (await bob.Mutes.ListAsync())
            .Select(mute => (mute.Person?.Handle, mute.Tag, mute.Until))
            .Should()
            .Equal((null, null, until), ("ana", null, until), (null, "build", null), (null, "noise", until));
        (await bob.Stories.GetAsync(tagged.Id)).Muted.Should().BeTrue();
        (await ana.Mutes.ListAsync()).Should().BeEmpty();
        (await ana.Stories.GetAsync(tagged.Id)).Muted.Should().BeFalse();

        host.Clock.Advance(TimeSpan.FromHours(1));
        (await bob.Mutes.ListAsync()).Should().ContainSingle().Which.Tag.Should().Be("build");
        (await bob.Stories.GetAsync(tagged.Id)).Muted.Should().BeFalse();
    }

    [Fact]
    public async Task Tray_lists_playlist_and_digest_agree_on_what_is_muted()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        string[] stories =
        [
            IdOf(await ana.PutAsync("/v1/stories?tag=noise", await TestMedia.JpegAsync())),
            IdOf(await ana.PutAsync("/v1/stories?tag=other", await TestMedia.JpegAsync())),
        ];

        foreach (var (what, left) in ((string, string[])[])[("tags/noise", [stories[1]]), ("people/ana", []), ("me", [])])
        {
            await PutAsync(bob, what);
            (await TrayOf(bob)).GetProperty("unseen").GetInt32().Should().Be(left.Length, what);
            (await bob.GetAsync("/v1/stories?unseen=true"))
                .Json.GetProperty("items")
                .EnumerateArray()
                .Select(story => story.GetProperty("id").GetString())
                .Should()
                .Equal(left, what);
            var playlist = (await bob.GetAsync("/v1/playlist.m3u8?unseen=true")).Text;
            stories.Where(id => playlist.Contains(id, StringComparison.Ordinal)).Should().Equal(left, what);
            (await bob.GetAsync("/v1/digest"))
                .Json.GetProperty("posted")
                .GetProperty("items")
                .EnumerateArray()
                .Select(story => story.GetProperty("id").GetString())
                .Should()
                .Equal(left, what);
            await bob.SendAsync(HttpMethod.Delete, $"/v1/{what}/mute", null);
        }
        (await TrayOf(bob)).GetProperty("unseen").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task Nobody_mutes_who_is_not_there_themselves_or_too_many_tags()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await PutAsync(ana, "people/nobody")).Code.Should().Be("account_not_found");
        (await PutAsync(ana, "people/ana")).Detail.Should().Contain("your own");
        (await PutAsync(ana, "tags/No_Tag")).Detail.Should().Contain("No_Tag");
        for (var i = 0; i < Limits.MutedTags; i++)
        {
            (
                await ana.SendAsync(
                    HttpMethod.Put,
                    $"/v1/tags/t{i}/mute",
                    Json($$"""{ "until": "{{host.Clock.GetUtcNow().AddHours(1):yyyy-MM-ddTHH:mm:ssZ}}" }""")
                )
            )
                .Status.Should()
                .Be(System.Net.HttpStatusCode.NoContent);
        }
        (await PutAsync(ana, "tags/one-more")).Detail.Should().Contain("200");
        (await PutAsync(ana, "tags/t7")).Status.Should().Be(System.Net.HttpStatusCode.NoContent, "it is muted already");
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await PutAsync(ana, "tags/one-more")).Status.Should().Be(System.Net.HttpStatusCode.NoContent, "what is over does not count");
    }

    [Fact]
    public async Task Who_has_left_has_muted_nothing_and_is_muted_by_nobody()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        await PutAsync(ana, "people/bob");
        await PutAsync(bob, "people/ana");
        await PutAsync(bob, "tags/x");
        await PutAsync(bob, "me");

        await bob.SendAsync(HttpMethod.Delete, "/v1/me", null);

        var mutes = (Server.Features.Mutes.MuteStore)host.Services.GetService(typeof(Server.Features.Mutes.MuteStore))!;
        Enumerable
            .Range(1, 2)
            .Select(owner => mutes.Of(owner, host.Clock.GetUtcNow()))
            .Should()
            .AllBeEquivalentTo(Server.Features.Mutes.Muting.Nothing);
    }

    private static async Task NothingUnseenAsync(Wire who)
    {
        var item = await TrayOf(who);
        (item.GetProperty("unseen").GetInt32(), item.GetProperty("muted").GetBoolean(), item.GetProperty("total").GetInt32())
            .Should()
            .Be((0, true, 1));
        item.GetProperty("firstUnseenId").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        (await who.GetAsync("/v1/stories?unseen=true")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await who.GetAsync("/v1/playlist.m3u8?unseen=true")).Text.Should().Be("#EXTM3U\n");
    }

    private static async Task OneUnseenAsync(Wire who, string id)
    {
        var item = await TrayOf(who);
        (item.GetProperty("unseen").GetInt32(), item.GetProperty("muted").GetBoolean(), item.GetProperty("firstUnseenId").GetString())
            .Should()
            .Be((1, false, id));
        (await who.GetAsync("/v1/stories?unseen=true")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
        (await who.GetAsync("/v1/playlist.m3u8?unseen=true")).Text.Should().Contain(id);
    }

    private static async Task<System.Text.Json.JsonElement> TrayOf(Wire who) =>
        (await who.GetAsync("/v1/tray")).Json.GetProperty("items")[0];

    private static Task<WireAnswer> PutAsync(Wire who, string what) => who.SendAsync(HttpMethod.Put, $"/v1/{what}/mute", null);

    private static string IdOf(WireAnswer posted) => posted.Json.GetProperty("id").GetString()!;

    private static StringContent Json(string text) => new(text, null, "application/json");

    [Fact]
    public async Task A_muted_call_for_help_and_a_muted_failure_call_for_nobody_from_among_others()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        await ana.Stories.PostTextAsync(new NewStory { Text = "plain" }, "1");
        await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "help",
                Tags = ["noise"],
                Asks = NewStory.Help,
            },
            "2"
        );
        await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "red",
                Tags = ["noise"],
                Source = new() { Status = "failed" },
            },
            "3"
        );
        (await bob.Stories.GetTrayAsync()).Single().Should().Match<TrayItem>(place => place.OpenHelp == 1 && place.Status == "failed");

        await bob.Mutes.MuteTagAsync("noise");

        (await bob.Stories.GetTrayAsync())
            .Single()
            .Should()
            .Match<TrayItem>(place => place.OpenHelp == 0 && place.Status == null && !place.Muted && place.Total == 3);
    }

    [Theory]
    [InlineData("2026-12-01T00:00:00")]
    [InlineData("2026-12-01")]
    public async Task A_time_without_its_offset_is_refused_since_nobody_knows_whose_it_is(string until)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.SendAsync(HttpMethod.Put, "/v1/me/mute", new StringContent($$"""{ "until": "{{until}}" }""", null, "application/json")))
            .Text.Should()
            .Contain("a time of RFC 3339");
    }
}
