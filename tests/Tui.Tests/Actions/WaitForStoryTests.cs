using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>Waiting for a story, while other stories are looked at.</summary>
public class WaitForStoryTests
{
    private static readonly Story _release = Some.Story("dora", 1).Seen() with
    {
        Poll = new() { Question = "Release?", Options = [new() { Text = "yes", Votes = 1 }, new() { Text = "no", Votes = 0 }] },
        AckCount = 1,
    };

    [Fact]
    public void What_is_asked_for_is_waited_for_until_an_instant()
    {
        var s = Filled("2", "", "yes>=2", "10m");

        s.Dialog.Should().BeNull();
        s.Commands.Should().Equal(new WaitForStory.Wait(_release, new(2, null, new("yes", 2)), Some.Now.AddMinutes(10)) { Number = 1 });
        s.Note!.Text.Should().Be("Waiting: 1 of 2 acknowledgements, 1 of 2 votes for \"yes\".");
        WaitForStory.Describe(s, s.Shown!).Should().Be("1 of 2 acknowledgements, 1 of 2 votes for \"yes\" · 10 min left");
    }

    [Theory]
    [InlineData("", "", "", "", "Enter how many")]
    [InlineData("0", "", "", "", "Acked by: \"0\" is no whole number")]
    [InlineData("", "-1", "", "", "Replies: \"-1\" is no whole number")]
    [InlineData("", "", "yes", "", "such as yes>=2")]
    [InlineData("", "", "maybe>=2", "", "1 \"yes\", 2 \"no\"")]
    [InlineData("1", "", "", "soon", "\"soon\" is no time")]
    [InlineData("1", "", "", "0m", "\"0m\" is no time")]
    public void What_cannot_be_waited_for_is_said_in_the_form(string acks, string replies, string votes, string longest, string fault)
    {
        var s = Filled(acks, replies, votes, longest);

        s.Commands.Should().BeEmpty();
        s.Dialog!.Error.Should().Contain(fault);
    }

    [Fact]
    public void A_story_without_a_poll_is_asked_for_no_votes() =>
        Some.Looking(Some.Story("ana", 1))
            .After(Keys.Of("wait"))
            .Dialog.Should()
            .BeAssignableTo<FormDialog>()
            .Which.Fields.Select(field => field.Label)
            .Should()
            .Equal("Acked by", "Replies", "At most");

    [Fact]
    public void The_same_key_ends_the_waiting()
    {
        var asked = Filled("2", "", "", "").After(Keys.Of("wait"));

        asked.Dialog.Should().BeAssignableTo<ListDialog>().Which.Title.Should().Be("Waiting for 1 of 2 acknowledgements");
        asked.After(new InputMsg.Edited(EditKey.Escape)).Commands.Should().ContainSingle("it was only asked");
        asked.After(new InputMsg.Typed("1")).Should().Match<Model>(s => s.Commands.IsEmpty && s.Dialog == null);
    }

    [Fact]
    public void How_it_ended_rings_and_stays_to_be_read()
    {
        var waiting = Filled("2", "", "", "");

        var s = waiting.After(new CommandMsg.Ended(1, new WaitForStory.Ended(_release, true, "2 of 2 acknowledgements")));
        s.Output.Bells.Should().Be(waiting.Output.Bells + 1);
        s.Commands.Should().BeEmpty();
        s.AfterSeconds(30).Note!.Text.Should().Be("✓ \"dora 1\": 2 of 2 acknowledgements");
        s.AfterSeconds(90).Should().Match<Model>(later => later.Note == null && later.Marks.Waited[_release.Id].Passed);
        waiting
            .After(new CommandMsg.Ended(1, new WaitForStory.Ended(_release, false, "the time is over")))
            .Note!.Text.Should()
            .StartWith("✗");
    }

    private static Model Filled(string acks, string replies, string votes, string longest)
    {
        var s = Some.Looking(_release).After(Keys.Of("wait"));
        foreach (var text in new[] { acks, replies, votes, longest })
        {
            s = (text.Length > 0 ? s.After(new InputMsg.Typed(text)) : s).After(new InputMsg.Edited(EditKey.Down));
        }
        return s.After(new InputMsg.Edited(EditKey.Enter));
    }
}
