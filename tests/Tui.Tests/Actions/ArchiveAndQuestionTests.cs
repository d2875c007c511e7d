using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Account;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>The archive, and the question of the day.</summary>
public class ArchiveAndQuestionTests
{
    private static readonly Story _ana = Some.Story("ana", 1);
    private static readonly Story _old = Some.Story("dora", 1).Seen().Ending(TimeSpan.FromDays(-3));
    private static readonly Story _older = Some.Story("dora", 2).Seen().Ending(TimeSpan.FromDays(-9));

    private static readonly Question _question = new()
    {
        Id = "01kquestion",
        Text = "What did you learn?",
        Asker = new() { Handle = "boss", DisplayName = "Boss" },
        AskedAt = Some.Now.AddHours(-21),
        EndsAt = Some.Now.AddHours(3),
        AnswerCount = 2,
    };

    [Fact]
    public void The_question_of_the_day_opens_from_the_digest()
    {
        var digest = new Digest
        {
            Since = Some.Now.AddHours(-24),
            At = Some.Now,
            Posted = new() { Items = [], LeftOut = 0 },
            Answered = new() { Items = [], LeftOut = 0 },
            Kept = new() { Items = [], LeftOut = 0 },
            Asked = new()
            {
                Items =
                [
                    new()
                    {
                        Kind = "question",
                        Id = _question.Id,
                        Author = _question.Asker,
                        Text = _question.Text,
                        CreatedAt = _question.AskedAt,
                        Open = true,
                    },
                ],
                LeftOut = 0,
            },
            NotSeen = new() { Items = [], LeftOut = 0 },
        };
        var s = Some.Looking(_ana).After(Keys.Of("digest"));
        s = s.After(new CommandMsg.Ended(s.LastCommand, ShowDigest.List(digest, TimeZoneInfo.Utc)), Enter());

        s.Commands.Should().Equal(new ShowQuestion.Load { Number = s.LastCommand });
        s.Dialog.Should().BeOfType<ListDialog>().Which.Title.Should().Be("The question of the day");
    }

    [Fact]
    public void An_archive_that_is_off_can_be_switched_on()
    {
        var s = Some.Looking(_ana).After(Keys.Of("archive"));
        s = s.After(new CommandMsg.Ended(1, new DialogOpened(ShowArchive.DialogFor(MuteAndSettingsTests.Me(archive: false)))));

        s = s.After(Enter());
        s.Commands.Should().Equal(new ProfileSettings.Change(new() { Archive = true }) { Number = 2 });
        s.After(new CommandMsg.Ended(2, new AccountMenu.Loaded(MuteAndSettingsTests.Me(archive: true))))
            .Note!.Text.Should()
            .Contain("is archived");
    }

    [Theory]
    [InlineData("")]
    [InlineData("parser")]
    public void The_archive_is_searched_or_looked_at_whole(string words)
    {
        Archive(words).Commands.Should().Equal(new ShowArchive.Search(words) { Number = 2 });
    }

    [Fact]
    public void Archived_stories_are_looked_at_like_an_album_and_no_clock_or_event_takes_them_away()
    {
        var s = Opened();
        s.Shown!.Id.Should().Be(_old.Id);
        PanelVm.From(PanelInput.From(s, s.Shown!, 60, 30, isFramed: false))[0].ToString().Should().Contain("archived");

        s = s.AfterSeconds(1)
            .After(
                new ServerMsg.StoryGone(_old.Id),
                new ServerMsg.EventArrived(
                    new()
                    {
                        Type = EventTypes.Expired,
                        At = Some.Now,
                        StoryId = _older.Id,
                    }
                )
            );
        s.Tray.OpenPlace!.Stories.Should().HaveCount(2);
        s.Marks.Seen.Should().BeEmpty("the server knows nothing of views there");
        s.After(CloseOpen.Msg).Shown!.Id.Should().Be(_ana.Id);
    }

