using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.App;
using StoriesCli.Tui.Tests.Screen;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Actions;

public class SearchStoriesTests
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(150);

    [Fact]
    public void The_server_is_asked_once_typing_has_paused_and_no_longer_for_what_was_typed_before()
    {
        var s = Some.Looking(Some.Story("ana", 1)).After(Keys.Of("search"));
        Clock.NextDue(s).Should().NotBe(_pause, "nothing is typed yet");

        s = s.After(new InputMsg.Typed("p"), new InputMsg.Typed("a"));
        s.Commands.Should().BeEmpty();
        Clock.NextDue(s).Should().Be(_pause);
        s = s.AfterTime(_pause);
        s.Commands.Should().Equal(new SearchStories.Find("pa") { Number = 1 });

        s = s.After(new InputMsg.Typed("r"));
        s.Commands.Should().BeEmpty("nobody waits for it");
        s = s.AfterTime(_pause);
        s.Commands.Should().Equal(new SearchStories.Find("par") { Number = 2 });
        s.After(new CommandMsg.Ended(1, new SearchStories.Found("pa", [Some.Story("ana", 1)]))).Should().Be(s, "it is late");
        s.After(new InputMsg.Typed(" ")).Commands.Should().Equal(s.Commands);
        s.After(new InputMsg.Edited(EditKey.Escape)).Should().Match<Model>(closed => closed.Dialog == null && closed.Commands.IsEmpty);
    }

    [Fact]
    public void Enter_opens_the_chosen_hit_among_the_others_or_else_what_will_be_found()
    {
        Story[] found = [Some.Story("bob", 7), Some.Story("cid", 8)];
        var s = Some.Looking(Some.Story("ana", 1)).After(Keys.Of("search"), new InputMsg.Typed("x"));
        var early = s.After(new InputMsg.Edited(EditKey.Enter));
        s = s.AfterTime(_pause).After(new CommandMsg.Ended(1, new SearchStories.Found("x", [.. found])));

        s.After(new InputMsg.Edited(EditKey.Down), new InputMsg.Edited(EditKey.Enter))
            .Should()
            .Match<Model>(opened => opened.ShownId == found[1].Id && opened.Tray.OpenPlace!.Stories.Length == 2 && opened.Dialog == null);
        early.Commands.Should().Equal(new SearchStories.Find("x") { Number = 1 });
        early.After(new CommandMsg.Ended(1, new SearchStories.Found("x", [.. found]))).ShownId.Should().Be(found[0].Id);
        early
            .After(new InputMsg.Typed("y"))
            .AfterTime(_pause)
            .After(new CommandMsg.Ended(2, new SearchStories.Found("xy", [.. found])))
            .Dialog.Should()
            .BeOfType<SearchStories.HitList>("who goes on typing has not chosen");
    }

    [Fact]
    public void A_search_that_fails_says_why_in_its_dialog()
    {
        var s = Some.Looking(Some.Story("ana", 1)).After(Keys.Of("search"), new InputMsg.Typed("x")).AfterTime(_pause);

        s = s.After(new CommandMsg.Ended(1, s.Commands[0].Fail("Nothing listens.")));
        s.Dialog!.Error.Should().Be("Nothing listens.");
        s.Note.Should().BeNull();
        s.After(new InputMsg.Typed("y")).AfterTime(_pause).Commands.Should().Equal(new SearchStories.Find("xy") { Number = 2 });
    }

    [Fact]
    public void Hits_have_author_age_and_first_words_and_the_chosen_one_is_previewed_where_there_is_room()
    {
        var long_ = Some.Story("ana", 2) with { Caption = "parser: the first line\nand \u001b[2Jthe second" };
        using var screen = new TestScreen(Some.Looking(Some.Story("bob", 1)), 80, 30);
        screen.Press((Key)'/').Type("parser").Wait(TimeSpan.FromMilliseconds(200));

        screen.Text.Should().Contain("/ parser").And.Contain("searching…");
        screen.Answer(new SearchStories.Found("parser", [long_, Some.Story("bob", 1)], HasMore: true));
        screen.Text.Should().Contain("2 stories and more");
        screen.Lines.Should().ContainMatch("*▸ @ana  1 h ago  parser: the first line and the second*").And.ContainMatch("*  @bob  *bob 1*");
        screen.Lines.Should().ContainMatch("│ and the second *");
        screen.Resize(40, 12).Text.Should().Contain("@bob").And.NotContain("│ and the second");
        screen.Press(Key.CursorDown).Text.Should().Contain("▸ @bob");
    }
}

/// <summary>The same against the real server.</summary>
public class SearchStoriesIntegrationTests : IntegrationTest
{
    [Fact]
    public async Task What_is_typed_is_searched_for_and_the_chosen_hit_opens()
    {
        var one = await Ana.Stories.PostTextAsync(new() { Text = "parser one" }, ApiClient.NewIdempotencyKey());
        await Ana.Stories.PostTextAsync(new() { Text = "parser two" }, ApiClient.NewIdempotencyKey());
        await Ana.Stories.PostTextAsync(new() { Text = "something else" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown is not null);

        Press(Keys.Of("search"), new InputMsg.Typed("pars"));
        Pause();
        await UntilAsync(s => s.Dialog is SearchStories.HitList { Found: "pars" });
        Hits().Should().HaveCount(2, "beginnings of words are found too");
        Press(new InputMsg.Typed("er"));
        Pause();
        await UntilAsync(s => s.Dialog is SearchStories.HitList { Found: "parser" });
        Hits().Should().BeEquivalentTo(["parser one", "parser two"]);
        Press(new InputMsg.Typed(" one"));
        Pause();
        await UntilAsync(s => s.Dialog is SearchStories.HitList { Found: "parser one" });
        Press(new InputMsg.Edited(EditKey.Enter));

        Store.Model.Should().Match<Model>(s => s.ShownId == one.Id && s.Dialog == null && s.Commands.IsEmpty);
        Press(Keys.Of("search"), new InputMsg.Typed(new string('x', Limits.SearchCharacters + 1)));
        Pause();
        await UntilAsync(s => s.Dialog?.Error is not null);
    }

    private void Pause() => Press(new TerminalMsg.Tick(TimeSpan.Zero, Store.Model.Now + TimeSpan.FromMilliseconds(150)));

    private IEnumerable<string?> Hits() => ((SearchStories.HitList)Store.Model.Dialog!).Hits.Select(hit => hit.Story.Text);
}
