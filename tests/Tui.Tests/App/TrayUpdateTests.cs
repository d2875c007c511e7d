using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.App;

public class TrayUpdateTests
{
    [Fact]
    public void Ones_own_story_is_never_among_the_new_ones()
    {
        var (own, ana) = (Some.Story("dora", 1), Some.Story("ana", 1));
        var s = Some.Looking(own).After(new ServerMsg.TrayArrived([Some.Item(own), Some.Item(ana)]));

        s.Tray.Open!.Value.Handle.Should().Be("dora");
        s.Tray.Places.Single(place => place.Key.Handle == "dora").Group.Should().Be(PlaceGroup.Seen);
        s.TrayNames().Should().Equal("ana 1", "dora");
    }

    [Fact]
    public void Ones_own_place_is_last()
    {
        Some.Looking(Some.Story("dora", 1).Seen(), Some.Story("ana", 1))
            .Tray.Places.Select(place => place.Key.Handle)
            .Should()
            .Equal("ana", "dora");
    }

    [Fact]
    public void What_was_seen_keeps_its_place_though_the_server_sorts_it_behind()
    {
        var (ana, bob) = (Some.Story("ana", 1), Some.Story("bob", 1));

        Some.Looking(ana, bob).Receiving(bob, ana.Seen()).TrayNames().Should().Equal("ana", "bob 1");
    }

    [Fact]
    public void New_stories_come_after_those_still_unseen_where_right_will_reach_them()
    {
        var (ana, bob, cid) = (Some.Story("ana", 1), Some.Story("bob", 1), Some.Story("cid", 1).Seen());
        var s = Some.Looking(ana, bob, cid).Receiving(Some.Story("eve", 1), bob, ana, cid);

        s.TrayNames().Should().Equal("ana", "bob 1", "eve 1", "cid");
        s.ShownId.Should().Be(ana.Id);
    }

    [Fact]
    public void A_seen_person_who_posts_again_moves_among_the_unseen()
    {
        var (ana, bob, cid) = (Some.Story("ana", 1), Some.Story("bob", 1).Seen(), Some.Story("cid", 1).Seen());
        var s = Some.Looking(ana, bob, cid).Receiving(ana, cid, Some.Story("cid", 2), bob);

        s.TrayNames().Should().Equal("ana", "cid 1", "bob");
    }

    [Fact]
    public void Who_has_something_new_stands_before_all_that_was_seen_and_before_them_what_is_looked_at()
    {
        var (ana, bob, cid, you) = (Some.Story("ana", 1), Some.Story("bob", 1), Some.Story("cid", 1), Some.Story("dora", 1).Seen());
        var s = Some.Looking(ana, bob, cid, you).After(Keys.Of("next")).Looked();
        s.TrayNames().Should().Equal("ana", "bob", "cid 1", "dora");
        s = s.Receiving(Some.Story("eve", 1), ana, bob, cid, you);

        s.TrayNames().Should().Equal("bob", "cid 1", "eve 1", "ana", "dora");
        s.ShownId.Should().Be(bob.Id);
        TrayVm.From(s, 80).Entries[0].X.Should().Be(2, "nothing stays empty on the left");
    }

    [Fact]
    public void Where_all_was_seen_a_newcomer_is_the_first_beside_what_is_looked_at()
    {
        var (ana, bob, cid) = (Some.Story("ana", 1), Some.Story("bob", 1), Some.Story("cid", 1));
        var s = Some.Looking(ana, bob, cid).After(Keys.Of("next")).Looked().After(Keys.Of("next")).Looked();

        s.Receiving(Some.Story("eve", 1), ana, bob, cid).TrayNames().Should().Equal("cid", "eve 1", "ana", "bob");
        s.After(new InputMsg.PlaceClicked(new("ana", null)))
            .Receiving(Some.Story("eve", 1), ana, bob, cid)
            .TrayNames()
            .Should()
            .Equal("ana", "eve 1", "bob", "cid");
    }

