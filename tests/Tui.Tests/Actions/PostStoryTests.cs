using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.Actions;

public class PostStoryTests
{
    private static readonly Model _looking = Some.Looking(Some.Story("ana", 1));

    [Fact]
    public void A_file_is_chosen_described_and_posted_with_every_field()
    {
        var s = _looking.After(Keys.Of("new"), Enter());
        s.Commands.Should().Equal(new ChooseFile.LoadFolder(null) { Number = 1 });
        s = s.After(
            new CommandMsg.Ended(
                1,
                new ListLoaded(
                    [
                        new("sub/", "folder", new ChooseFile.FolderChosen("/x/sub")),
                        new("a.png", "image", new ChooseFile.FileChosen("/x/a.png")),
                    ],
                    "/x",
                    new ChooseFile.FolderChosen("/")
                )
            )
        );
        s = s.After(Down(), Enter());

        s.Dialog.Should().BeAssignableTo<FormDialog>().Which["file"].Should().Be("/x/a.png");
        foreach (var value in new[] { "Hello", "6h", "@bob +perf", "#one two", "build/main" })
        {
            s = s.After(new InputMsg.Typed(value), Down());
        }
        s = s.After(Down(), Enter());

        var post = s.Commands.OfType<PostStory.Send>().Single();
        post.File.Should().Be("/x/a.png");
        post.Story.Should()
            .BeEquivalentTo(
                new
                {
                    Caption = "Hello",
                    Ttl = "6h",
                    Audience = new[] { "bob", "+perf" },
                    Tags = new[] { "one", "two" },
                    Slot = "build/main",
                    Text = (string?)null,
                }
            );
        post.Key.Should().HaveLength(32);
    }

    [Fact]
    public void Progress_is_shown_escape_cancels_and_the_draft_stays()
    {
        var s = Posting();
        var number = s.LastCommand;
        s = s.After(new CommandMsg.Progressed(number, new(50, 100, 10)));
        ((FormDialog)s.Dialog!).Upload.Should().Be(new Transfer(50, 100, 10));

        s = s.After(new InputMsg.Edited(EditKey.Escape));
        s.Commands.Should().BeEmpty();
        s.Dialog.Should()
            .BeAssignableTo<FormDialog>()
            .Which.Should()
            .Match<FormDialog>(form => form["text"] == "card" && form.Error!.StartsWith("Cancelled"));
        s.After(new CommandMsg.Ended(number, new CommandFailed("late"))).Should().BeSameAs(s);
    }

    [Fact]
    public void After_a_failed_upload_the_same_post_has_the_same_key_and_a_changed_one_another()
    {
        var first = Posting();
        var key = Post(first).Key;
        var failed = first.After(new CommandMsg.Ended(first.LastCommand, new CommandFailed("The connection broke.")));
        failed.Dialog!.Error.Should().Be("The connection broke.");

        Post(failed.After(Enter())).Key.Should().Be(key);
        Post(
            failed.After(
                new InputMsg.Edited(EditKey.Up),
                new InputMsg.Edited(EditKey.Up),
                new InputMsg.Typed("slot"),
                Down(),
                Down(),
                Enter()
            )
        )
            .Key.Should()
            .NotBe(key);
        var reopened = failed.After(new InputMsg.Edited(EditKey.Escape), Keys.Of("new"));
        reopened.Dialog.Should().BeAssignableTo<FormDialog>().Which["text"].Should().Be("card");
    }

    [Fact]
    public void What_was_posted_is_in_the_tray_and_the_form_is_empty_again()
    {
        var mine = Some.Story("dora", 7).Seen();
        var s = Posting();
        s = s.After(new CommandMsg.Ended(s.LastCommand, new PostStory.Posted(mine)));

        s.Dialog.Should().BeNull();
        s.Unsent.Post.Should().BeNull();
        s.TrayNames().Should().Equal("ana", "dora");
    }

    [Theory]
    [InlineData("", "needed")]
    public void A_form_that_cannot_be_posted_says_why(string text, string words)
    {
        var s = _looking.After(
            Keys.Of("new"),
            Down(),
            new InputMsg.Typed(text),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Enter()
        );

        s.Commands.Should().BeEmpty();
        s.Dialog!.Error.Should().Contain(words);
    }

    [Fact]
    public void A_lifetime_that_is_none_is_named()
    {
        var s = _looking.After(
            Keys.Of("new"),
            Down(),
            new InputMsg.Typed("card"),
            Down(),
            Down(),
            new InputMsg.Typed("soon"),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Enter()
        );

        s.Commands.Should().BeEmpty();
        s.Dialog!.Error.Should().Contain("\"soon\"");
    }

