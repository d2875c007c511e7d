using System.Text.RegularExpressions;
using StoriesCli.Contracts;
using StoriesCli.Testing;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.Screen;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Actions;

public class CopyTests
{
    private static readonly Story _card = Some.Story("ana", 1, StoryKinds.Text) with
    {
        Caption = "A \u001b[2Jcaption",
        Text = "one\n\u001b[31mtwo\u001b[0m\nthree\n\nfive",
        Links = ["https://a.example", "https://b.example"],
        Media = Some.Story("ana", 1).Media with { Bytes = 28 },
    };

    [Theory]
    [InlineData("c", "A caption")]
    [InlineData("t", "one\ntwo\nthree\n\nfive")]
    [InlineData("r", "@bob 18:00  nice\nindeed")]
    [InlineData("l", "https://a.example")]
    [InlineData("2", "https://b.example")]
    [InlineData("i", "01kana00100000000000000000")]
    public void A_part_of_a_story_is_copied_by_its_letter(string letter, string text)
    {
        var reply = new Reply
        {
            Id = "01kr",
            Author = new() { Handle = "bob", DisplayName = "Bob" },
            Text = "nice\nindeed",
            CreatedAt = Some.Now,
        };
        var s = Some.Looking(_card)
            .After(new ServerMsg.DetailsArrived(_card.Id, new() { Replies = [reply] }), Keys.Of("copy-menu"), new InputMsg.Typed(letter));

        s.Output.Copied.Text.Should().Be(text);
        s.Dialog.Should().BeNull();
        s.Note!.Text.Should().StartWith("Copied the ");
    }

    [Fact]
    public void Only_what_there_is_can_be_copied()
    {
        var s = Some.Looking(Some.Story("ana", 1) with { Caption = null }).After(Keys.Of("copy-menu"));

        ((ListDialog)s.Dialog!).All.Select(choice => choice.Label.TrimEnd()).Should().Equal("id");
        s.After(new InputMsg.Typed("t"), new InputMsg.Typed("1")).Output.Copied.Text.Should().BeNull();
    }

    [Fact]
    public void Of_a_card_that_is_still_loading_the_beginning_is_copied_and_called_so()
    {
        var cut = _card with { Media = _card.Media with { Bytes = 9000 } };
        var s = Some.Looking(cut).After(Keys.Of("copy-menu"), new InputMsg.Typed("t"));

        s.Note!.Text.Should().Be("Copied its beginning: the rest is still loading.");
        Some.Looking(cut)
            .After(new ServerMsg.DetailsArrived(cut.Id, new() { Text = "all of it" }), Keys.Of("copy-menu"), new InputMsg.Typed("t"))
            .Should()
            .Match<Model>(whole => whole.Output.Copied.Text == "all of it" && whole.Note!.Text == "Copied the text.");
    }

    [Fact]
    public void A_text_that_is_too_large_for_a_terminal_is_refused_by_name()
    {
        var replies = Enumerable
            .Range(0, 300)
            .Select(n => new Reply
            {
                Id = $"01k{n}",
                Author = new() { Handle = "bob", DisplayName = "Bob" },
                Text = new('x', 2000),
                CreatedAt = Some.Now,
            });
        var s = Some.Looking(_card)
            .After(new ServerMsg.DetailsArrived(_card.Id, new() { Replies = [.. replies] }), Keys.Of("copy-menu"), new InputMsg.Typed("r"));

        s.Output.Copied.Number.Should().Be(0);
        s.Note!.Text.Should().Contain("512 KiB");
    }

    [Fact]
    public void Whole_lines_are_selected_and_copied_as_they_were_written()
    {
        var s = Some.Looking(_card with { Text = "one\n\ttwo " + new string('x', 300) + "\nthree\n\nfive" }).After(Keys.Of("copy-lines"));

        s.After(new InputMsg.Typed("y")).Output.Copied.Text.Should().Be("one");
        s.After(new InputMsg.Typed("j"), new InputMsg.Typed("v"), new InputMsg.Typed("j"), new InputMsg.Edited(EditKey.Enter))
            .Should()
            .Match<Model>(done => done.Output.Copied.Text == "\ttwo " + new string('x', 300) + "\nthree" && done.Dialog == null);
        s.After(new InputMsg.Typed("G"), new InputMsg.Typed("v"), new InputMsg.Typed("k"), new InputMsg.Typed("y"))
            .Output.Copied.Text.Should()
            .Be("\nfive");
        s.After(new InputMsg.Edited(EditKey.Escape))
            .Should()
            .Match<Model>(ended => ended.Dialog == null && ended.Output.Copied.Number == 0);
        Some.Looking(_card).After(Keys.Of("copy-menu"), new InputMsg.Typed("v")).Dialog.Should().BeOfType<SelectLines.Selection>();
    }

    [Theory]
    [InlineData(120, 40)]
    [InlineData(40, 12)]
    public void The_selection_starts_where_the_card_was_scrolled_to_and_stays_on_the_screen(int width, int height)
    {
        var card = _card with { Text = string.Join('\n', Enumerable.Range(1, 90).Select(n => $"row {n}.")) };
        using var screen = new TestScreen(Some.Looking(card), width, height);
        screen.Press(Key.PageDown);
        var first = Regex.Match(screen.Text, @"row \d+\.").Value.TrimEnd('.');

        screen.Press((Key)'V').Lines.Should().ContainMatch($"*▸ {first}.*");
        screen.Press((Key)'v', (Key)'j', (Key)'j').Lines.Should().ContainMatch("*▸ row *");
        screen.Press(Key.End).Lines.Should().ContainMatch("*▸ row 90.*");
        screen.Press((Key)'g').Lines.Should().ContainMatch("*▸ row 1.*");
        screen.Press((Key)'y').Store.Model.Output.Copied.Text.Split('\n').Should().StartWith("row 1.").And.EndWith($"{first}.");
    }

