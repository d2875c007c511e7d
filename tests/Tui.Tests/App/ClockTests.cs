using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class ClockTests
{
    [Fact]
    public void A_picture_stays_for_five_seconds()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2));

        s.AfterSeconds(4.9).Shown!.Caption.Should().Be("ana 1");
        s.AfterSeconds(5).Shown!.Caption.Should().Be("ana 2");
    }

    [Fact]
    public void The_last_story_stays_and_what_arrives_later_is_not_opened_by_itself()
    {
        var first = Some.Story("ana", 1);
        var s = Some.Looking(first).AfterSeconds(60).Receiving(first, Some.Story("bob", 1)).AfterSeconds(60);

        s.Shown!.Caption.Should().Be("ana 1");
        s.TrayNames().Should().Equal("ana", "bob 1");
    }

    [Theory]
    [InlineData("image", null, 0, 5)]
    [InlineData("text", "short", 0, 5)]
    [InlineData("text", "two hundred", 200, 13)]
    [InlineData("text", "endless", 4096, 60)]
    [InlineData("audio", null, 0, 8)]
    public void Each_kind_has_its_time(string kind, string? text, int length, double seconds)
    {
        var story = Some.Story("ana", 1, kind) with { Text = text?.PadRight(length) };
        story = story with { Media = story.Media with { DurationMs = 8000 } };

        DisplayTime.Of(story, played: false).Should().Be(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void A_video_stays_on_its_still_until_it_was_played()
    {
        var video = Some.Story("ana", 1, StoryKinds.Video);
        var s = Some.Looking(video, Some.Story("ana", 2)).AfterSeconds(100);
        s.Shown.Should().Be(video.Seen());

        s = s.After(Keys.Of("play"), new PlayerMsg.Started(video.Id, "mpv")).AfterSeconds(100);
        s.ShownId.Should().Be(video.Id);

        s = s.After(new PlayerMsg.Ended(video.Id, null));
        s.AfterSeconds(4.9).ShownId.Should().Be(video.Id);
        s.AfterSeconds(5).Shown!.Caption.Should().Be("ana 2");
    }

    [Fact]
    public void A_pause_lasts_through_help_a_resize_and_a_player()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2)).AfterSeconds(2).After(Keys.Of("pause"));

        s = s.AfterSeconds(30)
            .After(Keys.Of("help"), Keys.Of("help"), new TerminalMsg.Resized(new(10, 10)))
            .After(
                Keys.Of("play"),
                new PlayerMsg.NeedsTerminal(s.ShownId!),
                new PlayerMsg.Ended(s.ShownId!, null),
                new TerminalMsg.Returned()
            )
            .AfterSeconds(30);

        s.Paused.Should().BeTrue();
        s.Shown!.Caption.Should().Be("ana 1");
        s.After(Keys.Of("pause")).AfterSeconds(5).Shown!.Caption.Should().Be("ana 2");
    }

    [Fact]
    public void Time_does_not_count_before_the_picture_is_there()
    {
        var story = Some.Story("ana", 1);
        var s = Some.LookingAtPictures(story, Some.Story("ana", 2)).AfterSeconds(60);
        s.Shown!.Caption.Should().Be("ana 1");

        s = s.After(new MediaMsg.PictureArrived(story.Id, s.Display.Area, Some.Plain(4, 4, 1, 2, 3)));
        s.AfterSeconds(5).Shown!.Caption.Should().Be("ana 2");
    }
}
