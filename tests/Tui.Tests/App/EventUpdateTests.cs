using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class EventUpdateTests
{
    private static readonly Story _ana = Some.Story("ana", 1);
    private static readonly Story _bob = Some.Story("bob", 1);

    [Fact]
    public void A_story_that_is_replaced_while_it_is_looked_at_says_so()
    {
        var first = Some.Story("ci", 1) with { Slot = "build/main", Live = true, Kind = StoryKinds.Recording };
        var second = Some.Story("ci", 2) with { Slot = "build/main" };
        var s = Some.Looking(first, Some.Story("bob", 1)).After(Posted(second));

        s.ShownId.Should().Be(second.Id);
        s.Note!.Text.Should().Be("@ci posted a newer story in build/main: you see that one now.");
        Some.Looking(Some.Story("bob", 1), first).After(Posted(second)).Note.Should().BeNull("nobody looks at it");

        static ServerMsg.EventArrived Posted(Story story) =>
            new(
                new()
                {
                    Type = EventTypes.Posted,
                    At = Some.Now,
                    Story = story,
                }
            );
    }

    [Fact]
    public void A_posted_story_joins_its_persons_place_and_does_not_move_the_viewer()
    {
        var s = Some.Looking(_ana, _bob).AfterSeconds(2);
        var after = s.After(Told(EventTypes.Posted, Some.Story("bob", 2)));

        after.TrayNames().Should().Equal("ana", "bob 2");
        after.ShownId.Should().Be(_ana.Id);
        after.Elapsed.Should().Be(s.Elapsed);
        after.Tray.Places[1].IsCurrent.Should().BeTrue("nothing has to be loaded for it");
        after
            .After(Told(EventTypes.Posted, Some.Story("bob", 2)))
            .TrayNames()
            .Should()
            .Equal(["ana", "bob 2"], "a resumed stream may tell it again");
    }

    [Fact]
    public void The_first_story_of_somebody_new_opens_a_place_behind_the_unseen()
    {
        var s = Some.Looking(_ana, _bob, Some.Story("cid", 1).Seen()).After(Told(EventTypes.Posted, Some.Story("eve", 1)));

        s.TrayNames().Should().Equal("ana", "bob 1", "eve 1", "cid");
    }

    [Fact]
    public void A_place_that_the_tray_tells_of_twice_stands_there_once()
    {
        var items = new[] { Some.Item(_ana), Some.Item(_bob), Some.Item(_ana) };

        Some.Empty.After(new ServerMsg.TrayArrived([.. items])).TrayNames().Should().Equal("ana 1", "bob 1");
        Some.Looking(_ana).After(new ServerMsg.TrayArrived([.. items])).TrayNames().Should().Equal("ana", "bob 1");
    }

    [Fact]
    public void The_very_first_story_is_shown_at_once()
    {
        Some.Empty.After(new ServerMsg.TrayArrived([]), Told(EventTypes.Posted, _ana)).ShownId.Should().Be(_ana.Id);
    }

    [Fact]
    public void A_slots_new_story_replaces_the_one_it_showed()
    {
        var build = Some.Story("ci", 1) with { Slot = "main" };
        var s = Some.Looking(build)
            .After(
                Told(
                    EventTypes.Posted,
                    Some.Story("ci", 2) with
                    {
                        Slot = "main",
                        Source = new() { Status = "failed" },
                    }
                )
            );

        s.Shown!.Caption.Should().Be("ci 2");
        s.Tray.Places.Should().ContainSingle().Which.Item.Should().Match<TrayItem>(item => item.Total == 1 && item.Status == "failed");
    }

    [Fact]
    public void What_the_tray_has_counted_is_not_counted_again()
    {
        var s = Some.Empty.After(new ServerMsg.TrayArrived([Some.Item(_ana)]), Told(EventTypes.Posted, _ana));

        s.TrayNames().Should().Equal("ana 1");
    }

    [Fact]
    public void An_edited_story_shows_its_new_caption_and_stays_seen()
    {
        var s = Some.Looking(_ana).After(Told(EventTypes.Updated, _ana with { Caption = "better" }));

        s.Shown.Should().Match<Story>(story => story.Caption == "better" && story.Viewed);
    }

    [Theory]
    [InlineData(EventTypes.Removed)]
    [InlineData(EventTypes.Expired)]
    public void What_is_gone_goes_at_once_and_no_late_answer_brings_it_back(string type)
    {
        var s = Some.Looking(_ana, _bob).After(Told(type, _ana.Id));
        s.Shown!.Caption.Should().Be("bob 1");
        s.Link.TrayStale.Should().BeFalse();

        s = s.Receiving(_ana, _bob);
        s.Tray.Places.SelectMany(place => place.Stories).Select(story => story.Id).Should().Equal(_bob.Id);
    }

    [Fact]
    public void What_goes_from_a_place_that_is_not_loaded_makes_the_tray_be_asked_for()
    {
        var s = Some.Empty.After(new ServerMsg.TrayArrived([Some.Item(_ana)]), Told(EventTypes.Removed, _ana.Id));
        s.Link.TrayStale.Should().BeTrue();

        s.After(new ServerMsg.TrayArrived([])).Should().Match<Model>(after => !after.Link.TrayStale && after.Tray.Places.IsEmpty);
    }

    [Fact]
    public void A_command_that_runs_marks_its_place_until_it_ends_and_then_the_place_says_how()
    {
        var build = Some.Story("ci", 1, StoryKinds.Recording) with { Slot = "main", Live = true };
        var s = Some.Looking(_ana).After(Told(EventTypes.Posted, build));
        s.Tray.Places.Should().ContainSingle(place => place.IsLive && place.Group == PlaceGroup.Pipelines);

        s = s.After(
            Told(
                EventTypes.Updated,
                build with
                {
                    Live = false,
                    Source = new() { Status = "failed" },
                }
            )
        );
        s.Tray.Places.Should().ContainSingle(place => place.Key.Slot == "main" && !place.IsLive && place.Item.Status == "failed");
        s.Link.TrayStale.Should().BeFalse("nothing has to be loaded for it");
    }

    [Fact]
    public void A_muted_command_marks_nothing_and_one_of_many_stories_says_nothing_of_the_newest()
    {
        var old = Some.Story("bob", 1, StoryKinds.Recording) with { Live = true };
        var newest = Some.Story("bob", 2) with { Source = new() { Status = "passed" } };
        var s = Some.Looking(_ana, old with { Muted = true });
        s.Tray.Places.Should().NotContain(place => place.IsLive);

        s = Some.Looking(_ana, old, newest)
            .After(
                Told(
                    EventTypes.Updated,
                    old with
                    {
                        Live = false,
                        Source = new() { Status = "failed" },
                    }
                )
            );
        s.Tray.Places.Should().ContainSingle(place => place.Item.Status == "passed" && !place.IsLive);
    }

    [Fact]
    public void Where_stories_are_not_loaded_the_tray_says_what_runs_and_is_asked_for_when_it_ends()
    {
        var live = Some.Story("bob", 1, StoryKinds.Recording) with { Live = true };
        var s = Some.Empty.After(new ServerMsg.TrayArrived([Some.Item(live) with { Live = true }]));
        s.Tray.Places.Should().ContainSingle(place => place.IsLive);

        s.After(Told(EventTypes.Updated, _ana)).Link.TrayStale.Should().BeFalse("another person's story says nothing of it");
        s = s.After(Told(EventTypes.Updated, live with { Live = false }));
        s.Link.TrayStale.Should().BeTrue();
        s.After(new ServerMsg.TrayArrived([Some.Item(live)])).Tray.Places.Should().NotContain(place => place.IsLive);
    }

    [Fact]
    public void After_a_reset_everything_near_is_loaded_anew_while_the_story_stays()
    {
        var s = Some.Looking(_ana, _bob).After(new ServerMsg.EventsMissed());

        s.ShownId.Should().Be(_ana.Id);
        Prefetch.NearbyPlaces(s).Select(place => place.Key.Handle).Should().Equal("ana", "bob");
    }

    [Fact]
    public void An_event_of_a_newer_server_still_brings_the_storys_counts()
    {
        Some.Looking(_ana).After(Told("applause", _ana with { ReplyCount = 3 })).Shown!.ReplyCount.Should().Be(3);
        Some.Looking(_ana).After(Told("weather", (string?)null)).Shown!.Id.Should().Be(_ana.Id);
    }

    [Fact]
    public void A_break_reconnects_first_and_is_offline_when_that_fails()
    {
        var s = Some.Looking(_ana).After(new ServerMsg.ConnectionLost("it broke"));
        s.Link.Connection.Should().Be(Connection.Reconnecting);
        s = s.After(new ServerMsg.Retrying(), new ServerMsg.ConnectionLost("nothing listens"));
        s.Link.Connection.Should().Be(Connection.Offline);
        s.After(Keys.Of("next")).Shown.Should().NotBeNull("the last known tray stays");
    }

    [Fact]
    public void A_revoked_token_is_signed_out_and_not_offline()
    {
        var s = Some.Looking(_ana)
            .After(
                new ServerMsg.SignedOut("The token was revoked."),
                new ServerMsg.TrayFailed("The token was revoked."),
                new ServerMsg.TrayArrived([Some.Item(_ana)])
            );

        s.Link.Connection.Should().Be(Connection.SignedOut);
        StoriesCli.Tui.Screen.HeaderVm.From(s, 120).ToString().Should().Contain("● signed out");
        s.Note!.Text.Should().StartWith("Signed out: The token was revoked.").And.Contain("stories login ");
        s.After(new ServerMsg.Connected(), new ServerMsg.TrayArrived([Some.Item(_ana)]))
            .Link.Connection.Should()
            .Be(Connection.Live, "the account was enabled again");
    }

    private static ServerMsg.EventArrived Told(string type, Story story) =>
        new(
            new()
            {
                Type = type,
                At = Some.Now,
                StoryId = story.Id,
                Story = story,
            }
        );

    private static ServerMsg.EventArrived Told(string type, string? id) =>
        new(
            new()
            {
                Type = type,
                At = Some.Now,
                StoryId = id,
            }
        );
}
