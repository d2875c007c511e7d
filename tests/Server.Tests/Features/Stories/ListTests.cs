using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class ListTests
{
    [Fact]
    public async Task Pages_run_newest_first_without_gaps_while_stories_arrive()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var posted = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            posted.Add((await ana.Stories.PostTextAsync(new NewStory { Text = $"{i}" }, $"k{i}")).Id);
        }

        var first = await ana.Stories.ListAsync(new StoryQuery { Limit = 3 });
        await ana.Stories.PostTextAsync(new NewStory { Text = "late" }, "late");
        var second = await ana.Stories.ListAsync(new StoryQuery { Limit = 3, Cursor = first.NextCursor });
        var third = await ana.Stories.ListAsync(new StoryQuery { Limit = 3, Cursor = second.NextCursor });

        first.Items.Concat(second.Items).Concat(third.Items).Select(s => s.Id).Should().Equal(Enumerable.Reverse(posted));
        third.NextCursor.Should().BeNull();
        posted.Should().BeInAscendingOrder(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_slot_shows_its_newest_story_and_keeps_its_history()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var red = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "red",
                Slot = "build/main",
                Source = new() { Status = "failed" },
            },
            "1"
        );
        var green = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "green",
                Slot = "build/main",
                Source = new() { Status = "passed" },
            },
            "2"
        );
        await bob.Stories.PostTextAsync(new NewStory { Text = "bob's own", Slot = "build/main" }, "3");

        (await bob.Stories.ListAsync(new StoryQuery { Author = "ana" })).Items.Select(s => s.Id).Should().Equal(green.Id);
        (
            await bob.Stories.ListAsync(
                new StoryQuery
                {
                    Author = "ana",
                    Slot = "build/main",
                    History = true,
                }
            )
        ).Items.Select(s => s.Id).Should().Equal(green.Id, red.Id);
        (await bob.Stories.GetAsync(red.Id)).Text.Should().Be("red", "it stays readable by id");
        var place = (await bob.Stories.GetTrayAsync()).Single(item => item.Author.Handle == "ana");
        (place.Slot, place.Status, place.Total, place.Unseen).Should().Be(("build/main", "passed", 1, 1));
    }

    [Fact]
    public async Task Filters_narrow_by_author_kind_tag_words_time_and_what_was_seen()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var parser = await ana.Stories.PostTextAsync(new NewStory { Text = "The new Parser", Tags = ["perf"] }, "1");
        host.Clock.Advance(TimeSpan.FromHours(2));
        var photo = await bob.Stories.PostAsync(
            new NewStory { Caption = "parser at noon" },
            MediaUpload.FromBytes(await TestMedia.JpegAsync()),
            "2",
            progress: null
        );
        async Task<string[]> Ids(StoryQuery query) => [.. (await ana.Stories.ListAsync(query)).Items.Select(s => s.Id)];

        (await Ids(new() { Search = "PARSER new" })).Should().Equal(parser.Id);
        (await Ids(new() { Search = "parser" })).Should().Equal(photo.Id, parser.Id);
        (await Ids(new() { Search = "bob" })).Should().Equal(photo.Id);
        (await Ids(new() { Kind = StoryKinds.Image })).Should().Equal(photo.Id);
        (await Ids(new() { Author = "ana" })).Should().Equal(parser.Id);
        (await Ids(new() { Since = "1h" })).Should().Equal(photo.Id);
        (await Ids(new() { Unseen = true })).Should().Equal(photo.Id);
    }

    [Fact]
    public async Task The_tray_has_unseen_places_first_and_then_the_newest()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var cyd = await host.SignInAsync("cyd");
        var old = await ana.Stories.PostTextAsync(new NewStory { Text = "a" }, "1");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var seen = await bob.Stories.PostTextAsync(new NewStory { Text = "b" }, "2");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var own = await cyd.Stories.PostTextAsync(new NewStory { Text = "c" }, "3");
        await cyd.Stories.MarkViewedAsync(seen.Id);

        var tray = await cyd.Stories.GetTrayAsync();

        tray.Select(item => item.Author.Handle).Should().Equal("ana", "cyd", "bob");
        tray[0].FirstUnseenId.Should().Be(old.Id);
        tray[1].Unseen.Should().Be(0, "your own stories count as seen");
        tray[1].LatestAt.Should().Be(own.CreatedAt);
    }
}
