using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Screen;

public class ScreenTests
{
    private static Model Team { get; } =
        Some.Looking(
            Some.Story("ana", 1, StoryKinds.Text) with
            {
                Caption = "The new parser on real logs",
                Tags = ["perf"],
                Reactions = new Dictionary<string, int> { ["👀"] = 3 },
            },
            Some.Story("ana", 2),
            Some.Story("bob", 1),
            Some.Story("yam", 1).Seen()
        );

    [Fact]
    public void A_wide_screen_has_the_people_beside_the_story()
    {
        using var screen = new TestScreen(Team, 120, 40);

        screen.Lines[0].Should().StartWith(" stories  team.example ● live   ana 1/2   ").And.EndWith("2 new   / find   ? help");
        screen.Lines[1].Should().Match("╭─ people ─*─╮╭─ @ana ─*─ 1 h ago · 22 h left ─╮");
        screen.Lines[2].Should().Match("│ NEW * ││ ──*── ──*── │");
        screen.Lines[3].Should().StartWith("│▌◉ ana              1 │");
        screen.Lines[4].Should().StartWith("│ ◉ bob              1 │");
        screen.Lines[5].Should().StartWith("│ SEEN                 │");
        screen.Lines[6].Should().StartWith("│ ○ yam              1 │");
        screen.Lines[36].Should().Match("*││ The new parser on real logs *│");
        screen.Lines[37].Should().Match("*││ #perf *👀 3 │");
        screen.Lines[38].Should().Match("╰─*─╯╰─*─╯");
        screen.Text.Should().Contain("card of ana");
        screen.Lines[39].Should().EndWith("q quit");
    }

    [Fact]
    public void A_narrow_screen_has_the_panel_below_the_picture()
    {
        using var screen = new TestScreen(Team, 80, 24);

        screen.Lines.Skip(2).Should().NotContain(line => line.Contains('│'));
        screen.Lines[1].Should().Be("  ◉ana 1  ◉bob 1  │ ○yam");
        screen.Lines[21].Should().MatchRegex("^ @ana · 1 h ago · 22 h left {40,}👀 3$");
        screen.Lines[22].Should().Be(" The new parser on real logs  #perf");
        screen.Lines[23].Should().EndWith("q quit");
    }

    [Fact]
    public void The_smallest_screen_still_has_everything()
    {
        using var screen = new TestScreen(Team, 40, 12);

        screen.Lines[0].Should().Contain("● live");
        screen.Lines[1].Should().Contain("◉ana 1");
        screen.Text.Should().Contain("card of ana").And.Contain("@ana").And.Contain("The new parser");
        screen.Lines[11].Should().EndWith("q quit");
    }

    [Fact]
    public void Any_size_draws_and_a_resize_leaves_nothing_behind()
    {
        using var screen = new TestScreen(Team, 120, 40);
        foreach (var (width, height) in new[] { (20, 6), (3, 2), (1, 1), (200, 60), (80, 24) })
        {
            screen.Resize(width, height);
        }

        using var fresh = new TestScreen(screen.Store.Model, 80, 24);
        screen.Text.Should().Be(fresh.Text);
    }

    [Fact]
    public void Keys_move_choose_pause_and_help()
    {
        using var screen = new TestScreen(Team, 80, 24);

        screen.Press(Key.CursorRight).Text.Should().Contain("ana 2");
        screen.Press(Key.CursorRight).Text.Should().Contain("bob 1");
        screen.Press(Key.CursorLeft).Text.Should().Contain("ana 2");
        screen.Press(Key.CursorDown, Key.CursorDown, Key.Enter).Text.Should().Contain("yam 1");
        screen.Press(Key.Space).Lines[2].Should().EndWith("⏸");
        screen.Press((Key)'?').Text.Should().Contain("play, or stop playing");
        screen.Press(Key.Esc).Text.Should().Contain("yam 1").And.NotContain("your own player");
        screen.HasEnded.Should().BeFalse();
    }