    [Fact]
    public void An_archived_story_can_be_deleted_and_saved_and_nothing_else_is_done_to_it()
    {
        var s = Opened();
        foreach (var key in new[] { "reply", "react", "ack", "vote", "resolve", "keep", "edit", "extend", "report", "seen-by" })
        {
            s.After(Keys.Of(key))
                .Should()
                .Match<Model>(said => said.Dialog == null && said.Commands.IsEmpty && said.Note!.Text.Contains("archived"));
        }
        s.After(Keys.Of("play")).Should().Match<Model>(said => said.PlayingId == null && said.Note!.Text.Contains("not played"));
        s.After(Keys.Of("download")).Commands.Single().Should().Be(new DownloadMedia.Save(_old, true) { Number = 3 });

        s = s.After(Keys.Of("delete"), new InputMsg.Typed("y"));
        s.Commands.Should().Equal(new DeleteStory.DeleteArchived(_old.Id) { Number = 3 });
        s = s.After(new CommandMsg.Ended(3, new DeleteStory.ArchivedRemoved(_old.Id)));
        s.Shown!.Id.Should().Be(_older.Id);
    }

    [Fact]
    public void A_question_shows_its_answers_and_opens_one_among_all()
    {
        var (cid, bob) = (Some.Story("cid", 1).Seen(), Some.Story("bob", 1).Seen());
        var s = Asked(new(_question, [cid, bob], false));
        s.Dialog.Should()
            .BeAssignableTo<ListDialog>()
            .Which.Should()
            .Match<ListDialog>(list => list.Question == "What did you learn?" && list.Title == "asked by @boss · 3 h left");
        ((ListDialog)s.Dialog!).All.Select(choice => choice.Label).Should().Equal("Answer it", "Look at all 2 answers", "@bob", "@cid");

        s.After(Down(), Enter()).Shown!.Id.Should().Be(bob.Id);
        s.After(Down(), Down(), Down(), Enter())
            .Should()
            .Match<Model>(album => album.Shown!.Id == cid.Id && album.Tray.OpenPlace!.Stories.Length == 2 && album.Dialog == null);
    }

    [Fact]
    public void One_key_answers_it_with_what_was_begun()
    {
        var begun = Some.Looking(_ana)
            .After(Keys.Of("new"), Down(), new InputMsg.Typed("begun"), new InputMsg.Edited(EditKey.Escape), Keys.Of("question"));
        var s = begun.After(new CommandMsg.Ended(begun.LastCommand, new ShowQuestion.Loaded(_question, [], false)), Enter());

        s.Dialog.Should()
            .BeAssignableTo<FormDialog>()
            .Which.Should()
            .Match<FormDialog>(form => form["text"] == "begun" && form["answers"] == "today" && form.Fields[form.At].Name == "text");
        s.After([new InputMsg.Typed("!"), .. Enumerable.Repeat(Down(), 20), Enter()])
            .Commands.OfType<PostStory.Send>()
            .Single()
            .Story.Should()
            .BeEquivalentTo(new { Text = "begun!", Answers = "today" });
    }

    [Fact]
    public void Where_nothing_is_asked_that_is_said_and_an_admin_can_ask()
    {
        var nothing = Asked(new(null, [], false));
        nothing
            .Dialog.Should()
            .BeAssignableTo<ListDialog>()
            .Which.Should()
            .Match<ListDialog>(list => list.Title.Contains("Nobody") && list.All.IsEmpty);

        var s = Asked(new(null, [], true)).After(Enter(), new InputMsg.Typed("Why?"), Enter());
        s.Commands.Should().Equal(new ShowQuestion.Ask("Why?") { Number = 2 });
        Asked(new(_question, [], true))
            .After(Down(), Enter())
            .Dialog.Should()
            .BeAssignableTo<PromptDialog>()
            .Which.Text.Text.Should()
            .Be("What did you learn?");
    }

    private static Model Asked(ShowQuestion.Loaded asked) => Some.Looking(_ana).After(Keys.Of("question"), new CommandMsg.Ended(1, asked));

    private static Model Archive(string words) =>
        Some.Looking(_ana.Seen())
            .After(
                Keys.Of("archive"),
                new CommandMsg.Ended(1, new DialogOpened(ShowArchive.DialogFor(MuteAndSettingsTests.Me(archive: true)))),
                new InputMsg.Typed(words),
                Enter()
            );

    private static Model Opened() => Archive("").After(new CommandMsg.Ended(2, new AlbumFound("archive", [_old, _older], IsArchive: true)));

    private static InputMsg.Edited Enter() => new(EditKey.Enter);

    private static InputMsg.Edited Down() => new(EditKey.Down);
}