    [Fact]
    public void Dragging_over_a_card_copies_what_was_dragged_over_and_is_no_click()
    {
        using var screen = new TestScreen(
            Some.Looking(_card with { Text = "hello there\nsecond 山田 line\nthird" }, Some.Story("bob", 1)),
            120,
            40
        );
        var row = Array.FindIndex(screen.Lines, line => line.Contains("hello there"));
        var left = screen.Lines[row].IndexOf("hello", StringComparison.Ordinal);

        screen.Drag((left + 6, row), (left + 8, row), (left + 9, row + 1), (left + 7, row + 1));
        screen.Store.Model.Should().Match<Model>(s => s.Output.Copied.Text == "there\nsecond 山" && s.Note!.Text == "Copied 2 lines.");
        screen.Store.Model.ShownId.Should().Be(_card.Id, "a drag is no click");
        screen.Drag((left + 3, row + 2), (0, row + 1)).Store.Model.Output.Copied.Text.Should().Be("second 山田 line\nthir");
        screen
            .Drag((left, row + 2), (left + 4, row + 2), (119, 39))
            .Store.Model.Output.Copied.Text.Should()
            .Be("third", "it may leave the card");
        screen.Click(110, row).Store.Model.Shown!.Author.Handle.Should().Be("bob");
        screen.Store.Model.Output.Copied.Number.Should().Be(3);
    }

    [Fact]
    public void Dragging_over_the_thread_copies_too_and_a_picture_has_nothing_to_select()
    {
        var story = Some.Story("ana", 1) with { ReplyCount = 1 };
        var reply = new Reply
        {
            Id = "01kr",
            Author = new() { Handle = "bob", DisplayName = "Bob" },
            Text = "nice one",
            CreatedAt = Some.Now,
        };
        using var screen = new TestScreen(Some.LookingAtPictures(story, Some.Story("bob", 1)), 120, 40);
        screen.Receive(
            new MediaMsg.PictureArrived(story.Id, screen.Store.Model.Display.Area, Some.Plain(60, 40, 200, 10, 20)),
            new ServerMsg.DetailsArrived(story.Id, new() { Replies = [reply] })
        );
        var row = Array.FindIndex(screen.Lines, line => line.Contains("nice one"));
        var left = screen.Lines[row].IndexOf("nice", StringComparison.Ordinal);

        screen.Drag((left, row), (left + 3, row)).Store.Model.Output.Copied.Text.Should().Be("nice");
        screen.Drag((20, 20), (30, 22)).Store.Model.Output.Copied.Number.Should().Be(1);
    }

    [Fact]
    public void In_tmux_the_text_is_handed_to_tmux_too_but_never_by_a_restricted_viewer()
    {
        var s = Some.Looking(_card);
        var inside = s with { Session = s.Session with { InTmux = true } };

        inside.After(Keys.Of("copy")).Commands.Should().Equal(new TmuxCopy(_card.Id) { Number = 1 });
        inside.After(Keys.Of("copy"), Keys.Of("copy-caption")).Commands.Should().Equal(new TmuxCopy("A caption") { Number = 2 });
        s.After(Keys.Of("copy")).Commands.Should().BeEmpty();
    }
}

/// <summary>The same in a real terminal.</summary>
public class CopyInTmuxTests
{
    [Fact]
    public async Task What_is_copied_is_in_the_buffer_of_tmux()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var command = await Terminal.Viewer.CommandAsync(host, "dora");
        await ana.Stories.PostTextAsync(new() { Text = "first\nsecond ✓\nthird" }, ApiClient.NewIdempotencyKey());
        await using var terminal = await TmuxRobot.OpenAsync(100, 30, new Dictionary<string, string>());
        (await terminal.ReadAsync("show-options", "-gsv", "set-clipboard")).Trim().Should().Be("external");
        await terminal.PressAsync(command, "Enter");
        await terminal.SeesAsync("second ✓");

        await terminal.PressAsync("V");
        await terminal.SeesAsync("▸ first");
        await terminal.PressAsync("v", "j", "y");
        await terminal.SeesAsync("Copied 2 lines.");

        await Eventually.TrueAsync(async () => await terminal.BufferAsync() == "first\nsecond ✓");

        var lines = (await terminal.ScreenAsync()).Split('\n');
        var row = Array.FindIndex(lines, line => line.Contains("third"));
        var column = lines[row].IndexOf("third", StringComparison.Ordinal);
        await terminal.PressAsync("-l", Mouse(0, column, row, 'M') + Mouse(32, column + 2, row, 'M') + Mouse(0, column + 2, row, 'm'));
        await Eventually.TrueAsync(async () => await terminal.BufferAsync() == "thi");

        await terminal.PressAsync("q");
        await terminal.SeesAsync("ready>");
    }

    /// <summary>As terminals report it: SGR, counted from 1.</summary>
    private static string Mouse(int button, int column, int row, char end) => $"\u001b[<{button};{column + 1};{row + 1}{end}";
}
