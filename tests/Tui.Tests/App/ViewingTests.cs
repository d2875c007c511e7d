using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class ViewingTests
{
    [Fact]
    public void A_story_is_seen_once_its_picture_was_on_the_screen_for_a_second()
    {
        var story = Some.Story("ana", 1);
        var s = Some.LookingAtPictures(story);
        s.Marks.Seen.Should().BeEmpty();
        s.TrayNames().Should().Equal("ana 1");

        s = s.AfterSeconds(5).After(new MediaMsg.PictureArrived(story.Id, s.Display.Area, Some.Plain(4, 4, 1, 2, 3)));
        s.AfterSeconds(0.95).Marks.Seen.Should().BeEmpty();
        s = s.AfterSeconds(1);
        s.Marks.Seen.Should().Equal(story.Id);
        s.TrayNames().Should().Equal("ana");
    }

    [Fact]
    public void A_glance_in_passing_tells_nobody_and_a_pause_is_looking_too()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1), Some.Story("cid", 1))
            .After(Keys.Of("next"))
            .AfterSeconds(0.9)
            .After(Keys.Of("next"), Keys.Of("pause"))
            .AfterSeconds(0.9);
        s.TrayNames().Should().Equal("ana", "bob 1", "cid 1");

        s.AfterSeconds(0.1).TrayNames().Should().Equal("ana", "bob 1", "cid");
    }

    [Fact]
    public void A_story_without_a_picture_is_seen_when_its_card_stands_for_it()
    {
        var video = Some.Story("ana", 1, StoryKinds.Video);
        var s = Some.LookingAtPictures(video);

        s.After(new MediaMsg.PictureMissing(video.Id, s.Display.Area, "There is no poster."))
            .AfterSeconds(1)
            .Marks.Seen.Should()
            .Equal(video.Id);
    }

    [Fact]
    public void Nothing_is_seen_behind_the_help()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1))
            .After(Keys.Of("help"), new InputMsg.PlaceClicked(new("bob", null)))
            .AfterSeconds(1);
        s.Marks.Seen.Should().HaveCount(2, "a click closes the help");

        var behind = Some.Empty.After(Keys.Of("help")).Receiving(Some.Story("ana", 1)).AfterSeconds(9);
        behind.Marks.Seen.Should().BeEmpty();
        behind.After(CloseOpen.Msg).AfterSeconds(1).Marks.Seen.Should().HaveCount(1);
    }

    [Fact]
    public void What_was_seen_here_stays_seen_when_the_server_has_not_heard_of_it()
    {
        var stories = new[] { Some.Story("ana", 1), Some.Story("ana", 2) };

        Some.Looking(stories).Receiving(stories).TrayNames().Should().Equal("ana 1");
    }

    [Fact]
    public void The_next_and_previous_two_are_wanted_the_nearest_first()
    {
        var stories = Enumerable
            .Range(1, 4)
            .Select(n => Some.Story("ana", n).Seen())
            .Append(Some.Story("bob", 1).Seen())
            .Append(Some.Story("bob", 2).Seen())
            .ToArray();
        var s = Some.LookingAtPictures(stories).After(Keys.Of("next"), Keys.Of("next"), Keys.Of("next"));

        Prefetch.Nearby(s).Select(story => story.Caption).Should().Equal("ana 4", "bob 1", "ana 3", "bob 2", "ana 2");
    }

    [Fact]
    public void Stories_of_the_open_place_and_its_neighbours_are_asked_for()
    {
        var s = Some
            .Empty.After(
                new ServerMsg.TrayArrived([.. new[] { "ana", "bob", "cid", "eve", "fay" }.Select(who => Some.Item(Some.Story(who, 1)))])
            )
            .After(new InputMsg.PlaceClicked(new("bob", null)));

        Prefetch.NearbyPlaces(s).Select(place => place.Key.Handle).Should().Equal("bob", "cid", "ana", "eve");
    }

    [Fact]
    public void A_picture_of_a_story_that_is_far_by_now_or_of_another_size_is_let_go()
    {
        var s = Some.LookingAtPictures(Some.Story("ana", 1));

        s.After(new MediaMsg.PictureArrived("01kother", s.Display.Area, Some.Plain(4, 4, 1, 2, 3))).Loaded.Pictures.Should().BeEmpty();
        s.After(new MediaMsg.PictureArrived(s.ShownId!, new(9, 9), Some.Plain(4, 4, 1, 2, 3))).Loaded.Pictures.Should().BeEmpty();
    }

    [Fact]
    public void Pictures_that_failed_are_wanted_again_when_the_server_is_back()
    {
        var story = Some.Story("ana", 1);
        var s = Some.LookingAtPictures(story);
        s = s.After(
            new ServerMsg.TrayFailed("Nothing listens."),
            new MediaMsg.PictureMissing(story.Id, s.Display.Area, "Nothing listens.")
        );
        s.Loaded.Pictures.Should().HaveCount(1);

        s.Receiving(story).Loaded.Pictures.Should().BeEmpty();
    }
}
