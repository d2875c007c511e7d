using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class NavigationTests
{
    [Fact]
    public void The_first_unseen_story_is_open_from_the_start()
    {
        var s = Some.Looking(Some.Story("ana", 1).Seen(), Some.Story("bob", 1).Seen(), Some.Story("bob", 2));

        s.Shown!.Caption.Should().Be("bob 2");
    }

    [Fact]
    public void Right_past_the_last_story_goes_to_the_next_person_and_stops_at_the_end()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2), Some.Story("bob", 1));

        s = s.After(Keys.Of("next"));
        s.Shown!.Caption.Should().Be("ana 2");
        s = s.After(Keys.Of("next"));
        s.Shown!.Caption.Should().Be("bob 1");
        s.After(Keys.Of("next")).Should().BeSameAs(s);
    }

    [Fact]
    public void Left_before_the_first_story_goes_to_the_last_one_of_the_person_before()
    {
        var s = Some.Looking(Some.Story("ana", 1).Seen(), Some.Story("ana", 2).Seen(), Some.Story("bob", 1).Seen());

        s = s.After(new InputMsg.PlaceClicked(new("bob", null)), Keys.Of("previous"));
        s.Shown!.Caption.Should().Be("ana 2");
        s.After(Keys.Of("previous"), Keys.Of("previous"), Keys.Of("previous")).Shown!.Caption.Should().Be("ana 1");
    }

    [Fact]
    public void A_person_whose_stories_have_not_arrived_opens_at_its_first_unseen_once_they_do()
    {
        var bob = new[] { Some.Story("bob", 1).Seen(), Some.Story("bob", 2), Some.Story("bob", 3) };
        var ana = Some.Story("ana", 1);
        var s = Some
            .Empty.After(new ServerMsg.TrayArrived([Some.Item(ana), Some.Item(bob)]))
            .After(new ServerMsg.StoriesArrived(new("ana", null), PlaceVersion.Of(Some.Item(ana)), [ana]), Keys.Of("next"));

        s.Shown.Should().BeNull();
        s.After(new ServerMsg.StoriesArrived(new("bob", null), PlaceVersion.Of(Some.Item(bob)), [.. bob]))
            .Shown!.Caption.Should()
            .Be("bob 2");
    }

    [Fact]
    public void Down_chooses_a_person_and_enter_opens_it_at_once()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1), Some.Story("cid", 1))
            .After(Keys.Of("person-down"), Keys.Of("person-down"));

        s.Shown!.Caption.Should().Be("ana 1");
        s.After(Keys.Of("open")).Shown!.Caption.Should().Be("cid 1");
    }

    [Fact]
    public void Looking_at_the_row_opens_nothing_and_tells_nobody_however_long_it_takes()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1), Some.Story("cid", 1))
            .After(Keys.Of("person-down"))
            .AfterSeconds(30)
            .After(Keys.Of("person-down"))
            .AfterSeconds(30);

        s.Shown!.Caption.Should().Be("ana 1", "time stands still while somebody chooses");
        s.TrayNames().Should().Equal("ana", "bob 1", "cid 1");
        s.After(Keys.Of("open")).AfterSeconds(1).TrayNames().Should().Equal("ana", "bob 1", "cid");
    }

    [Fact]
    public void The_choice_stops_at_both_ends_and_escape_gives_it_up()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1));

        s.After(Keys.Of("person-up")).Should().BeSameAs(s);
        s.After(Keys.Of("person-down"), Keys.Of("person-down")).Tray.Chosen!.Value.Handle.Should().Be("bob");
        s.After(Keys.Of("person-down"), CloseOpen.Msg).AfterSeconds(1).Shown!.Caption.Should().Be("ana 1");
    }

    [Fact]
    public void Help_holds_time_and_keys_until_it_is_closed()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1)).After(Keys.Of("help")).AfterSeconds(9).After(Keys.Of("next"));

        s.Shown!.Caption.Should().Be("ana 1");
        s.Elapsed.Should().Be(TimeSpan.Zero);
        s.After(CloseOpen.Msg, Keys.Of("next")).Shown!.Caption.Should().Be("bob 1");
    }
}