    [Fact]
    public void Whatever_arrives_in_whatever_order_nothing_seen_stands_before_something_unseen()
    {
        var random = new Random(7);
        var s = Some.Looking(Some.Story("p0", 1), Some.Story("dora", 1).Seen());
        for (var i = 2; i < 100; i++)
        {
            s = random.Next(3) switch
            {
                0 => s.After(new InputMsg.PlaceClicked(s.Tray.Places[random.Next(s.Tray.Places.Length)].Key)),
                1 => s.After(Keys.Of("next")),
                _ => s.After(
                    new ServerMsg.EventArrived(
                        new()
                        {
                            Type = StoriesCli.Contracts.EventTypes.Posted,
                            At = Some.Now,
                            Story = Some.Story($"p{random.Next(12)}", i),
                        }
                    )
                ),
            };
            var shown = s.ShownId;
            s = s.After(
                new ServerMsg.EventArrived(
                    new()
                    {
                        Type = StoriesCli.Contracts.EventTypes.Posted,
                        At = Some.Now,
                        Story = Some.Story($"n{i}", i),
                    }
                )
            );
            s.Tray.Places.Where(place => place.Key != s.Tray.Open).Select(place => place.Unseen > 0).Should().BeInDescendingOrder();
            s.ShownId.Should().Be(shown);
        }
    }

    [Fact]
    public void A_new_story_of_the_open_person_does_not_move_the_viewer()
    {
        var ana = Some.Story("ana", 1);
        var s = Some.Looking(ana, Some.Story("bob", 1)).AfterSeconds(2);
        var after = s.Receiving(ana, Some.Story("ana", 2), Some.Story("bob", 1));

        after.ShownId.Should().Be(ana.Id);
        after.Elapsed.Should().Be(s.Elapsed);
        after.Tray.OpenPlace!.Stories.Should().HaveCount(2);
    }

    [Fact]
    public void A_slot_whose_story_was_replaced_shows_the_new_one()
    {
        var build = Some.Story("ci", 1) with { Slot = "main" };
        var next = Some.Story("ci", 2) with { Slot = "main" };

        Some.Looking(build).Receiving(next).Shown!.Caption.Should().Be("ci 2");
    }

    [Fact]
    public void The_open_place_that_is_gone_gives_way_to_the_one_after_it()
    {
        var (ana, bob, cid) = (Some.Story("ana", 1), Some.Story("bob", 1), Some.Story("cid", 1));
        var s = Some.Looking(ana, bob, cid).After(new InputMsg.PlaceClicked(new("bob", null)));

        s.Receiving(ana, cid).Shown!.Caption.Should().Be("cid 1");
        s.After(new ServerMsg.TrayArrived([])).Shown.Should().BeNull();
    }

    [Fact]
    public void An_unchanged_tray_changes_nothing()
    {
        var ana = Some.Story("ana", 1);
        var s = Some.Looking(ana);

        s.After(new ServerMsg.TrayArrived([Some.Item(ana)])).Should().BeSameAs(s);
    }

    [Fact]
    public void The_connection_goes_offline_reconnects_and_recovers()
    {
        var ana = Some.Story("ana", 1);
        var s = Some.Looking(ana);
        s.Link.Connection.Should().Be(Connection.Live);

        s = s.After(new ServerMsg.Retrying(), new ServerMsg.TrayFailed("Nothing listens."));
        s.Link.Connection.Should().Be(Connection.Offline);
        s.Shown.Should().NotBeNull();
        s = s.After(new ServerMsg.Retrying());
        s.Link.Connection.Should().Be(Connection.Reconnecting);
        s = s.After(new ServerMsg.TrayArrived([Some.Item(ana)]));
        s.Link.Connection.Should().Be(Connection.Live);
        s.Link.Error.Should().BeNull();
    }

    [Fact]
    public void Nothing_muted_counts_as_new()
    {
        Some.Empty.After(new ServerMsg.TrayArrived([Some.Item(Some.Story("ana", 1)) with { Muted = true }]))
            .TrayNames()
            .Should()
            .Equal("ana");
    }
}
