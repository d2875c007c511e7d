using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class DialogTests
{
    private static readonly Story _ana = Some.Story("ana", 1) with { RepliesOn = true };
    private static readonly Story _mine = Some.Story("dora", 1).Seen() with { ViewCount = 2 };
    private static readonly Reply _nice = new()
    {
        Id = "01kreply",
        Author = new() { Handle = "dora", DisplayName = "dora" },
        Text = "nice",
        CreatedAt = Some.Now,
    };

    [Fact]
    public void Enter_sends_a_reply_and_its_answer_closes_what_was_open()
    {
        var s = Some.Looking(_ana).After(Wanted(Wish.Reply), new Msg.Typed("ni"), new Msg.Typed("ce"), new Msg.Steered(Steer.Enter));
        s.Deeds.Should().Equal(new Deed.Reply(_ana.Id, "nice") { Number = 1 });

        s = s.After(new Msg.DeedEnded(1, new Outcome.Replied(_ana.Id, _nice)));
        s.Dialog.Should().BeNull();
        s.Deeds.Should().BeEmpty();
        s.Drafts.Should().BeEmpty();
        s.Shown!.ReplyCount.Should().Be(1);
        s.Details[_ana.Id].Replies!.Value.Should().Equal(_nice);
    }

    [Fact]
    public void A_reply_is_there_once_whether_its_event_or_its_answer_comes_first()
    {
        var told = new Msg.Happened(
            new()
            {
                Type = EventTypes.Reply,
                At = Some.Now,
                StoryId = _ana.Id,
                Story = _ana with { ReplyCount = 1 },
                Reply = _nice,
            }
        );
        var answered = new Msg.DeedEnded(1, new Outcome.Replied(_ana.Id, _nice));
        var sent = Some.Looking(_ana).After(Wanted(Wish.Reply), new Msg.Typed("nice"), new Msg.Steered(Steer.Enter));

        foreach (var s in new[] { sent.After(told, answered), sent.After(answered, told) })
        {
            s.Shown!.ReplyCount.Should().Be(1);
            s.Details[_ana.Id].Replies!.Value.Should().Equal(_nice);
        }
    }

    [Fact]
    public void A_draft_survives_a_failed_send_closing_and_other_stories()
    {
        var s = Some.Looking(_ana, Some.Story("bob", 1))
            .After(
                Wanted(Wish.Reply),
                new Msg.Typed("nice"),
                new Msg.Steered(Steer.Enter),
                new Msg.DeedEnded(1, new Outcome.Failed("offline"))
            );
        s.Dialog.Should()
            .BeOfType<Dialog.Replying>()
            .Which.Should()
            .Match<Dialog.Replying>(reply => reply.Trouble == "offline" && reply.Text.Text == "nice");

        s = s.After(new Msg.Steered(Steer.Escape), new Msg.Next(), new Msg.Previous(), Wanted(Wish.Reply));
        s.Dialog.Should().BeOfType<Dialog.Replying>().Which.Text.Text.Should().Be("nice");
    }

    [Fact]
    public void An_empty_reply_is_not_sent()
    {
        Some.Looking(_ana).After(Wanted(Wish.Reply), new Msg.Typed("  "), new Msg.Steered(Steer.Enter)).Deeds.Should().BeEmpty();
    }

    [Fact]
    public void A_story_without_replies_says_so()
    {
        var s = Some.Looking(_ana with { RepliesOn = false }).After(Wanted(Wish.Reply));

        s.Dialog.Should().BeNull();
        s.Note!.Text.Should().Contain("no replies");
    }

    [Theory]
    [InlineData(nameof(Wish.Reply))]
    [InlineData(nameof(Wish.Edit))]
    [InlineData(nameof(Wish.Extend))]
    [InlineData(nameof(Wish.Keep))]
    public void What_is_written_about_a_story_that_is_gone_takes_no_key_but_Esc_so_that_none_becomes_a_command(string wish)
    {
        var s = Some.Looking(_mine with { RepliesOn = true }, Some.Story("dora", 2).Seen() with { RepliesOn = true });
        var gone = s.Shown!.Id;
        s = s.After(Wanted(Enum.Parse<Wish>(wish)), new Msg.Typed("Dyn"), new Msg.StoryGone(gone));
        s.Dialog.Should().Match<Dialog>(dialog => dialog.IsOrphaned && dialog.Trouble!.Contains("gone"));
        s.Shown!.Id.Should().NotBe(gone, "what is gone is shown no longer");

        var later = s.After(
            new Msg.Typed("amic"),
            new Msg.Steered(Steer.Enter),
            new Msg.Typed("y"),
            new Msg.Steered(Steer.Tab),
            new Msg.Steered(Steer.Enter)
        );
        later.Should().Be(s);
        later.Deeds.Should().BeEmpty();
        later.After(new Msg.Steered(Steer.Escape)).Dialog.Should().BeNull();
    }

    [Theory]
    [InlineData(nameof(Wish.Delete))]
    [InlineData(nameof(Wish.React))]
    [InlineData(nameof(Wish.OpenLink))]
    public void A_question_about_a_story_closes_when_that_is_gone(string wish)
    {
        var mine = _mine with { Links = ["https://a.example/1"] };
        var s = Some.Looking(mine).After(Wanted(Enum.Parse<Wish>(wish)));
        s.Dialog.Should().NotBeNull();

        s = s.After(new Msg.StoryGone(mine.Id));

        s.Dialog.Should().BeNull();
        s.Note!.Text.Should().Contain("gone");
    }

    [Fact]
    public void No_time_counts_and_no_story_changes_while_something_is_written_and_a_pause_lasts()
    {
        var s = Some.Looking(_ana, Some.Story("bob", 1)).After(new Msg.TogglePause(), Wanted(Wish.Reply)).AfterSeconds(60);
        s.ShownId.Should().Be(_ana.Id);

        s = s.After(new Msg.AreaChanged(new(9, 9)), new Msg.Steered(Steer.Escape)).AfterSeconds(60);
        s.Paused.Should().BeTrue();
        s.ShownId.Should().Be(_ana.Id);
    }

    [Fact]
    public void A_reaction_is_chosen_among_ten_and_taken_back_by_choosing_it_again()
    {
        var s = Some.Looking(_ana).After(Wanted(Wish.React), new Msg.Steered(Steer.Left), new Msg.Steered(Steer.Enter));
        s.Deeds.Should().Equal(new Deed.React(_ana.Id, "✅") { Number = 1 });

        s = s.After(
            new Msg.DeedEnded(
                1,
                new Outcome.Changed(
                    _ana with
                    {
                        MyReaction = "✅",
                        Reactions = new Dictionary<string, int> { ["✅"] = 1 },
                    },
                    null
                )
            )
        );
        s.Shown!.MyReaction.Should().Be("✅");
        s.After(Wanted(Wish.React), new Msg.Steered(Steer.Enter)).Deeds.Should().Equal(new Deed.React(_ana.Id, null) { Number = 2 });
    }

    [Fact]
    public void Deleting_is_asked_and_only_the_author_may()
    {
        Some.Looking(_ana).After(Wanted(Wish.Delete)).Should().Match<AppState>(s => s.Dialog == null && s.Note!.Text.Contains("author"));

        var asked = Some.Looking(_mine).After(Wanted(Wish.Delete));
        asked.Deeds.Should().BeEmpty();
        asked.After(new Msg.Typed("n")).Should().Match<AppState>(s => s.Dialog == null && s.Deeds.IsEmpty);

        var s = asked.After(new Msg.Typed("y"));
        s.Deeds.Should().Equal(new Deed.Delete(_mine.Id) { Number = 1 });
        s.After(new Msg.DeedEnded(1, new Outcome.Gone(_mine.Id, "Deleted."))).Places.Should().BeEmpty();
    }

    [Fact]
    public void Keeping_asks_for_the_highlight_and_extending_for_the_lifetime()
    {
        Some.Looking(_mine)
            .After(Wanted(Wish.Keep), new Msg.Steered(Steer.Enter))
            .Deeds.Should()
            .Equal(new Deed.Keep(_mine.Id, "kept") { Number = 1 });
        Some.Looking(_mine with { KeptIn = "kept" })
            .After(Wanted(Wish.Keep), new Msg.Steered(Steer.Enter))
            .Deeds.Should()
            .Equal(new Deed.Unkeep(_mine.Id) { Number = 1 });

        var extending = Some.Looking(_mine)
            .After(Wanted(Wish.Extend), new Msg.Steered(Steer.EraseLine), new Msg.Typed("soon"), new Msg.Steered(Steer.Enter));
        extending.Deeds.Should().BeEmpty();
        extending.Dialog!.Trouble.Should().Contain("\"soon\"");
        extending
            .After(new Msg.Steered(Steer.EraseLine), new Msg.Typed("7d"), new Msg.Steered(Steer.Enter))
            .Deeds.OfType<Deed.Edit>()
            .Single()
            .Change.Ttl.Should()
            .Be("7d");
    }

    [Fact]
    public void A_link_is_shown_in_full_and_asked_for_once()
    {
        var linked = _ana with { Links = ["https://team.example/a"] };
        var s = Some.Looking(linked).After(Wanted(Wish.OpenLink));
        s.Dialog.Should().BeOfType<Dialog.Asking>().Which.Detail.Should().Be("https://team.example/a");
        s.After(new Msg.Steered(Steer.Enter)).Deeds.Should().Equal(new Deed.OpenLink("https://team.example/a") { Number = 1 });

        var two = Some.Looking(linked with { Links = ["https://a.example", "https://b.example"] })
            .After(Wanted(Wish.OpenLink), new Msg.Steered(Steer.Down), new Msg.Steered(Steer.Enter));
        two.Dialog.Should().BeOfType<Dialog.Asking>().Which.Detail.Should().Be("https://b.example");
    }

    [Theory]
    [InlineData((int)Wish.OpenLink)]
    [InlineData((int)Wish.Download)]
    public void Nothing_leaves_a_restricted_terminal(int wish)
    {
        var s = (Some.Looking(_ana with { Links = ["https://a.example"] }) with { Restricted = true }).After(Wanted((Wish)wish));

        s.Deeds.Should().BeEmpty();
        s.Dialog.Should().BeNull();
        s.Note!.Text.Should().Contain("--restricted");
    }

    [Fact]
    public void An_id_is_copied_and_shown()
    {
        var s = Some.Looking(_ana).After(Wanted(Wish.CopyId));

        s.Copied.Should().Be(new Copied(1, _ana.Id));
        s.Note!.Text.Should().Contain(_ana.Id);
    }

    [Fact]
    public void A_story_of_ones_own_is_shared_for_a_time_and_its_address_is_shown_and_copied()
    {
        var made = new MadeShare
        {
            Id = "01kshare",
            Url = "https://team.example/s/sts_x",
            ExpiresAt = Some.Now.AddHours(6),
        };
        var asked = Some.Looking(_mine)
            .After(Wanted(Wish.Share), new Msg.Steered(Steer.EraseWord), new Msg.Typed("8d"), new Msg.Steered(Steer.Enter));
        asked.Deeds.Should().BeEmpty();
        asked.Dialog!.Trouble.Should().Contain("8d").And.Contain("7d");

        var s = asked.After(new Msg.Steered(Steer.EraseWord), new Msg.Typed("6h"), new Msg.Steered(Steer.Enter));
        s.Deeds.Should().Equal(new Deed.Share(_mine.Id, TimeSpan.FromHours(6)) { Number = 1 });
        s = s.After(new Msg.DeedEnded(1, new Outcome.Shared(_mine.Id, made)));
        s.Dialog.Should().BeOfType<Dialog.Sharing>().Which.Share.Should().Be(made);
        s.Copied.Should().Be(new Copied(1, made.Url));
        s.After(new Msg.Typed("y")).Copied.Should().Be(new Copied(2, made.Url));
        s.After(new Msg.Steered(Steer.Escape)).Dialog.Should().BeNull();
        s.After(new Msg.StoryGone(_mine.Id)).Dialog.Should().BeNull("its share has ended with it");
    }

    [Fact]
    public void Only_its_author_shares_a_story()
    {
        var s = Some.Looking(_ana).After(Wanted(Wish.Share));

        (s.Dialog, s.Note!.Text).Should().Be((null, "Only its author can do that."));
    }

    [Fact]
    public void An_album_is_there_while_it_is_looked_at_and_closing_it_goes_back()
    {
        var (bob, kept) = (Some.Story("bob", 1), Some.Story("cid", 9) with { ExpiresAt = null });
        var s = Some.Looking(_ana, bob).After(new Msg.Next(), Wanted(Wish.Search), new Msg.Typed("cid"), new Msg.Steered(Steer.Enter));
        s.Deeds.Should().Equal(new Deed.Search("cid") { Number = 1 });

        s.After(new Msg.DeedEnded(1, new Outcome.Found("/ cid", []))).Dialog!.Trouble.Should().Contain("Nothing found");
        s = s.After(new Msg.DeedEnded(1, new Outcome.Found("/ cid", [kept])));
        s.Shown!.Caption.Should().Be("cid 9");
        s.Dialog.Should().BeNull();

        s.After(new Msg.Close()).Should().Match<AppState>(back => back.ShownId == bob.Id && back.Places.Length == 2);
        s.After(new Msg.Previous()).Should().Match<AppState>(left => left.ShownId == bob.Id && left.Places.Length == 2);
        s.After(new Msg.TrayArrived([Some.Item(_ana), Some.Item(bob)]))
            .Shown!.Caption.Should()
            .Be("cid 9", "a tray that arrives does not end it");
    }

    [Fact]
    public void A_person_that_is_chosen_opens_in_the_tray_else_by_highlights()
    {
        var s = Some.Looking(_ana, Some.Story("bob", 1)).After(Wanted(Wish.People));
        s = s.After(
            new Msg.DeedEnded(
                1,
                new Outcome.Listed([new("@bob", "", new Msg.PersonChosen("bob")), new("@eve", "", new Msg.PersonChosen("eve"))], "People")
            )
        );

        s.After(new Msg.Typed("bo"), new Msg.Steered(Steer.Enter)).Shown!.Caption.Should().Be("bob 1");
        var eve = s.After(new Msg.Steered(Steer.Down), new Msg.Steered(Steer.Enter));
        eve.Deeds.Should().Equal(new Deed.ListHighlights("eve") { Number = 2 });
        eve.After(new Msg.DeedEnded(2, new Outcome.Listed([], "Highlights"))).Dialog!.Trouble.Should().NotBeNull();
    }

    private static Msg.Want Wanted(Wish wish) => new(wish);
}
