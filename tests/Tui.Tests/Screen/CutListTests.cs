using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Screen;

/// <summary>What does not fit says so.</summary>
public class CutListTests
{
    private static readonly Story _story = Some.Story("ana", 1) with { RepliesOn = true };

    [Fact]
    public void A_list_that_is_cut_has_a_mark_where_it_goes_on()
    {
        using var screen = new TestScreen(Some.Looking(_story), 80, 24);
        screen
            .Press((Key)'@')
            .Answer(new ListLoaded([.. Enumerable.Range(1, 30).Select(n => new Choice($"row {n}.", "", CloseOpen.Msg))], "Rows"));
        screen.Text.Should().Contain("▼ row").And.NotContain("▲");

        screen.Press([.. Enumerable.Repeat(Key.CursorDown, 15)]).Text.Should().Contain("▲ row").And.Contain("▼ row");
        screen.Press(Key.End).Text.Should().Contain("▲ row").And.NotContain("▼").And.Contain("▸ row 30.");
    }

    [Fact]
    public void Even_one_row_of_many_says_so()
    {
        var list = new ListDialog("Rows", [.. Enumerable.Range(1, 3).Select(n => new Choice($"row {n}.", "", CloseOpen.Msg))], At: 1);

        DialogVm
            .From(list, new(40, 1))
            .Select(line => line.ToString().Trim())
            .Should()
            .Contain(line => line.StartsWith("▸ row 2.") && line.EndsWith("▲▼"));
    }

    [Fact]
    public void A_name_is_whole_where_there_is_room_beside_it()
    {
        var name = new string('n', 60) + ".jpg";
        var list = new ListDialog("Files", [new(name, "image · 2 KiB", CloseOpen.Msg), new("b.png", "", CloseOpen.Msg)]);

        DialogVm.From(list, new(88, 20)).Should().Contain(line => line.ToString().Contains(name + "  image · 2 KiB"));
        DialogVm
            .From(new ListDialog("Links", [new("https://a.example/" + new string('a', 60), "", CloseOpen.Msg)]), new(84, 20))
            .Should()
            .Contain(line => line.ToString().Contains(new string('a', 60)));
    }

    [Theory]
    [InlineData(40, 12)]
    [InlineData(80, 24)]
    [InlineData(40, 10)]
    public void A_form_keeps_its_button_in_sight_wherever_the_caret_is(int width, int height)
    {
        using var screen = new TestScreen(Some.Looking(_story), width, height);
        screen.Press((Key)'n');
        for (var i = 0; i < 10; i++, screen.Press(Key.CursorDown))
        {
            screen.Text.Should().Contain("[ Post ]").And.Contain("▸");
        }
        screen.Press(Key.Enter).Text.Should().Contain("A file or a text is needed.").And.Contain("[ Post ]");
    }

    [Fact]
    public void Facts_that_have_no_row_are_marked()
    {
        var story = _story with
        {
            Links = ["https://a.example"],
            AckCount = 2,
            Mentions = ["dora"],
            Source = new() { Status = "passed" },
        };
        using var screen = new TestScreen(Some.Looking(story), 80, 16);

        screen.Text.Should().NotContain("https://a.example").And.Contain("✓ 2 acked").And.Contain("passed…");
    }

    [Fact]
    public void A_thread_that_was_scrolled_up_says_how_much_is_below() =>
        ThreadVm
            .Window([.. Enumerable.Range(1, 9).Select(n => Line.Text($"reply {n}", Tone.Plain))], 4, 2, 40)[0]
            .ToString()
            .Should()
            .Be("─ replies ─ ▲ 4 ▼ 2");

    [Fact]
    public void Nobody_has_seen_it_is_not_said_beside_who_acknowledged_it()
    {
        var own = Some.Story("dora", 1) with { ViewCount = 0 };
        using var quiet = new TestScreen(Some.Looking(own), 120, 40);
        quiet.Text.Should().Contain("seen by nobody yet");

        using var acked = new TestScreen(Some.Looking(own with { AckCount = 1 }), 120, 40);
        acked.Text.Should().NotContain("nobody").And.Contain("1 acked");
    }

    [Fact]
    public void A_link_that_no_program_opens_is_copied_and_shown_whole()
    {
        using var screen = new TestScreen(Some.Looking(_story), 120, 40);
        screen.Receive(Keys.Of("ack")).Answer(new OpenLink.NotOpened("https://a.example/builds/7"));

        screen.Text.Should().Contain("Copied. No program here opens links.").And.Contain("https://a.example/builds/7");
        screen.Store.Model.Output.Copied.Text.Should().Be("https://a.example/builds/7");
    }
}
