using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>The archive, and the question of the day.</summary>
public class LookingBackTests
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
    public void An_archive_that_is_off_can_be_switched_on()
    {
        var s = Some.Looking(_ana).After(Wanted(Wish.Archive));
        s = s.After(new Msg.DeedEnded(1, new Outcome.Opened(Settings.Archive(QuietTests.Me(archive: false)))));

        s = s.After(Enter());
        s.Deeds.Should().Equal(new Deed.ChangeSettings(new() { Archive = true }) { Number = 2 });
        s.After(new Msg.DeedEnded(2, new Outcome.Settings(QuietTests.Me(archive: true)))).Note!.Text.Should().Contain("is archived");
    }

    [Theory]
    [InlineData("")]
    [InlineData("parser")]
    public void The_archive_is_searched_or_looked_at_whole(string words)
    {
        Archive(words).Deeds.Should().Equal(new Deed.SearchArchive(words) { Number = 2 });
    }

    [Fact]
    public void Archived_stories_are_looked_at_like_an_album_and_no_clock_or_event_takes_them_away()
    {
        var s = Opened();
        s.Shown!.Id.Should().Be(_old.Id);
        PanelVm.From(PanelInput.From(s, 60, 30))[0].ToString().Should().Contain("archived");

        s = s.AfterSeconds(1)
            .After(
                new Msg.StoryGone(_old.Id),
                new Msg.Happened(
                    new()
                    {
                        Type = EventTypes.Expired,
                        At = Some.Now,
                        StoryId = _older.Id,
                    }
                )
            );
        s.OpenPlace!.Stories.Should().HaveCount(2);
        s.Seen.Should().BeEmpty("the server knows nothing of views there");
        s.After(new Msg.Close()).Shown!.Id.Should().Be(_ana.Id);
    }

    [Fact]
    public void An_archived_story_can_be_deleted_and_saved_and_nothing_else_is_done_to_it()
    {
        var s = Opened();
        foreach (
            var wish in new[]
            {
                Wish.Reply,
                Wish.React,
                Wish.Ack,
                Wish.Vote,
                Wish.Resolve,
                Wish.Keep,
                Wish.Edit,
                Wish.Extend,
                Wish.Report,
                Wish.SeenBy,
            }
        )
        {
            s.After(Wanted(wish))
                .Should()
                .Match<AppState>(said => said.Dialog == null && said.Deeds.IsEmpty && said.Note!.Text.Contains("archived"));
        }
        s.After(new Msg.Play()).Should().Match<AppState>(said => said.PlayingId == null && said.Note!.Text.Contains("not played"));
        s.After(Wanted(Wish.Download)).Deeds.Single().Should().Be(new Deed.Save(_old, true) { Number = 3 });

        s = s.After(Wanted(Wish.Delete), Enter());
        s.Deeds.Should().Equal(new Deed.DeleteArchived(_old.Id) { Number = 3 });
        s = s.After(new Msg.DeedEnded(3, new Outcome.Unarchived(_old.Id)));
        s.Shown!.Id.Should().Be(_older.Id);
    }

    [Fact]
    public void A_question_shows_its_answers_and_opens_one_among_all()
    {
        var (cid, bob) = (Some.Story("cid", 1).Seen(), Some.Story("bob", 1).Seen());
        var s = Asked(new(_question, [cid, bob], false));
        s.Dialog.Should()
            .BeOfType<Dialog.Choosing>()
            .Which.Should()
            .Match<Dialog.Choosing>(list => list.Question == "What did you learn?" && list.Title == "asked by @boss · 3 h left");
        ((Dialog.Choosing)s.Dialog!)
            .All.Select(choice => choice.Label)
            .Should()
            .Equal("Answer it", "Look at all 2 answers", "@bob", "@cid");

        s.After(Down(), Enter()).Shown!.Id.Should().Be(bob.Id);
        s.After(Down(), Down(), Down(), Enter())
            .Should()
            .Match<AppState>(album => album.Shown!.Id == cid.Id && album.OpenPlace!.Stories.Length == 2 && album.Dialog == null);
    }

    [Fact]
    public void One_key_answers_it_with_what_was_begun()
    {
        var begun = Some.Looking(_ana)
            .After(Wanted(Wish.Post), Down(), new Msg.Typed("begun"), new Msg.Steered(Steer.Escape), Wanted(Wish.Question));
        var s = begun.After(new Msg.DeedEnded(begun.LastDeed, new Outcome.Asked(_question, [], false)), Enter());

        s.Dialog.Should()
            .BeOfType<Dialog.Filling>()
            .Which.Should()
            .Match<Dialog.Filling>(form => form["text"] == "begun" && form["answers"] == "today" && form.Fields[form.At].Name == "text");
        s.After([new Msg.Typed("!"), .. Enumerable.Repeat(Down(), 20), Enter()])
            .Deeds.OfType<Deed.Post>()
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
            .BeOfType<Dialog.Choosing>()
            .Which.Should()
            .Match<Dialog.Choosing>(list => list.Title.Contains("Nobody") && list.All.IsEmpty);

        var s = Asked(new(null, [], true)).After(Enter(), new Msg.Typed("Why?"), Enter());
        s.Deeds.Should().Equal(new Deed.AskQuestion("Why?") { Number = 2 });
        Asked(new(_question, [], true))
            .After(Down(), Enter())
            .Dialog.Should()
            .BeOfType<Dialog.Entering>()
            .Which.Text.Text.Should()
            .Be("What did you learn?");
    }

    private static AppState Asked(Outcome.Asked asked) => Some.Looking(_ana).After(Wanted(Wish.Question), new Msg.DeedEnded(1, asked));

    private static AppState Archive(string words) =>
        Some.Looking(_ana.Seen())
            .After(
                Wanted(Wish.Archive),
                new Msg.DeedEnded(1, new Outcome.Opened(Settings.Archive(QuietTests.Me(archive: true)))),
                new Msg.Typed(words),
                Enter()
            );

    private static AppState Opened() =>
        Archive("").After(new Msg.DeedEnded(2, new Outcome.Found("archive", [_old, _older], IsArchive: true)));

    private static Msg.Want Wanted(Wish wish) => new(wish);

    private static Msg.Steered Enter() => new(Steer.Enter);

    private static Msg.Steered Down() => new(Steer.Down);
}