    [Theory]
    [InlineData(120, 40)]
    [InlineData(80, 24)]
    public void Who_has_seen_a_story_without_a_caption_is_said_too(int width, int height)
    {
        var mine = Some.Story("dora", 1, StoryKinds.Text).Seen() with { Caption = null, ViewCount = 1, RepliesOn = true };
        using var screen = new TestScreen(Some.Looking(mine), width, height);

        screen.Text.Should().Contain("seen by 1");
    }

    [Fact]
    public void Help_names_every_key_of_the_table()
    {
        using var screen = new TestScreen(Team, 80, 24);

        var text = screen.Press((Key)'?').Text + screen.Press(Key.PageDown, Key.PageDown).Text;

        text.Should()
            .ContainAll(KeyTable.Default.For(restricted: false).Where(binding => binding.HasKeys).Select(binding => binding.Action.Help));
    }

    [Theory]
    [InlineData("q")]
    [InlineData("Ctrl+C")]
    public void Keys_that_quit_end_the_window(string key)
    {
        using var screen = new TestScreen(Team, 80, 24);

        screen.Press(new Key(key)).HasEnded.Should().BeTrue();
        screen.Store.Model.Exit.Should().Be(new ExitReason.Quit());
    }

    [Fact]
    public void Control_z_and_a_player_leave_the_terminal_and_come_back_to_the_same_story()
    {
        using var screen = new TestScreen(Team, 80, 24);
        screen.Press(Key.CursorRight, Key.Z.WithCtrl).HasEnded.Should().BeTrue();
        screen.Store.Model.Exit.Should().Be(new ExitReason.Suspend());

        using var again = new TestScreen(screen.Store.Model.After(new TerminalMsg.Returned()), 80, 24);
        again.HasEnded.Should().BeFalse();
        again.Text.Should().Contain("ana 2");
    }

    [Fact]
    public void A_click_in_the_tray_opens_the_person()
    {
        using var screen = new TestScreen(Team, 80, 24);

        screen.Click(13, 1).Text.Should().Contain("bob 1");
    }

    [Fact]
    public void Time_fills_the_segment_and_goes_on()
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2)), 81, 24);

        screen.Wait(TimeSpan.FromSeconds(2.6)).Lines[2].Should().Be($" {new string('━', 20)}{new string('─', 19)} {new string('─', 39)}");
        screen.Wait(TimeSpan.FromSeconds(2.4)).Text.Should().Contain("ana 2");
    }

    [Fact]
    public void A_story_that_expires_while_it_is_shown_is_gone_from_the_screen()
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("ana", 1).Ending(TimeSpan.FromSeconds(2)), Some.Story("bob", 1)), 80, 24);
        screen.Text.Should().Contain("ana 1").And.Contain("s left");

        screen.Wait(TimeSpan.FromSeconds(2)).Text.Should().Contain("bob 1").And.NotContain("ana");
    }

    [Fact]
    public void Without_colours_only_text_styles_tell_things_apart()
    {
        using var screen = new TestScreen(Team, 80, 24, colours: false);

        for (var row = 0; row < 24; row++)
        {
            for (var column = 0; column < 80; column++)
            {
                var attribute = screen.At(column, row).Attribute!.Value;
                (attribute.Foreground, attribute.Background).Should().Be((Color.None, Color.None));
            }
        }
        screen.At(4, 1).Attribute!.Value.Style.Should().HaveFlag(TextStyle.Reverse);
    }

    [Fact]
    public void An_unreachable_server_is_named_and_waited_for()
    {
        using var screen = new TestScreen(Some.Empty, 80, 24);
        screen.Text.Should().Contain("● connecting");

        screen.Receive(new ServerMsg.TrayFailed("Nothing listens at http://team.example."));
        screen
            .Text.Should()
            .Contain("● offline")
            .And.Contain("Nothing listens at http://team.example.")
            .And.Contain("tried again by itself");
        screen.Receive(new ServerMsg.TrayArrived([])).Text.Should().Contain("● live").And.Contain("stories post FILE");
    }
}
