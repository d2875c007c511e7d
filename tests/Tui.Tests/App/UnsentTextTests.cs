using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.App;

/// <summary>What was written in a dialog and not sent is there again.</summary>
public class UnsentTextTests
{
    private const string Written = "zz 12";

    private static Model Looking(string author) => Some.Looking(Some.Story(author, 1, StoryKinds.Text) with { RepliesOn = true });

    /// <summary>Every dialog that a key opens and that takes text, of the viewer's own story and of another's.</summary>
    public static TheoryData<string, string> Dialogs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var author in (string[])["ana", "dora"])
            {
                foreach (var name in KeyTable.Default.For(restricted: false).SelectMany(binding => binding.Names))
                {
                    // Words to search for are not sent.
                    if (name != "search" && Looking(author).After(Keys.Of(name)).Dialog is { TakesText: true })
                    {
                        data.Add(author, name);
                    }
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Dialogs))]
    public void What_was_written_is_there_again_after_Esc(string author, string name)
    {
        var s = Looking(author).After(Keys.Of(name));
        var begun = s.After(new InputMsg.Typed(Written));

        var closed = begun.After(new InputMsg.Edited(EditKey.Escape));
        var again = closed.After(Keys.Of(name));

        closed.Dialog.Should().BeNull();
        Shown(again).Should().Be(Shown(begun)).And.Contain(Written);
        Shown(Looking(author).After(Keys.Of(name))).Should().NotContain(Written, "nothing was written there");
    }

    [Fact]
    public void Another_story_has_a_dialog_of_its_own()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2))
            .After(Keys.Of("report"), new InputMsg.Typed(Written), new InputMsg.Edited(EditKey.Escape), Keys.Of("next"), Keys.Of("report"));

        Shown(s).Should().NotContain(Written);
        s = s.After(new InputMsg.Edited(EditKey.Escape), Keys.Of("previous"), Keys.Of("report"));
        Shown(s).Should().Contain(Written);
    }

    [Fact]
    public void What_was_sent_is_not_there_again()
    {
        var s = Looking("ana")
            .After(Keys.Of("report"), new InputMsg.Typed(Written), new InputMsg.Edited(EditKey.Escape), Keys.Of("report"));

        s = s.After(new InputMsg.Edited(EditKey.Enter)) with { Dialog = null };

        Shown(s.After(Keys.Of("report"))).Should().NotContain(Written);
    }

    [Fact]
    public void Only_the_last_few_are_kept()
    {
        var unsent = Enumerable
            .Range(1, 40)
            .Aggregate(new Unsent(), (unsent, i) => unsent.Keep(Looking("ana").After(Keys.Of("report")).Dialog! with { StoryId = $"{i}" }));

        unsent.Others.Should().HaveCount(16);
        unsent.Others[^1].StoryId.Should().Be("40");
    }

    private static string Shown(Model model) =>
        string.Join('\n', model.Dialog is PanelDialog panel ? panel.Lines(90, 30) : DialogVm.From(model.Dialog!, new(90, 30)));
}
