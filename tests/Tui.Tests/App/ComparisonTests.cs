using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class ComparisonTests
{
    [Fact]
    public void The_key_goes_round_after_before_difference_and_both()
    {
        var s = Some.LookingAtPictures(Some.Story("ana", 1).Compared());
        var seen = new List<CompareSide>();
        for (var press = 0; press < 5; press++)
        {
            seen.Add(s.Side);
            s = s.After(Keys.Of("compare"));
        }

        seen.Should().Equal(CompareSide.After, CompareSide.Before, CompareSide.Difference, CompareSide.Blend, CompareSide.After);
    }

    [Fact]
    public void All_sides_are_fetched_ahead_and_the_blend_once_its_two_are_there()
    {
        var (first, second) = (Some.Story("ana", 1).Compared(), Some.Story("ana", 2).Compared());
        var s = Some.LookingAtPictures(first, second);

        Wanted(s).Should().Equal(first.Id, first.Id + ".Before", first.Id + ".Difference", second.Id);
        s = s.After(Arrived(s, first.Id), Arrived(s, first.Id + ".Before"));
        Wanted(s).Should().Equal(first.Id, first.Id + ".Before", first.Id + ".Difference", first.Id + ".Blend", second.Id);
        s = s.After(Arrived(s, first.Id + ".Difference"), Arrived(s, first.Id + ".Blend"));
        s.Loaded.Pictures.Should().HaveCount(4);
        s = s.After(Keys.Of("next"), Arrived(s, second.Id));
        s.Loaded.Pictures.Keys.Should().BeEquivalentTo([first.Id, second.Id], "sides of a story that is not looked at are let go");
        Wanted(s.After(Keys.Of("compare")))[0].Should().Be(second.Id + ".Before", "what is looked at comes first");
    }

    [Fact]
    public void Each_story_begins_with_what_it_is_now_and_other_stories_have_no_sides()
    {
        var (first, second, plain) = (Some.Story("ana", 1).Compared(), Some.Story("ana", 2).Compared(), Some.Story("ana", 3));
        var s = Some.LookingAtPictures(first, second, plain).After(Keys.Of("compare"));
        s.Side.Should().Be(CompareSide.Before);

        s = s.After(Keys.Of("next"));
        (s.ShownId, s.Side).Should().Be((second.Id, CompareSide.After));
        s = s.After(Keys.Of("next"), Keys.Of("compare"));
        (s.Side, s.Note!.Text).Should().Be((CompareSide.After, "Only a before/after story has another side."));
    }

    [Fact]
    public void Time_waits_for_the_side_that_is_looked_at_and_begins_anew_with_each()
    {
        var s = Some.LookingAtPictures(Some.Story("ana", 1).Compared(), Some.Story("ana", 2));
        s = s.After(Arrived(s, s.ShownId!)).AfterSeconds(4).After(Keys.Of("compare"));
        s.Elapsed.Should().Be(TimeSpan.Zero);

        var first = s.ShownId!;
        s = s.AfterSeconds(60);
        s.ShownId.Should().Be(first, "its picture before is not there yet");
        s = s.After(Arrived(s, first + ".Before")).AfterSeconds(4);
        s.ShownId.Should().Be(first);
        s.AfterSeconds(2).ShownId.Should().NotBe(first);
    }

    [Fact]
    public void Behind_help_and_where_pictures_are_off_it_does_nothing_but_say_so()
    {
        var story = Some.Story("ana", 1).Compared();

        Some.LookingAtPictures(story).After(Keys.Of("help"), Keys.Of("compare")).Side.Should().Be(CompareSide.After);
        var s = Some.Looking(story).After(Keys.Of("compare"));
        (s.Side, s.Note!.Text)
            .Should()
            .Be((CompareSide.After, $"Pictures are not drawn here: stories get {story.Id} --part before saves one."));
    }

    private static MediaMsg.PictureArrived Arrived(Model s, string key) => new(key, s.Display.Area, Some.Plain(4, 4, 1, 2, 3));

    private static string[] Wanted(Model s) => [.. Prefetch.NearbyPictures(s).Select(wanted => wanted.Key)];
}
