using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>Acknowledging, voting, asking for help, mentioning.</summary>
public class ConversationTests
{
    private static readonly StoryPoll _question = new()
    {
        Question = "Friday?",
        Options = [new() { Text = "yes", Votes = 2 }, new() { Text = "no", Votes = 0 }],
    };
    private static readonly Story _ana = Some.Story("ana", 1) with { Poll = _question };
    private static readonly Story _mine = Some.Story("dora", 1).Seen() with
    {
        Help = new() { Resolved = false },
        Poll = _question,
    };

    [Fact]
    public void An_acknowledgement_is_given_and_taken_back_by_the_same_key()
    {
        Some.Looking(_ana).After(Keys.Of("ack")).Commands.Should().Equal(new AcknowledgeStory.Send(_ana.Id, true) { Number = 1 });
        Some.Looking(_ana with { Acked = true })
            .After(Keys.Of("ack"))
            .Commands.Should()
            .Equal(new AcknowledgeStory.Send(_ana.Id, false) { Number = 1 });
    }

    [Fact]
    public void A_vote_is_a_digit_or_a_line_that_is_chosen()
    {
        var s = Some.Looking(_ana).After(Keys.Of("vote"));
        s.After(new InputMsg.Typed("2"))
            .Should()
            .Match<Model>(voted => voted.Dialog == null)
            .And.Subject.As<Model>()
            .Commands.Should()
            .Equal(new VoteInPoll.Send(_ana.Id, 1) { Number = 1 });
        s.After(new InputMsg.Edited(EditKey.Down), new InputMsg.Edited(EditKey.Enter))
            .Commands.Should()
            .Equal(new VoteInPoll.Send(_ana.Id, 1) { Number = 1 });
        s.After(new InputMsg.Pasted("2")).Should().Be(s, "a paste is no answer");
        s.After(new InputMsg.Typed("3"), new InputMsg.Typed("0"), new InputMsg.Typed("q")).Should().Be(s, "there is no third answer");
    }

    [Fact]
    public void The_author_alone_may_close_a_poll_and_is_asked()
    {
        Some.Looking(_ana).After(Keys.Of("vote")).Dialog.Should().BeAssignableTo<ListDialog>().Which.All.Should().HaveCount(2);

        var s = Some.Looking(_mine).After(Keys.Of("vote"), new InputMsg.Typed("3"));
        s.Commands.Should().BeEmpty();
        s.After(new InputMsg.Typed("y")).Commands.Should().Equal(new VoteInPoll.ClosePoll(_mine.Id) { Number = 1 });
    }

    [Fact]
    public void Votes_that_come_in_are_counted_where_somebody_is_choosing_and_a_poll_that_closes_ends_that()
    {
        var s = Some.Looking(_ana).After(Keys.Of("vote"), new InputMsg.Edited(EditKey.Down));
        s = s.After(
            Told(
                EventTypes.Vote,
                _ana with
                {
                    Poll = _question with { Options = [_question.Options[0], new() { Text = "no", Votes = 7 }] },
                }
            )
        );
        s.Dialog.Should()
            .BeAssignableTo<ListDialog>()
            .Which.Should()
            .Match<ListDialog>(list => list.At == 1 && list.All[1].Detail == "7 votes");

        s.After(Told(EventTypes.Updated, _ana with { Poll = _question with { ClosedAt = Some.Now } }))
            .Should()
            .Match<Model>(closed => closed.Dialog == null && closed.Note!.Text.Contains("closed"));
    }

    [Fact]
    public void A_story_without_a_poll_and_one_that_is_closed_say_so()
    {
        Some.Looking(Some.Story("ana", 1)).After(Keys.Of("vote")).Note!.Text.Should().Contain("no poll");
        Some.Looking(_ana with { Poll = _question with { ClosedAt = Some.Now } })
            .After(Keys.Of("vote"))
            .Note!.Text.Should()
            .Contain("closed");
    }

    [Fact]
    public void A_call_for_help_is_resolved_and_opened_again_by_its_author_alone()
    {
        Some.Looking(_mine).After(Keys.Of("resolve")).Commands.Should().Equal(new ResolveHelp.Send(_mine.Id, true) { Number = 1 });
        Some.Looking(_mine with { Help = new() { Resolved = true } })
            .After(Keys.Of("resolve"))
            .Commands.Should()
            .Equal(new ResolveHelp.Send(_mine.Id, false) { Number = 1 });
        Some.Looking(_ana with { Help = new() { Resolved = false } })
            .After(Keys.Of("resolve"))
            .Should()
            .Match<Model>(s => s.Commands.IsEmpty && s.Note!.Text.Contains("author"));
        Some.Looking(Some.Story("dora", 2).Seen()).After(Keys.Of("resolve")).Note!.Text.Should().Contain("not ask for help");
    }

    [Fact]
    public void The_tray_says_where_help_is_wanted_and_changes_when_it_came()
    {
        var asking = _ana with { Help = new() { Resolved = false } };
        var s = Some.Looking(asking, Some.Story("bob", 1));
        TrayVm.From(s, 80).Entries[0].Line.ToString().Should().Contain("?");

        s = s.After(Told(EventTypes.Resolved, asking with { Help = new() { Resolved = true } }));
        TrayVm.From(s, 80).Entries[0].Line.ToString().Should().Contain("✓");
        s.Link.TrayStale.Should().BeFalse();
    }

    [Fact]
    public void Before_a_places_stories_are_there_the_tray_tells_of_help_and_is_asked_again_when_it_came()
    {
        var s = Some.Empty.After(new ServerMsg.TrayArrived([Some.Item(_ana) with { OpenHelp = 1 }]));
        TrayVm.From(s, 80).Entries[0].Line.ToString().Should().Contain("?");

        s.After(Told(EventTypes.Resolved, _ana with { Help = new() { Resolved = true } })).Link.TrayStale.Should().BeTrue();
    }

    [Fact]
    public void A_mention_is_told_but_never_by_who_is_muted()
    {
        Some.Looking(_ana).After(Told(EventTypes.Mention, _ana)).Note!.Text.Should().Be("@ana mentions you: ana 1");
        Some.Looking(_ana).After(Told(EventTypes.Mention, _ana with { Muted = true })).Note.Should().BeNull();
    }

    private static ServerMsg.EventArrived Told(string type, Story story) =>
        new(
            new()
            {
                Type = type,
                At = Some.Now,
                StoryId = story.Id,
                Story = story,
            }
        );
}
