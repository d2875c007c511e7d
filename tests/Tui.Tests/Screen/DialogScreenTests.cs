using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Screen;

/// <summary>What a viewer does, by keys and mouse.</summary>
public class DialogScreenTests
{
    /// <summary>Everything that a key opens over the story.</summary>
    [Fact]
    public void A_title_is_whole_where_the_screen_has_room_for_it()
    {
        foreach (var (author, name) in from author in (string[])["ana", "dora"] from name in Names() select (author, name))
        {
            var s = Some.Looking(Some.Story(author, 1, StoryKinds.Text) with { RepliesOn = true }).After(Keys.Of(name));
            if (s.Dialog is not { IsInPanel: false } dialog)
            {
                continue;
            }
            using var screen = new TestScreen(s, 120, 40);
            screen.Text.Should().Contain($"╭─ {DialogVm.Title(dialog)} ─", "that is the title of {0}", name);
        }

        static IEnumerable<string> Names() => KeyTable.Default.For(restricted: false).SelectMany(binding => binding.Names);
    }

    [Fact]
    public void An_empty_list_offers_no_key_that_does_nothing()
    {
        var s = Some.Looking(Some.Story("dora", 1)).After(Keys.Of("seen-by"));
        s = s.After(new CommandMsg.Ended(s.LastCommand, new ListLoaded([], "Seen by nobody yet")));
        using var screen = new TestScreen(s, 80, 24);

        screen.Text.Should().Contain("╰─ Esc closes ─").And.NotContain("type to narrow");
    }

    private static readonly Story _ana = Some.Story("ana", 1) with { RepliesOn = true };
    private static readonly Story _card = Some.Story("ana", 2, StoryKinds.Text) with
    {
        Text = string.Join('\n', Enumerable.Range(1, 60).Select(n => $"row {n}.")),
    };

    [Fact]
    public void Letters_are_written_and_not_obeyed_while_a_reply_is_open()
    {
        using var screen = new TestScreen(Some.Looking(_ana, Some.Story("bob", 1)), 80, 24);

        screen.Press((Key)'r').Type("quick? @p e/n 👍");
        screen.Text.Should().Contain("› quick? @p e/n 👍");
        screen.HasEnded.Should().BeFalse();

        screen
            .Press(Key.W.WithCtrl, Key.Enter)
            .Store.Model.Commands.Should()
            .Equal(new ReplyToStory.Send(_ana.Id, "quick? @p e/n") { Number = 1 });
        screen.Text.Should().Contain("sending…");
        screen.Answer(new CommandFailed("Nothing listens.")).Text.Should().Contain("Nothing listens.").And.Contain("quick? @p e/n");
        screen.Press(Key.Esc).Text.Should().Contain("reply begun");
    }

    [Theory]
    [InlineData(100, 50, true)]
    [InlineData(60, 20, false)]
    public void A_share_is_shown_in_full_and_as_a_code_where_there_is_room(int columns, int rows, bool fits)
    {
        var mine = Some.Story("dora", 1);
        var share = new MadeShare
        {
            Id = "01kshare",
            Url = "https://team.example/s/sts_" + new string('x', 45) + "END",
            ExpiresAt = Some.Now.AddHours(6),
        };
        using var screen = new TestScreen(Some.Looking(mine), columns, rows);

        screen.Press((Key)'s').Text.Should().Contain("Share it as a page");
        screen.Press(Key.Enter).Answer(new ShareStory.Made(mine.Id, share));

        // Wherever the lines break.
        string.Concat(screen.Text.Where(c => !char.IsWhiteSpace(c) && c != '│'))
            .Should()
            .Contain(share.Url)
            .And.Contain("23Nov2026,00:00");
        screen.Text.Contains('█', StringComparison.Ordinal).Should().Be(fits);
        screen.Text.Contains("larger window", StringComparison.Ordinal).Should().Be(!fits);
    }

    [Fact]
    public void A_paste_is_text_whatever_it_holds()
    {
        using var screen = new TestScreen(Some.Looking(_ana), 120, 40);

        screen.Paste("qqq").HasEnded.Should().BeFalse();
        screen
            .Press((Key)'r')
            .Paste("one\e[31m\rtwo\r\nthree\u202e")
            .Store.Model.Dialog.Should()
            .BeOfType<ReplyToStory.Editor>()
            .Which.Text.Text.Should()
            .Be("one\ntwo\nthree");
        screen
            .Lines.Select(line => line.TrimEnd('│').Split('│')[^1].TrimEnd())
            .Should()
            .ContainInConsecutiveOrder(" › one", " two", " three");
        screen.Press(Key.Enter).Store.Model.Commands.Should().Equal(new ReplyToStory.Send(_ana.Id, "one\ntwo\nthree") { Number = 1 });
    }