    [Fact]
    public void Fields_that_are_seldom_needed_unfold_and_are_posted_too()
    {
        var s = Unfolded();
        // An answer gets its line once the one before it is written; space turns what is on or off.
        foreach (var value in new[] { "Friday?", "yes", "no, later", "", " ", "@bob, cid", " ", "today" })
        {
            s = s.After(value.Length > 0 ? [new InputMsg.Typed(value), Down()] : [Down()]);
        }

        Post(s.After(Down(), Enter()))
            .Story.Should()
            .BeEquivalentTo(
                new
                {
                    Text = "card",
                    Poll = new { Question = "Friday?", Options = new[] { "yes", "no, later" } },
                    Asks = "help",
                    Mentions = new[] { "bob", "cid" },
                    RepliesOn = (bool?)false,
                    Answers = "today",
                }
            );
    }

    [Theory]
    [InlineData("Friday?", "2 to 4 answers, not 0")]
    [InlineData("Friday?|yes", "2 to 4 answers, not 1")]
    [InlineData("|", "yesterday", "\"yesterday\"")]
    public void What_does_not_fit_in_one_of_them_is_named(string poll, string answersOrWords, string? words = null)
    {
        var s = Unfolded();
        foreach (var value in poll.Split('|').Where(value => value.Length > 0))
        {
            s = s.After(new InputMsg.Typed(value), Down());
        }
        if (words is not null)
        {
            s = s.After([.. Enumerable.Repeat(Down(), 4), new InputMsg.Typed(answersOrWords)]);
        }
        s = s.After([.. Enumerable.Repeat(Down(), 9), Enter()]);

        s.Commands.Should().BeEmpty();
        s.Dialog!.Error.Should().Contain(words ?? answersOrWords);
    }

    [Fact]
    public void A_poll_has_a_line_for_each_answer_and_no_more_than_there_may_be()
    {
        var s = Unfolded();
        Answers(s).Should().Be(0);

        s = s.After(new InputMsg.Typed("Friday?"));
        Answers(s).Should().Be(2);
        foreach (var answer in new[] { "a", "b", "c", "d" })
        {
            s = s.After(Down(), new InputMsg.Typed(answer));
        }
        Answers(s).Should().Be(4);
        Post(s.After([.. Enumerable.Repeat(Down(), 9), Enter()])).Story.Poll!.Options.Should().Equal("a", "b", "c", "d");

        static int Answers(Model model) =>
            ((FormDialog)model.Dialog!).Fields.Count(field => field.Label.Contains("answer ", StringComparison.Ordinal));
    }

    [Fact]
    public void People_are_chosen_from_a_list_and_Esc_leaves_the_field_as_it_was()
    {
        var s = _looking.After(Keys.Of("new")).After([.. Enumerable.Repeat(Down(), 4), new InputMsg.Typed("bob"), Enter()]);
        s = s.After(
            new CommandMsg.Ended(
                s.LastCommand,
                new PeoplePicker.Loaded([new("+night", "bob cid"), new("ana", "Ana Torres"), new("bob", ""), new("cid", "")])
            )
        );
        ((PeoplePicker)s.Dialog!).Chosen.Should().Equal("bob");

        var esc = s.After(new InputMsg.Typed(" "), new InputMsg.Edited(EditKey.Escape));
        ((FormDialog)esc.Dialog!)["audience"].Should().Be("bob");

        s = s.After(new InputMsg.Typed(" "), new InputMsg.Typed("tor"), new InputMsg.Typed(" "), Enter());
        ((FormDialog)s.Dialog!)["audience"].Should().Be("+night ana bob");
    }

    [Fact]
    public void Nothing_can_be_written_where_the_form_only_unfolds()
    {
        var s = _looking.After(Keys.Of("new")).After([.. Enumerable.Repeat(Down(), 7)]);

        s.After(new InputMsg.Typed("lost")).Dialog.Should().Be(s.Dialog);
    }

    [Fact]
    public void A_restricted_terminal_posts_text_and_no_file()
    {
        var s = (_looking with { Session = _looking.Session with { Restricted = true } }).After(Keys.Of("new"));

        s.Dialog.Should().BeAssignableTo<FormDialog>().Which.Fields.Should().NotContain(field => field.Kind == FieldKind.File);
    }

    private static Model Posting() =>
        _looking.After(Keys.Of("new"), Down(), new InputMsg.Typed("card"), Down(), Down(), Down(), Down(), Down(), Down(), Down(), Enter());

    /// <summary>A text card whose caret stands in the first of the fields that are seldom needed.</summary>
    private static Model Unfolded() =>
        _looking.After(Keys.Of("new"), Down(), new InputMsg.Typed("card")).After([.. Enumerable.Repeat(Down(), 6), Enter()]);

    private static PostStory.Send Post(Model s) => s.Commands.OfType<PostStory.Send>().Last();

    private static InputMsg.Edited Enter() => new(EditKey.Enter);

    private static InputMsg.Edited Down() => new(EditKey.Down);
}
