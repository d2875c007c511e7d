using Microsoft.Extensions.Time.Testing;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Recordings;

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

    [Fact]
    public void At_rest_the_next_thing_due_is_the_age_of_the_story()
    {
        var s = Some.Looking(Some.Story("ana", 1)).AfterSeconds(60);

        Clock.NextDue(s).Should().Be(TimeSpan.FromMinutes(1));
        Clock.NextDue(s.After(Keys.Of("pause"))).Should().Be(TimeSpan.FromMinutes(1));
        Clock.NextDue(Some.Empty).Should().BeNull();
    }

    [Fact]
    public void A_note_an_expiry_a_mute_and_a_story_to_be_seen_are_each_waited_for_no_longer_than_they_take()
    {
        var s = Some.Looking(Some.Story("ana", 1)).AfterSeconds(60);

        Clock.NextDue(s.Notify("said", TimeSpan.FromSeconds(4))).Should().Be(TimeSpan.FromSeconds(4));
        Clock.NextDue(s with { Link = s.Link with { MutesEnd = [s.Now.AddSeconds(3)] } }).Should().Be(TimeSpan.FromSeconds(3));
        Clock
            .NextDue(Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2)).After(Keys.Of("pause"), Keys.Of("next")))
            .Should()
            .Be(Viewing.SeenAfter);
        Clock
            .NextDue(Some.Looking(Some.Story("ana", 1).Ending(TimeSpan.FromSeconds(90))).After(Keys.Of("pause")))
            .Should()
            .Be(TimeSpan.FromSeconds(30), "the last minute is counted in seconds");
        Clock
            .NextDue(Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1).Ending(TimeSpan.FromSeconds(7))).After(Keys.Of("pause")))
            .Should()
            .Be(TimeSpan.FromSeconds(7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_that_can_be_seen_changes_before_it_is_due(int seed)
    {
        var random = new Random(seed);
        var s = Some.Looking([
            .. Enumerable
                .Range(1, 8)
                .Select(n =>
                    Some.Story($"p{n % 3}", n, n % 2 == 0 ? StoryKinds.Text : StoryKinds.Image)
                        .Ending(TimeSpan.FromSeconds(random.Next(5, 300)))
                ),
        ]);
        for (var i = 0; i < 200 && s.Shown is not null; i++)
        {
            s = random.Next(6) switch
            {
                0 => s.After(Keys.Of("next")),
                1 => s.After(Keys.Of("pause")),
                2 => s.Notify("said"),
                _ => s,
            };
            var due = Clock.NextDue(s) ?? TimeSpan.FromMinutes(1);
            due.Should().BePositive();
            var before = s.After(new TerminalMsg.Tick(due - TimeSpan.FromTicks(1), s.Now + due - TimeSpan.FromTicks(1)));

            (before.ShownId, before.Note, before.TrayNames().Length, before.Marks.Seen.Count)
                .Should()
                .Be((s.ShownId, s.Note, s.TrayNames().Length, s.Marks.Seen.Count));
            s = s.After(new TerminalMsg.Tick(due, s.Now + due));
        }
    }

    [Fact]
    public void A_recording_is_waited_for_until_its_next_output()
    {
        var story = Some.Story("ana", 1, StoryKinds.Recording);
        var recording = new Recording(
            80,
            24,
            "ab"u8.ToArray(),
            [new(TimeSpan.FromSeconds(1), 1, 0, 0), new(TimeSpan.FromSeconds(1.12), 2, 0, 0)]
        );
        var s = Some.Looking(story).After(new MediaMsg.RecordingArrived(story.Id, recording)).Looked().AfterSeconds(1);

        RecordingPlayback.NextChange(s).Should().Be(TimeSpan.FromSeconds(0.12));
        Clock.NextDue(s).Should().Be(TimeSpan.FromSeconds(0.12));
        RecordingPlayback.NextChange(s.AfterSeconds(1)).Should().BeNull();
    }

    [Fact]
    public void Time_passes_before_what_happens_so_that_a_note_has_its_whole_time()
    {
        var clock = new FakeTimeProvider(Some.Now);
        var store = new Store(Some.Looking(Some.Story("ana", 1)), new(clock, () => TimeSpan.FromHours(1)));
        clock.Advance(TimeSpan.FromMinutes(5));

        store.Dispatch(Keys.Of("copy"));

        store.Model.Note!.Until.Should().Be(Some.Now.AddHours(1).AddMinutes(5).AddSeconds(6));
        store.TimeUntilDue.Should().Be(TimeSpan.FromSeconds(6));
        clock.Advance(TimeSpan.FromSeconds(6));
        store.TimeUntilDue.Should().Be(TimeSpan.Zero);
        store.Tick();
        store.Model.Note.Should().BeNull();
    }

    [Fact]
    public void Time_in_which_nothing_could_be_seen_does_not_count()
    {
        var clock = new FakeTimeProvider(Some.Now);
        var store = new Store(Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2)), new(clock, () => TimeSpan.Zero));

        store.LetTimeStand(true);
        clock.Advance(TimeSpan.FromSeconds(9));
        store.Tick();
        store.LetTimeStand(false);
        clock.Advance(TimeSpan.FromSeconds(9));
        store.SkipTime();
        store.Tick();

        store.Model.Elapsed.Should().Be(TimeSpan.Zero);
        store.Model.Now.Should().Be(Some.Now.AddSeconds(18));
    }
}
