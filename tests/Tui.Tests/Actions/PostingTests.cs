using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.Actions;

public class PostingTests
{
    private static readonly AppState _looking = Some.Looking(Some.Story("ana", 1));

    [Fact]
    public void A_file_is_chosen_described_and_posted_with_every_field()
    {
        var s = _looking.After(new Msg.Want(Wish.Post), Enter());
        s.Deeds.Should().Equal(new Deed.ListFolder(null) { Number = 1 });
        s = s.After(
            new Msg.DeedEnded(
                1,
                new Outcome.Listed(
                    [new("sub/", "folder", new Msg.FolderChosen("/x/sub")), new("a.png", "image", new Msg.FileChosen("/x/a.png"))],
                    "/x",
                    new Msg.FolderChosen("/")
                )
            )
        );
        s = s.After(Down(), Enter());

        s.Dialog.Should().BeOfType<Dialog.Filling>().Which["file"].Should().Be("/x/a.png");
        foreach (var value in new[] { "Hello", "6h", "@bob +perf", "#one two", "build/main" })
        {
            s = s.After(new Msg.Typed(value), Down());
        }
        s = s.After(Down(), Enter());

        var post = s.Deeds.OfType<Deed.Post>().Single();
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
        var number = s.LastDeed;
        s = s.After(new Msg.DeedMoved(number, new(50, 100, 10)));
        ((Dialog.Filling)s.Dialog!).Upload.Should().Be(new Transfer(50, 100, 10));

        s = s.After(new Msg.Steered(Steer.Escape));
        s.Deeds.Should().BeEmpty();
        s.Dialog.Should()
            .BeOfType<Dialog.Filling>()
            .Which.Should()
            .Match<Dialog.Filling>(form => form["text"] == "card" && form.Trouble!.StartsWith("Cancelled"));
        s.After(new Msg.DeedEnded(number, new Outcome.Failed("late"))).Should().BeSameAs(s);
    }

    [Fact]
    public void After_a_failed_upload_the_same_post_has_the_same_key_and_a_changed_one_another()
    {
        var first = Posting();
        var key = Post(first).Key;
        var failed = first.After(new Msg.DeedEnded(first.LastDeed, new Outcome.Failed("The connection broke.")));
        failed.Dialog!.Trouble.Should().Be("The connection broke.");

        Post(failed.After(Enter())).Key.Should().Be(key);
        Post(failed.After(new Msg.Steered(Steer.Up), new Msg.Steered(Steer.Up), new Msg.Typed("slot"), Down(), Down(), Enter()))
            .Key.Should()
            .NotBe(key);
        var reopened = failed.After(new Msg.Steered(Steer.Escape), new Msg.Want(Wish.Post));
        reopened.Dialog.Should().BeOfType<Dialog.Filling>().Which["text"].Should().Be("card");
    }

    [Fact]
    public void What_was_posted_is_in_the_tray_and_the_form_is_empty_again()
    {
        var mine = Some.Story("dora", 7).Seen();
        var s = Posting();
        s = s.After(new Msg.DeedEnded(s.LastDeed, new Outcome.Posted(mine)));

        s.Dialog.Should().BeNull();
        s.PostForm.Should().BeNull();
        s.TrayNames().Should().Equal("ana", "dora");
    }

    [Theory]
    [InlineData("", "needed")]
    public void A_form_that_cannot_be_posted_says_why(string text, string words)
    {
        var s = _looking.After(
            new Msg.Want(Wish.Post),
            Down(),
            new Msg.Typed(text),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Enter()
        );

        s.Deeds.Should().BeEmpty();
        s.Dialog!.Trouble.Should().Contain(words);
    }

    [Fact]
    public void A_lifetime_that_is_none_is_named()
    {
        var s = _looking.After(
            new Msg.Want(Wish.Post),
            Down(),
            new Msg.Typed("card"),
            Down(),
            Down(),
            new Msg.Typed("soon"),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Enter()
        );

        s.Deeds.Should().BeEmpty();
        s.Dialog!.Trouble.Should().Contain("\"soon\"");
    }

    [Fact]
    public void Fields_that_are_seldom_needed_unfold_and_are_posted_too()
    {
        var s = Unfolded();
        foreach (var value in new[] { "Friday? | yes | no, later", "yes", "@bob, cid", "off", "today" })
        {
            s = s.After(new Msg.Typed(value), Down());
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
    [InlineData(0, "Friday?", "a question and 2 to 4 answers")]
    [InlineData(0, "Friday? | yes", "a question and 2 to 4 answers")]
    [InlineData(0, "Friday? | a | b | c | d | e", "a question and 2 to 4 answers")]
    [InlineData(0, "Friday? | | no", "a question and 2 to 4 answers")]
    [InlineData(1, "please", "\"please\"")]
    [InlineData(3, "of", "\"of\"")]
    [InlineData(4, "yesterday", "\"yesterday\"")]
    public void What_does_not_fit_in_one_of_them_is_named(int field, string text, string words)
    {
        var s = Enumerable.Repeat(Down(), field).Aggregate(Unfolded(), (at, down) => at.After(down)).After(new Msg.Typed(text));
        s = Enumerable.Repeat(Down(), 6 - field).Aggregate(s, (at, down) => at.After(down)).After(Enter());

        s.Deeds.Should().BeEmpty();
        s.Dialog!.Trouble.Should().Contain(words);
    }

    [Fact]
    public void Nothing_can_be_written_where_the_form_only_unfolds()
    {
        var s = _looking.After(new Msg.Want(Wish.Post)).After([.. Enumerable.Repeat(Down(), 7)]);

        s.After(new Msg.Typed("lost")).Dialog.Should().Be(s.Dialog);
    }

    [Fact]
    public void A_restricted_terminal_posts_text_and_no_file()
    {
        var s = (_looking with { Restricted = true }).After(new Msg.Want(Wish.Post));

        s.Dialog.Should().BeOfType<Dialog.Filling>().Which.Fields.Should().NotContain(field => field.Kind == FieldKind.File);
    }

    private static AppState Posting() =>
        _looking.After(
            new Msg.Want(Wish.Post),
            Down(),
            new Msg.Typed("card"),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Down(),
            Enter()
        );

    /// <summary>A text card whose caret stands in the first of the fields that are seldom needed.</summary>
    private static AppState Unfolded() =>
        _looking.After(new Msg.Want(Wish.Post), Down(), new Msg.Typed("card")).After([.. Enumerable.Repeat(Down(), 6), Enter()]);

    private static Deed.Post Post(AppState s) => s.Deeds.OfType<Deed.Post>().Last();

    private static Msg.Steered Enter() => new(Steer.Enter);

    private static Msg.Steered Down() => new(Steer.Down);
}