    [Fact]
    public void Yes_can_be_clicked_where_Enter_is_no()
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("dora", 1).Seen()), 80, 24);
        (int Column, int Row) At(string word)
        {
            var row = Array.FindIndex(screen.Lines, line => line.Contains("y   yes   Enter, Esc or n   no"));
            return (screen.Lines[row].IndexOf(word, StringComparison.Ordinal), row);
        }

        screen.Press((Key)'D');
        screen.Click(At("Enter,").Column, At("Enter,").Row).Store.Model.Should().Match<Model>(s => s.Dialog == null && s.Commands.IsEmpty);
        screen.Press((Key)'D');
        screen
            .Click(At("yes").Column, At("yes").Row)
            .Store.Model.Commands.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<DeleteStory.Delete>();
    }

    [Fact]
    public void A_paste_answers_no_question()
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("dora", 1).Seen()), 80, 24);

        screen.Press((Key)'D').Paste("y").Store.Model.Should().Match<Model>(s => s.Dialog is ConfirmDialog && s.Commands.IsEmpty);
        screen.Paste("n").Store.Model.Dialog.Should().BeOfType<ConfirmDialog>();
    }

    [Fact]
    public void What_is_typed_takes_the_place_of_a_proposal_and_Enter_takes_it()
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("dora", 1).Seen()), 80, 24);

        screen.Press((Key)'t').Text.Should().Contain("24h");
        screen.Type("90m").Store.Model.Dialog.Should().BeAssignableTo<PromptDialog>().Which.Text.Text.Should().Be("90m");
        screen
            .Press(Key.Esc, (Key)'s', Key.CursorLeft)
            .Type("8")
            .Store.Model.Dialog.Should()
            .BeAssignableTo<PromptDialog>()
            .Which.Text.Text.Should()
            .Be("248h");
        screen
            .Press(Key.Esc, (Key)'K', Key.Backspace)
            .Store.Model.Dialog.Should()
            .BeAssignableTo<PromptDialog>()
            .Which.Text.Text.Should()
            .BeEmpty();
        screen
            .Press(Key.Esc, (Key)'K', Key.Enter)
            .Store.Model.Commands.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<KeepStory.Keep>()
            .Which.Highlight.Should()
            .Be(NewKeep.DefaultHighlight);
    }

    [Fact]
    public void Hints_at_the_foot_the_help_on_top_and_the_arrows_of_the_row_are_clicked()
    {
        using var screen = new TestScreen(
            Some.Looking([.. Enumerable.Range(0, 20).Select(i => Some.Story($"p{i:00}", 1) with { RepliesOn = true })]),
            80,
            24
        );
        int Foot(string text) => screen.Lines[23].IndexOf(text, StringComparison.Ordinal);

        screen.Click(Foot("→"), 23).Text.Should().Contain("p01 1");
        screen.Click(Foot("←"), 23).Text.Should().Contain("p00 1");
        screen.Click(Foot("pause"), 23).Lines[2].Should().EndWith("⏸");
        screen.Click(Foot("reply") - 2, 23).Store.Model.Dialog.Should().BeOfType<ReplyToStory.Editor>();
        screen.Click(Foot("Esc closes"), 23).Store.Model.Dialog.Should().BeNull();
        screen.Click(76, 0).Store.Model.Help.Should().BeTrue();
        screen.Click(76, 0).Store.Model.Help.Should().BeFalse();
        screen
            .Click(79, 1)
            .Store.Model.Tray.Open!.Value.Handle.Should()
            .Be(screen.Store.Model.Tray.Places.First(place => place.Key == screen.Store.Model.Tray.Open).Key.Handle)
            .And.NotBe("p00");
        var before = TrayVm.From(screen.Store.Model, 80).Before;
        screen.Click(0, 1).Store.Model.Tray.Open.Should().NotBeNull().And.Be(before, "the arrow leads to the place that is next there");
        screen.Click(Foot("quit"), 23).HasEnded.Should().BeTrue();
    }

    [Fact]
    public void The_halves_of_the_picture_are_previous_and_next()
    {
        using var screen = new TestScreen(Some.Looking(_ana, Some.Story("bob", 1)), 80, 24);

        screen.Click(60, 9).Text.Should().Contain("bob 1");
        screen.Click(10, 9).Text.Should().Contain("ana 1");
    }

    [Fact]
    public void A_long_card_scrolls_by_keys_and_wheel_to_its_very_end()
    {
        using var screen = new TestScreen(Some.Looking(_card), 80, 24);
        screen.Text.Should().Contain("row 1.").And.Contain("▼ 45 more rows: PgDn").And.NotContain("row 16.");

        screen.Press(Key.PageDown).Text.Should().Contain("row 18.").And.Contain("▲ 17 rows above").And.NotContain("row 17.");
        screen.Wheel(40, 9, up: true).Text.Should().Contain("row 15.").And.Contain("▲ 14 rows above");
        for (var i = 0; i < 9; i++)
        {
            screen.Press(Key.PageDown);
        }
        screen.Text.Should().Contain("row 60.").And.NotContain("more rows");
        screen.Press(Key.PageUp).Text.Should().Contain("row 32.");
    }

    [Fact]
    public void The_whole_of_a_card_replaces_its_beginning_where_it_was_scrolled_to()
    {
        using var screen = new TestScreen(Some.Looking(_card), 80, 24);
        screen.Press(Key.PageDown).Receive(new ServerMsg.DetailsArrived(_card.Id, new() { Text = _card.Text + "\nthe end" }));

        screen.Text.Should().Contain("row 19.");
        screen.Receive(new InputMsg.Start(new Scroll(), 99)).Text.Should().Contain("the end");
    }

    [Fact]
    public void The_wheel_moves_the_thread()
    {
        var replies = Enumerable
            .Range(1, 60)
            .Select(n => new Reply
            {
                Id = $"01k{n:00}",
                Author = _ana.Author,
                Text = $"reply {n}.",
                CreatedAt = Some.Now,
            });
        using var screen = new TestScreen(Some.Looking(_ana with { ReplyCount = 60 }), 120, 40);
        screen
            .Receive(new ServerMsg.DetailsArrived(_ana.Id, new() { Replies = [.. replies] }))
            .Text.Should()
            .Contain("reply 60.")
            .And.NotContain("reply 1.");

        for (var i = 0; i < 40; i++)
        {
            screen.Wheel(100, 20, up: true);
        }
        screen.Text.Should().Contain("reply 1.").And.NotContain("reply 60.");
        screen.Wheel(100, 20, up: false).Text.Should().NotContain("reply 1.");
    }

    [Theory]
    [InlineData("ana", "N", 64)]
    [InlineData("ana", "山", 64)]
    [InlineData("ana", "👍🏽", 32)]
    [InlineData("a-handle-that-is-as-long-as-may-be", "N", 64)]
    public void However_long_a_name_is_the_times_can_be_read(string handle, string name, int times)
    {
        var story = _ana with
        {
            Author = new() { Handle = handle, DisplayName = string.Concat(Enumerable.Repeat(name, times)) },
        };
        foreach (var (width, height) in new[] { (200, 50), (120, 40), (100, 30), (80, 24), (40, 12) })
        {
            using var screen = new TestScreen(Some.Looking(story), width, height);
            screen.Text.Should().Contain($"@{handle[..3]}").And.Contain(" ago · 22 h left");
        }
    }

    [Fact]
    public void Seen_by_and_an_author_of_ones_own_are_named()
    {
        var mine = Some.Story("dora", 1).Seen() with { ViewCount = 2 };
        using var screen = new TestScreen(Some.Looking(mine), 120, 40);
        screen.Text.Should().Contain("seen by 2");

        var viewers = new ViewerPage { Items = [new() { Person = _ana.Author, At = Some.Now }], PrivateCount = 1 };
        screen.Receive(new ServerMsg.DetailsArrived(mine.Id, new() { Viewers = viewers })).Text.Should().Contain("seen by 2: ana …");
    }

    [Fact]
    public void A_dialog_covers_the_picture_and_leaves_nothing_behind()
    {
        var story = Some.Story("ana", 1);
        using var screen = new TestScreen(Some.LookingAtPictures(story), 120, 40);
        screen.Receive(new MediaMsg.PictureArrived(story.Id, screen.Store.Model.Display.Area, Some.Plain(60, 40, 200, 10, 20)));
        var before = screen.Text;

        screen.Press((Key)'x').Text.Should().Contain("what exists is not replaced").And.Contain("▀", "it stays behind, darker");
        screen.At(60, 12).Attribute!.Value.Foreground.Should().Be(new Color(80, 4, 8));
        screen.Press(Key.Esc).Text.Should().Be(before);
        screen.At(60, 12).Attribute!.Value.Foreground.Should().Be(new Color(200, 10, 20));
    }
}
