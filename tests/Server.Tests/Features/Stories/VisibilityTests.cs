using System.Net;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class VisibilityTests
{
    [Fact]
    public async Task A_story_for_some_is_not_there_for_others_in_any_way()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        await host.SignInAsync("bob");
        using var eve = host.Wire(await host.JoinAsync("eve"));
        var secret = await ana.Stories.PostTextAsync(new NewStory { Text = "for bob", Audience = ["bob"] }, "k");

        string[] routes =
        [
            $"/v1/stories/{secret.Id}",
            $"/v1/stories/{secret.Id}/media",
            $"/v1/stories/{secret.Id}/poster",
            $"/v1/stories/{secret.Id}/viewers",
        ];
        foreach (var route in routes)
        {
            var answer = await eve.GetAsync(route);
            var never = await eve.GetAsync(route.Replace(secret.Id, "01aaaaaaaaaaaaaaaaaaaaaaaa", StringComparison.Ordinal));
            answer.Status.Should().Be(HttpStatusCode.NotFound, route);
            answer.Code.Should().Be("story_not_found");
            answer
                .Detail.Replace(secret.Id, "ID", StringComparison.Ordinal)
                .Should()
                .Be(never.Detail.Replace("01aaaaaaaaaaaaaaaaaaaaaaaa", "ID", StringComparison.Ordinal));
        }
        (await eve.SendAsync(HttpMethod.Put, $"/v1/stories/{secret.Id}/view", null)).Status.Should().Be(HttpStatusCode.NotFound);
        (await eve.SendAsync(HttpMethod.Delete, $"/v1/stories/{secret.Id}", null)).Status.Should().Be(HttpStatusCode.NotFound);
        (await eve.SendAsync(HttpMethod.Post, $"/v1/stories/{secret.Id}/links", null)).Status.Should().Be(HttpStatusCode.NotFound);
        (await eve.GetAsync("/v1/stories?q=bob")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await eve.GetAsync("/v1/tray")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        host.Clock.Advance(TimeSpan.FromDays(1));
        (await eve.GetAsync(routes[0])).Status.Should().Be(HttpStatusCode.NotFound, "also once it has expired");
    }

    [Fact]
    public async Task Only_its_author_learns_the_names_of_an_audience()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");

        var posted = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Audience = ["bob"] }, "k");

        posted.Audience.Names.Should().Equal("bob");
        (await bob.Stories.GetAsync(posted.Id)).Audience.Should().Be(Audience.Selected);
        (await bob.Stories.GetAsync(posted.Id)).ViewCount.Should().BeNull();
    }

    [Fact]
    public async Task A_story_is_gone_at_the_instant_it_expires()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var wire = host.Wire(await host.JoinAsync("bob"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Ttl = "5m" }, "k");

        host.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        (await wire.GetAsync($"/v1/stories/{story.Id}")).Status.Should().Be(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        foreach (var route in (string[])["", "/media", "/poster", "/viewers"])
        {
            var answer = await wire.GetAsync($"/v1/stories/{story.Id}{route}");
            answer.Status.Should().Be(HttpStatusCode.Gone, route);
            answer.Code.Should().Be("story_expired");
        }
        (await wire.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await wire.GetAsync("/v1/tray")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task What_has_expired_answers_410_for_90_days_also_across_a_restart_and_then_404()
    {
        await using var host = await ServerHost.StartAsync();
        var owner = await host.JoinAsync("ana");
        using var wire = host.Wire(owner);
        var story = await host.Client(owner).Stories.PostTextAsync(new NewStory { Text = "x" }, "k");

        await host.RestartAsync(away: TimeSpan.FromDays(2));
        (await wire.GetAsync($"/v1/stories/{story.Id}")).Status.Should().Be(HttpStatusCode.Gone);
        await host.RestartAsync(away: TimeSpan.FromDays(89));

        (await wire.GetAsync($"/v1/stories/{story.Id}")).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_deleted_story_answers_410_to_who_could_see_it_and_its_file_is_gone()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = TestMedia.LongText }, "k");
        Directory.EnumerateFiles(host.DataPath, story.Id, SearchOption.AllDirectories).Should().ContainSingle();

        (await bob.SendAsync(HttpMethod.Delete, $"/v1/stories/{story.Id}", null)).Code.Should().Be("not_author");
        await ana.Stories.DeleteAsync(story.Id);

        (await bob.GetAsync($"/v1/stories/{story.Id}")).Code.Should().Be("story_deleted");
        Directory.EnumerateFiles(host.DataPath, story.Id + "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task Bytes_and_posters_of_an_expired_story_are_gone_within_60_seconds()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var story = await ana.Stories.PostAsync(
            new NewStory { Ttl = "5m" },
            MediaUpload.FromBytes(await TestMedia.JpegAsync()),
            "k",
            progress: null
        );
        await ana.Media.GetPosterAsync(story.Id, 100, 100);
        Directory.EnumerateFiles(host.DataPath, story.Id + "*", SearchOption.AllDirectories).Should().HaveCount(2);

        host.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(60));

        await Eventually.TrueAsync(() => !Directory.EnumerateFiles(host.DataPath, story.Id + "*", SearchOption.AllDirectories).Any());
    }
}
