using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Recordings;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;
using Emulated = StoriesCli.Tui.Tests.Recordings.Terminal;

namespace StoriesCli.Tui.Tests.Screen;

public class RecordingScreenTests
{
    private static readonly Story _story = Some.Story("ana", 1, StoryKinds.Recording);

    private static Recording Steps(int columns = 30, int rows = 4, int seconds = 20) =>
        new(
            columns,
            rows,
            System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, seconds).Select(i => $"\e[H\e[31mstep {i:00}"))),
            [
                .. Enumerable
                    .Range(0, seconds)
                    .Select(i => new CastEvent(TimeSpan.FromSeconds(i), (i + 1) * "\e[H\e[31mstep 00".Length, 0, 0)),
            ]
        );

    private static TestScreen Playing(Recording recording, int width = 80, int height = 24, bool colours = true)
    {
        var screen = new TestScreen(Some.Looking(_story, Some.Story("bob", 1, StoryKinds.Text)), width, height, colours);
        return screen.Receive(new MediaMsg.RecordingArrived(_story.Id, recording));
    }

    private static readonly StoryEvent _ended = new()
    {
        Type = EventTypes.Updated,
        At = Some.Now,
        Story = _story,
    };

    private static TestScreen Following(string output, int width = 80, int height = 24, int columns = 30, int rows = 4)
    {
        var screen = new TestScreen(Some.Looking(_story with { Live = true }, Some.Story("bob", 1, StoryKinds.Text)), width, height);
        return screen.Receive(new MediaMsg.ScreenArrived(_story.Id, Emulated.Of(columns, rows, output)));
    }

    [Theory]
    [InlineData(600, 40, "of 600×40; only 500×200 are played")]
    [InlineData(80, 1000, "of 80×1000; only 500×200 are played")]
    [InlineData(200, 100, "of 200×100, where its cursor is")]
    public void A_recording_that_is_larger_than_a_terminal_can_be_says_so(int columns, int rows, string said)
    {
        var emulated = Steps(Math.Min(columns, Emulator.ColumnsMaximum), Math.Min(rows, Emulator.RowsMaximum));
        using var screen = Playing(emulated with { Stated = (columns, rows) });

        screen.Wait(TimeSpan.FromSeconds(1)).Text.Should().Contain(said);
    }

    [Fact]
    public void A_live_terminal_is_drawn_as_it_comes_and_stays_for_as_long_as_its_command_runs()
    {
        var model = Some.Looking(_story with { Live = true }, Some.Story("bob", 1, StoryKinds.Text));
        using var screen = new TestScreen(model, 80, 24);

        screen.Text.Should().Contain("● live …");
        RecordingPlayback.Wanted(model).Should().BeEmpty("there is no recording yet");
        screen.Receive(new MediaMsg.ScreenMissing(_story.Id, "It has 200 viewers.\e[2J")).Text.Should().Contain("It has 200 viewers.");
        screen.Receive(new MediaMsg.ScreenArrived(_story.Id, Emulated.Of(30, 4, "step 1"))).Text.Should().Contain("step 1");
        screen.Wait(TimeSpan.FromMinutes(2)).Text.Should().Contain("step 1").And.Contain("● live").And.Contain("●ana");
        screen.Store.Model.Marks.Seen.Should().Contain(_story.Id);
        screen.Receive(new MediaMsg.ScreenArrived(_story.Id, Emulated.Of(30, 4, "step 2"))).Text.Should().Contain("step 2");
        screen.Receive(new MediaMsg.ScreenArrived("another", Emulated.Of(30, 4, "step 3"))).Text.Should().Contain("step 2");
    }

    [Fact]
    public void While_the_server_is_away_the_last_screen_stays_and_is_not_called_live()
    {
        using var screen = Following("step 1");
        screen.Lines[2].Should().EndWith("● live");

        screen.Receive(new ServerMsg.ConnectionLost("it broke"));

        screen.Text.Should().Contain("step 1");
        screen.Lines[2].Should().EndWith("○ live");
    }

    [Fact]
    public void At_rest_a_live_terminal_needs_nothing_but_the_minutes()
    {
        using var screen = Following("quiet");

        screen.Wait(TimeSpan.FromSeconds(2)).Store.TimeUntilDue.Should().BeGreaterThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void When_the_command_ends_its_last_screen_stays_until_its_recording_has_got_there_and_then_the_next_story_comes()
    {
        using var screen = Following("\e[H\e[31mstep 19");

        screen.Receive(new ServerMsg.EventArrived(_ended));
        screen.Text.Should().Contain("step 19").And.NotContain("━ ● live");
        screen.Wait(TimeSpan.FromSeconds(5)).Text.Should().Contain("step 19", "the recording may take a while");
        screen.Receive(new MediaMsg.RecordingArrived(_story.Id, Steps())).Text.Should().Contain("step 19");
        screen.Wait(TimeSpan.FromSeconds(2)).Text.Should().Contain("step 19");
        screen.Wait(TimeSpan.FromSeconds(1.5)).Text.Should().Contain("card of bob");
    }

    [Fact]
    public void A_recording_that_takes_long_to_draw_does_not_flash_its_beginning_after_the_live_terminal()
    {
        using var screen = Following("the end");
        var slow = string.Concat(Enumerable.Repeat("\e[2J\e[Hmiddle", 200_000)) + "\e[2J\e[Hthe end";
        var text = System.Text.Encoding.UTF8.GetBytes(slow);

        screen.Receive(new ServerMsg.EventArrived(_ended));
        screen.Receive(new MediaMsg.RecordingArrived(_story.Id, new(30, 4, text, [new(TimeSpan.FromSeconds(1), text.Length, 0, 0)])));

        for (var i = 0; i < 40; i++)
        {
            screen.Text.Should().Contain("the end").And.NotContain("middle");
            screen.Wait(TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public void A_part_of_a_larger_live_terminal_goes_along_with_its_cursor()
    {
        using var screen = Following("top left\e[50;190Hbottom", 40, 12, 200, 50);

        screen.Text.Should().Contain("bottom").And.NotContain("top left").And.Contain("of 200×50");
    }

    [Fact]
    public void No_key_of_the_viewer_is_more_than_the_viewer_s_own()
    {
        using var screen = Following("$ ");

        screen.Press(new Key('x'), Key.Enter, Key.Tab, Key.Backspace).Type("ab").Press(Key.Esc);

        screen.Store.Model.Commands.Should().BeEmpty();
        screen.Text.Should().Contain("● live");
    }

    [Fact]
    public void It_plays_at_its_own_speed_and_the_next_story_follows()
    {
        using var screen = Playing(Steps());

        screen.Text.Should().Contain("step 00");
        screen.Wait(TimeSpan.FromSeconds(3)).Text.Should().Contain("step 03");
        screen.Wait(TimeSpan.FromSeconds(16.5)).Text.Should().Contain("step 19");
        screen.Wait(TimeSpan.FromSeconds(1.5)).Text.Should().Contain("step 19", "the last screen stays to be read");
        screen.Wait(TimeSpan.FromSeconds(1.5)).Text.Should().Contain("card of bob");
    }

    [Fact]
    public void A_short_one_stays_as_long_as_a_picture_and_one_opened_in_a_pause_shows_how_it_ends()
    {
        using var screen = Playing(Steps(seconds: 1));
        screen.Wait(TimeSpan.FromSeconds(4)).Text.Should().Contain("step 00");
        screen.Wait(TimeSpan.FromSeconds(1.5)).Text.Should().Contain("card of bob");

        using var paused = new TestScreen(Some.Looking(_story) with { Paused = true }, 80, 24);
        paused.Receive(new MediaMsg.RecordingArrived(_story.Id, Steps())).Text.Should().Contain("step 19");
        paused.Press(Key.Space).Text.Should().Contain("step 00");
    }

    [Fact]
    public void It_pauses_and_goes_back_and_on_and_never_beyond_its_ends()
    {
        using var screen = Playing(Steps());

        screen
            .Wait(TimeSpan.FromSeconds(3))
            .Press(Key.Space)
            .Wait(TimeSpan.FromSeconds(4))
            .Text.Should()
            .Contain("step 03")
            .And.Contain("⏸");
        screen.Press(new Key(']')).Text.Should().Contain("step 08");
        screen.Press(new Key('[')).Text.Should().Contain("step 03");
        screen.Press(new Key('{')).Text.Should().Contain("step 00");
        screen.Press(new Key('}')).Text.Should().Contain("step 19");
    }

    [Fact]
    public void It_waits_until_it_is_there_and_says_why_it_never_comes()
    {
        using var screen = new TestScreen(Some.Looking(_story, Some.Story("bob", 1)), 80, 24);

        screen.Wait(TimeSpan.FromSeconds(10)).Text.Should().Contain("recording · 2 KiB");
        screen.Store.Model.Marks.Seen.Should().BeEmpty();
        screen
            .Receive(new MediaMsg.RecordingMissing(_story.Id, "It has a line of more than 1 MiB.\e[2J"))
            .Text.Should()
            .Contain("ana1.jpg")
            .And.Contain("It has a line of more than 1 MiB.");
    }

    [Fact]
    public void Its_colours_stand_on_their_own_ground()
    {
        using var screen = Playing(Steps());

        var cell = screen.At(25, 10);
        cell.Grapheme.Should().Be("s");
        cell.Attribute!.Value.Foreground.Should().Be(new Color(205, 49, 49));
        cell.Attribute.Value.Background.Should().Be(new Color(18, 18, 18));
    }

    [Fact]
    public void Without_colours_it_is_text()
    {
        using var screen = Playing(Steps(), colours: false);

        screen.At(25, 10).Should().Match<Cell>(cell => cell.Grapheme == "s" && cell.Attribute!.Value.Foreground == Color.None);
    }

    [Fact]
    public void A_part_of_a_larger_terminal_goes_along_with_its_cursor()
    {
        var text = System.Text.Encoding.UTF8.GetBytes("top left\e[50;190Hbottom\e[H");
        using var screen = Playing(
            new(200, 50, text, [new(TimeSpan.FromSeconds(1), text.Length - 3, 0, 0), new(TimeSpan.FromSeconds(2), text.Length, 0, 0)]),
            40,
            12
        );

        screen.Wait(TimeSpan.FromSeconds(1.2)).Text.Should().Contain("bottom").And.NotContain("top left").And.Contain("of 200×50");
        screen.Wait(TimeSpan.FromSeconds(1)).Text.Should().Contain("top left").And.NotContain("bottom");
    }

    [Fact]
    public void Whatever_it_says_stays_inside_its_cells()
    {
        var text = System.Text.Encoding.UTF8.GetBytes(
            "\e]0;title\a\e[?1003h\e[8;5;5t\u202e\u009b日本" + new string('e', 300) + string.Concat(Enumerable.Repeat("\u0301", 300))
        );
        foreach (var (width, height) in new[] { (200, 50), (120, 40), (80, 24), (40, 12), (5, 3) })
        {
            using var screen = Playing(new(40, 10, text, [new(TimeSpan.Zero, text.Length, 0, 0)]), width, height);

            screen.Text.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
            screen.Text.Should().NotContainAny("\u202e", "title", "1003h");
        }
    }
}
