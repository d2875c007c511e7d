using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Account;
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
        var s = Some.Looking(_ana)
            .After(Keys.Of("reply"), new InputMsg.Typed("ni"), new InputMsg.Typed("ce"), new InputMsg.Edited(EditKey.Enter));
        s.Commands.Should().Equal(new ReplyToStory.Send(_ana.Id, "nice") { Number = 1 });

        s = s.After(new CommandMsg.Ended(1, new ReplyToStory.Sent(_ana.Id, _nice)));
        s.Dialog.Should().BeNull();
        s.Commands.Should().BeEmpty();
        s.Unsent.Replies.Should().BeEmpty();
        s.Shown!.ReplyCount.Should().Be(1);
        s.Loaded.Details[_ana.Id].Replies!.Value.Should().Equal(_nice);
    }

    [Fact]
    public void A_reply_is_there_once_whether_its_event_or_its_answer_comes_first()
    {
        var told = new ServerMsg.EventArrived(
            new()
            {
                Type = EventTypes.Reply,
                At = Some.Now,
                StoryId = _ana.Id,
                Story = _ana with { ReplyCount = 1 },
                Reply = _nice,
            }
        );
        var answered = new CommandMsg.Ended(1, new ReplyToStory.Sent(_ana.Id, _nice));
        var sent = Some.Looking(_ana).After(Keys.Of("reply"), new InputMsg.Typed("nice"), new InputMsg.Edited(EditKey.Enter));

        foreach (var s in new[] { sent.After(told, answered), sent.After(answered, told) })
        {
            s.Shown!.ReplyCount.Should().Be(1);
            s.Loaded.Details[_ana.Id].Replies!.Value.Should().Equal(_nice);
        }
    }

    [Fact]
    public void A_draft_survives_a_failed_send_closing_and_other_stories()
    {
        var s = Some.Looking(_ana, Some.Story("bob", 1))
            .After(
                Keys.Of("reply"),
                new InputMsg.Typed("nice"),
                new InputMsg.Edited(EditKey.Enter),
                new CommandMsg.Ended(1, new CommandFailed("offline"))
            );
        s.Dialog.Should()
            .BeOfType<ReplyToStory.Editor>()
            .Which.Should()
            .Match<ReplyToStory.Editor>(reply => reply.Error == "offline" && reply.Text.Text == "nice");

        s = s.After(new InputMsg.Edited(EditKey.Escape), Keys.Of("next"), Keys.Of("previous"), Keys.Of("reply"));
        s.Dialog.Should().BeOfType<ReplyToStory.Editor>().Which.Text.Text.Should().Be("nice");
    }

    [Fact]
    public void An_empty_reply_is_not_sent()
    {
        Some.Looking(_ana)
            .After(Keys.Of("reply"), new InputMsg.Typed("  "), new InputMsg.Edited(EditKey.Enter))
            .Commands.Should()
            .BeEmpty();
    }

    [Fact]
    public void A_story_without_replies_says_so()
    {
        var s = Some.Looking(_ana with { RepliesOn = false }).After(Keys.Of("reply"));

        s.Dialog.Should().BeNull();
        s.Note!.Text.Should().Contain("no replies");
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("edit")]
    [InlineData("extend")]
    [InlineData("keep")]
    public void What_is_written_about_a_story_that_is_gone_takes_no_key_but_Esc_so_that_none_becomes_a_command(string key)
    {
        var s = Some.Looking(_mine with { RepliesOn = true }, Some.Story("dora", 2).Seen() with { RepliesOn = true });
        var gone = s.Shown!.Id;
        s = s.After(Keys.Of(key), new InputMsg.Typed("Dyn"), new ServerMsg.StoryGone(gone));
        s.Dialog.Should().Match<Dialog>(dialog => dialog.IsOrphaned && dialog.Error!.Contains("gone"));
        s.Shown!.Id.Should().NotBe(gone, "what is gone is shown no longer");

        var later = s.After(
            new InputMsg.Typed("amic"),
            new InputMsg.Edited(EditKey.Enter),
            new InputMsg.Typed("y"),
            new InputMsg.Edited(EditKey.Tab),
            new InputMsg.Edited(EditKey.Enter)
        );
        later.Should().Be(s);
        later.Commands.Should().BeEmpty();
        later.After(new InputMsg.Edited(EditKey.Escape)).Dialog.Should().BeNull();
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("react")]
    [InlineData("link")]
    public void A_question_about_a_story_closes_when_that_is_gone(string key)
    {
        var mine = _mine with { Links = ["https://a.example/1"] };
        var s = Some.Looking(mine).After(Keys.Of(key));
        s.Dialog.Should().NotBeNull();

        s = s.After(new ServerMsg.StoryGone(mine.Id));

        s.Dialog.Should().BeNull();
        s.Note!.Text.Should().Contain("gone");
    }

    [Fact]
    public void No_time_counts_and_no_story_changes_while_something_is_written_and_a_pause_lasts()
    {
        var s = Some.Looking(_ana, Some.Story("bob", 1)).After(Keys.Of("pause"), Keys.Of("reply")).AfterSeconds(60);
        s.ShownId.Should().Be(_ana.Id);

        s = s.After(new TerminalMsg.Resized(new(9, 9)), new InputMsg.Edited(EditKey.Escape)).AfterSeconds(60);
        s.Paused.Should().BeTrue();
        s.ShownId.Should().Be(_ana.Id);
    }

    [Fact]
    public void A_reaction_is_chosen_among_ten_and_taken_back_by_choosing_it_again()
    {
        var s = Some.Looking(_ana).After(Keys.Of("react"), new InputMsg.Edited(EditKey.Left), new InputMsg.Edited(EditKey.Enter));
        s.Commands.Should().Equal(new ReactToStory.Send(_ana.Id, "✅") { Number = 1 });

        s = s.After(
            new CommandMsg.Ended(
                1,
                new StoryChanged(
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
        s.After(Keys.Of("react"), new InputMsg.Edited(EditKey.Enter))
            .Commands.Should()
            .Equal(new ReactToStory.Send(_ana.Id, null) { Number = 2 });
    }

    [Fact]
    public void Deleting_is_asked_and_only_the_author_may()
    {
        Some.Looking(_ana).After(Keys.Of("delete")).Should().Match<Model>(s => s.Dialog == null && s.Note!.Text.Contains("author"));

        var asked = Some.Looking(_mine).After(Keys.Of("delete"));
        asked.Commands.Should().BeEmpty();
        asked.After(new InputMsg.Typed("n")).Should().Match<Model>(s => s.Dialog == null && s.Commands.IsEmpty);

        var s = asked.After(new InputMsg.Typed("y"));
        s.Commands.Should().Equal(new DeleteStory.Delete(_mine.Id) { Number = 1 });
        s.After(new CommandMsg.Ended(1, new StoryRemoved(_mine.Id, "Deleted."))).Tray.Places.Should().BeEmpty();
    }

    [Fact]
    public void Keeping_asks_for_the_highlight_and_extending_for_the_lifetime()
    {
        Some.Looking(_mine)
            .After(Keys.Of("keep"), new InputMsg.Edited(EditKey.Enter))
            .Commands.Should()
            .Equal(new KeepStory.Keep(_mine.Id, "kept") { Number = 1 });
        Some.Looking(_mine with { KeptIn = "kept" })
            .After(Keys.Of("keep"), new InputMsg.Typed("y"))
            .Commands.Should()
            .Equal(new KeepStory.Unkeep(_mine.Id) { Number = 1 });

        var extending = Some.Looking(_mine)
            .After(
                Keys.Of("extend"),
                new InputMsg.Edited(EditKey.EraseLine),
                new InputMsg.Typed("soon"),
                new InputMsg.Edited(EditKey.Enter)
            );
        extending.Commands.Should().BeEmpty();
        extending.Dialog!.Error.Should().Contain("\"soon\"");
        extending
            .After(new InputMsg.Edited(EditKey.EraseLine), new InputMsg.Typed("7d"), new InputMsg.Edited(EditKey.Enter))
            .Commands.OfType<EditStory.Change>()
            .Single()
            .Edit.Ttl.Should()
            .Be("7d");
    }

    [Fact]
    public void Enter_alone_deletes_nothing()
    {
        var s = Some.Looking(_mine).After(Keys.Of("delete"));

        s.After(new InputMsg.Edited(EditKey.Enter)).Should().Match<Model>(no => no.Dialog == null && no.Commands.IsEmpty);
        s.After(new InputMsg.Typed("y")).Commands.Should().Equal(new DeleteStory.Delete(_mine.Id) { Number = 1 });
    }

    [Fact]
    public void No_question_about_what_cannot_be_undone_takes_Enter_as_yes()
    {
        var poll = _mine with
        {
            Poll = new() { Question = "Friday?", Options = [new() { Text = "yes", Votes = 1 }] },
        };
        var admin = Some.Looking(_ana).After(new ServerMsg.SignedIn("dora", Roles.Admin));
        var account = new Account
        {
            Handle = "dora",
            DisplayName = "Dora",
            Role = Roles.Member,
            CreatedAt = Some.Now,
            Archive = true,
        };
        Model[] asked =
        [
            Some.Looking(_mine).After(Keys.Of("delete")),
            admin.After(Keys.Of("delete")),
            Albums.Open(Some.Looking(_ana), "archive", [_mine], isArchive: true).After(Keys.Of("delete")),
            Some.Looking(_mine with { KeptIn = "kept" }).After(Keys.Of("keep")),
            Some.Looking(poll).After(Keys.Of("vote"), new InputMsg.Typed("2")),
            Some.Looking(_ana).After(LeaveServer.Choice.Msg),
            Some.Looking(_ana).After(ProfileSettings.Choices(account).Last().Msg),
        ];

        foreach (var s in asked)
        {
            var question = s.Dialog.Should().BeOfType<ConfirmDialog>().Subject;
            s.After(new InputMsg.Edited(EditKey.Enter)).Commands.Should().Equal(s.Commands, "{0} is not answered", question.Question);
            s.After(new InputMsg.Typed("y")).Commands.Should().HaveCount(s.Commands.Length + 1);
        }
    }

    [Fact]
    public void A_link_is_shown_in_full_and_asked_for_once()
    {
        var linked = _ana with { Links = ["https://team.example/a"] };
        var s = Some.Looking(linked).After(Keys.Of("link"));
        s.Dialog.Should().BeOfType<ConfirmDialog>().Which.Detail.Should().Be("https://team.example/a");
        s.After(new InputMsg.Edited(EditKey.Enter)).Commands.Should().Equal(new OpenLink.Open("https://team.example/a") { Number = 1 });

        var two = Some.Looking(linked with { Links = ["https://a.example", "https://b.example"] })
            .After(Keys.Of("link"), new InputMsg.Edited(EditKey.Down), new InputMsg.Edited(EditKey.Enter));
        two.Dialog.Should().BeOfType<ConfirmDialog>().Which.Detail.Should().Be("https://b.example");
    }

    [Theory]
    [InlineData("link")]
    [InlineData("download")]
    public void Nothing_leaves_a_restricted_terminal(string key)
    {
        var s = Some.Looking(_ana with { Links = ["https://a.example"] }).Restricted().After(Keys.Of(key));

        s.Commands.Should().BeEmpty();
        s.Dialog.Should().BeNull();
        s.Note!.Text.Should().Contain("--restricted");
    }

    [Fact]
    public void An_id_is_copied_and_shown()
    {
        var s = Some.Looking(_ana).After(Keys.Of("copy"));

        s.Output.Copied.Should().Be(new Copied(1, _ana.Id));
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
            .After(Keys.Of("share"), new InputMsg.Edited(EditKey.EraseWord), new InputMsg.Typed("8d"), new InputMsg.Edited(EditKey.Enter));
        asked.Commands.Should().BeEmpty();
        asked.Dialog!.Error.Should().Contain("8d").And.Contain("7d");

        var s = asked.After(new InputMsg.Edited(EditKey.EraseWord), new InputMsg.Typed("6h"), new InputMsg.Edited(EditKey.Enter));
        s.Commands.Should().Equal(new ShareStory.Make(_mine.Id, TimeSpan.FromHours(6)) { Number = 1 });
        s = s.After(new CommandMsg.Ended(1, new ShareStory.Made(_mine.Id, made)));
        s.Dialog.Should()
            .BeOfType<LinkDialog>()
            .Which.Should()
            .Match<LinkDialog>(link => link.Address == made.Url && link.Note.Contains("23 Nov 2026, 00:00 UTC"));
        s.Output.Copied.Should().Be(new Copied(1, made.Url));
        s.After(new InputMsg.Typed("y")).Output.Copied.Should().Be(new Copied(2, made.Url));
        s.After(new InputMsg.Edited(EditKey.Escape)).Dialog.Should().BeNull();
        s.After(new ServerMsg.StoryGone(_mine.Id)).Dialog.Should().BeNull("its share has ended with it");
    }

    [Fact]
    public void Only_its_author_shares_a_story()
    {
        var s = Some.Looking(_ana).After(Keys.Of("share"));

        (s.Dialog, s.Note!.Text).Should().Be((null, "Only its author can do that."));
    }

    [Fact]
    public void An_album_is_there_while_it_is_looked_at_and_closing_it_goes_back()
    {
        var (bob, kept) = (Some.Story("bob", 1), Some.Story("cid", 9) with { ExpiresAt = null });
        var s = Some.Looking(_ana, bob)
            .After(Keys.Of("next"), Keys.Of("search"), new InputMsg.Typed("cid"), new InputMsg.Edited(EditKey.Enter));
        s.Commands.Should().Equal(new SearchStories.Find("cid") { Number = 1 });

        s = s.After(new CommandMsg.Ended(1, new SearchStories.Found("cid", [kept])));
        s.Shown!.Caption.Should().Be("cid 9");
        s.Dialog.Should().BeNull();

        s.After(CloseOpen.Msg).Should().Match<Model>(back => back.ShownId == bob.Id && back.Tray.Places.Length == 2);
        s.After(Keys.Of("previous")).Should().Match<Model>(left => left.ShownId == bob.Id && left.Tray.Places.Length == 2);
        s.After(new ServerMsg.TrayArrived([Some.Item(_ana), Some.Item(bob)]))
            .Shown!.Caption.Should()
            .Be("cid 9", "a tray that arrives does not end it");
    }

    [Fact]
    public void A_person_that_is_chosen_opens_in_the_tray_else_by_highlights()
    {
        var s = Some.Looking(_ana, Some.Story("bob", 1)).After(Keys.Of("people"));
        s = s.After(
            new CommandMsg.Ended(
                1,
                new ListLoaded(
                    [new("@bob", "", new ShowPeople.PersonChosen("bob")), new("@eve", "", new ShowPeople.PersonChosen("eve"))],
                    "People"
                )
            )
        );

        s.After(new InputMsg.Typed("bo"), new InputMsg.Edited(EditKey.Enter)).Shown!.Caption.Should().Be("bob 1");
        var eve = s.After(new InputMsg.Edited(EditKey.Down), new InputMsg.Edited(EditKey.Enter));
        eve.Commands.Should().Equal(new ShowHighlights.Load("eve") { Number = 2 });
        eve.After(new CommandMsg.Ended(2, new ListLoaded([], "Highlights"))).Dialog!.Error.Should().NotBeNull();
    }
}
