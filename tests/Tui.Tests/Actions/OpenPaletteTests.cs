using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.Screen;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Actions;

public class OpenPaletteTests
{
    [Fact]
    public void What_begins_with_what_was_typed_comes_first()
    {
        var s = Some.Looking(Some.Story("ana", 1) with { RepliesOn = true }).After(Keys.Of("palette"), new InputMsg.Typed("re"));

        ((ListDialog)s.Dialog!)
            .Shown.Select(choice => choice.Label)
            .Should()
            .StartWith(["reply", "react, or undo"])
            .And.Contain("previous story");
    }

    [Fact]
    public void What_was_chosen_last_comes_first()
    {
        var s = Some.Looking(Some.Story("ana", 1) with { RepliesOn = true });
        foreach (var word in (string[])["search", "copy its caption", "search"])
        {
            s = s.After(Keys.Of("palette"), new InputMsg.Typed(word), new InputMsg.Edited(EditKey.Enter)) with { Dialog = null };
        }

        Opened(s).All.Select(choice => choice.Label).Should().StartWith(["search", "copy its caption", "previous story"]);
    }

    private static readonly Story _ana = Some.Story("ana", 1) with { RepliesOn = true };

    [Fact]
    public void The_palette_has_every_action_that_applies_and_no_other()
    {
        foreach (var (name, s) in EveryActionTests.Situations().Where(situation => situation.Model is { Dialog: null, Help: false }))
        {
            var offered = Opened(s).All.Select(choice => ((InputMsg.Start)choice.Msg).Action).ToHashSet();

            offered
                .Should()
                .BeEquivalentTo(
                    ActionRegistry.All.Where(action =>
                        action.IsInPalette && action.Applies(s) && !(action.IsOffWhenRestricted && s.Session.Restricted)
                    ),
                    "that is what can be done with {0}",
                    name
                );
        }
    }

    [Fact]
    public void What_does_not_apply_does_nothing_but_say_why()
    {
        foreach (var (name, s) in EveryActionTests.Situations().Where(situation => situation.Model is { Dialog: null, Help: false }))
        {
            foreach (var action in ActionRegistry.All.Where(action => !action.Applies(s)))
            {
                foreach (var key in action.Keys)
                {
                    var after = s.After(new InputMsg.Start(action, key.Step));

                    Reached(after).Should().Be(Reached(s), "{0} does not apply to {1}", action.Help, name);
                }
            }
        }
    }

    [Fact]
    public void Words_in_any_order_narrow_it_and_Enter_does_what_the_key_does()
    {
        var s = Some.Looking(_ana);
        var narrowed = s.After(Keys.Of("palette"), new InputMsg.Typed("person high"));

        ((ListDialog)narrowed.Dialog!)
            .Shown.Should()
            .ContainSingle()
            .Which.Should()
            .Be(Opened(s).All.Single(choice => choice.Detail == "H"));
        var done = narrowed.After(new InputMsg.Edited(EditKey.Enter));
        done.Dialog.Should().BeOfType<ListDialog>().Which.Title.Should().Be("Highlights of @ana");
        done.Commands.Should().Equal(s.After(Keys.Of("highlights")).Commands);
    }

    [Fact]
    public void Commands_of_ones_own_are_there_with_their_key()
    {
        var s = Some.Looking(_ana);
        s = s with
        {
            Session = s.Session with { Keys = KeyTable.With(new Dictionary<string, string> { ["ctrl-x"] = "exec: notify-send hello" }) },
        };

        Opened(s).All.Should().Contain(choice => choice.Label == "run: notify-send hello" && choice.Detail == "Ctrl-X");
    }

    [Theory]
    [InlineData(120, 40)]
    [InlineData(80, 24)]
    [InlineData(40, 12)]
    public void Its_keys_are_at_the_right(int width, int height)
    {
        using var screen = new TestScreen(Some.Looking(_ana, Some.Story("bob", 1)), width, height);

        screen.Press((Key)':').Type("story");
        screen.Lines.Should().ContainMatch("*▸ previous story *← h*").And.ContainMatch("*next story *→ l*");
        screen.Press(Key.CursorDown, Key.Enter).Store.Model.Shown!.Author.Handle.Should().Be("bob");
        screen.Press(Key.P.WithCtrl).Store.Model.Dialog.Should().BeOfType<OpenPalette.ActionList>();
    }

    private static object Reached(Model s) => (s.Commands, s.Dialog, s.Tray, s.ShownId, s.PlayingId, s.Exit, s.Output, s.Scrolled, s.Help);

    private static OpenPalette.ActionList Opened(Model s) =>
        s.After(Keys.Of("palette")).Dialog.Should().BeOfType<OpenPalette.ActionList>().Subject;
}
