using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Account;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>What an account has beside its stories, and the order of its highlights.</summary>
public class AccountMenuTests
{
    private static readonly Story _one = Some.Story("dora", 1).Seen(),
        _two = Some.Story("dora", 2).Seen(),
        _three = Some.Story("dora", 3).Seen();

    [Theory]
    [InlineData(Roles.Member, "Shares Feeds Circles Stories that are gone Leave this server")]
    [InlineData(Roles.Admin, "Shares Feeds Circles Stories that are gone Reports Webhooks Leave this server")]
    public void Each_finds_what_is_theirs_and_admins_what_they_look_after(string role, string expected) =>
        string.Join(' ', AccountMenu.Choices(MuteAndSettingsTests.Me(archive: false, role)).Select(choice => choice.Label))
            .Should()
            .Be(expected);

    [Fact]
    public void Esc_leads_back_to_the_list_that_a_dialog_was_chosen_in()
    {
        var s = Some.Looking(Some.Story("ana", 1)).After(Keys.Of("settings"));
        s = s.After(new CommandMsg.Ended(s.LastCommand, new ListLoaded([Circles.Choice], "Your settings")));
        s = s.After(new InputMsg.Edited(EditKey.Enter));
        var prompt = new Choice("New circle", "", new DialogMsg.Open(new Circles.Prompt("", [])));
        s = s.After(new CommandMsg.Ended(s.LastCommand, new ListLoaded([prompt], "Your circles")), new InputMsg.Edited(EditKey.Enter));

        s.Dialog.Should().BeOfType<Circles.Prompt>();
        FooterVm.HintOf(s.Dialog!).Should().EndWith("Esc back");
        s = s.After(new InputMsg.Edited(EditKey.Escape));
        s.Dialog.Should().BeOfType<ListDialog>().Which.Title.Should().Be("Your circles");
        s = s.After(new InputMsg.Edited(EditKey.Escape));
        s.Dialog.Should().BeAssignableTo<ListDialog>().Which.Title.Should().Be("Your settings");
        FooterVm.HintOf(s.Dialog!).Should().EndWith("Esc closes");
        s.After(new InputMsg.Edited(EditKey.Escape)).Dialog.Should().BeNull();
    }

    [Fact]
    public void Nobody_leaves_without_being_asked()
    {
        var leave = AccountMenu.Choices(MuteAndSettingsTests.Me(archive: false)).Last().Msg;

        var asked = Some.Looking(_one).After(leave);
        asked.After(new InputMsg.Edited(EditKey.Enter)).Commands.Should().BeEmpty("Enter opened the question, and does not answer it");
        asked.After(new InputMsg.Typed("n")).Should().Match<Model>(s => s.Commands.IsEmpty && s.Dialog == null);
        asked.After(new InputMsg.Typed("y")).Commands.Should().Equal(new LeaveServer.Leave { Number = 1 });
    }

    [Fact]
    public void Ones_own_highlight_is_put_in_order_and_nothing_else_is()
    {
        var album = Albums.Open(Some.Looking(_one), "@dora ★ best", [_one, _two, _three], highlight: "best");

        var asked = album.After(Keys.Of("next"), Keys.Of("later"));
        asked
            .Commands.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<ReorderHighlight.Order>()
            .Which.StoryIds.Should()
            .Equal(_one.Id, _three.Id, _two.Id);
        asked
            .After(new CommandMsg.Ended(1, new ReorderHighlight.Ordered([_one.Id, _three.Id, _two.Id])))
            .Should()
            .Match<Model>(s =>
                s.ShownId == _two.Id
                && s.Tray.OpenPlace!.Stories.Select(story => story.Id).SequenceEqual(new[] { _one.Id, _three.Id, _two.Id })
            );
        album.After(Keys.Of("earlier")).Commands.Should().BeEmpty("it is the first already");
        Albums
            .Open(Some.Looking(_one), "/ x", [_one, _two])
            .After(Keys.Of("later"))
            .Should()
            .Match<Model>(s => s.Commands.IsEmpty && s.Note!.Text.Contains("highlight of your own"));
        Albums
            .Open(Some.Looking(_one), "@ana ★ best", [Some.Story("ana", 1), Some.Story("ana", 2)], highlight: "best")
            .After(Keys.Of("later"))
            .Commands.Should()
            .BeEmpty();
    }

    [Theory]
    [InlineData("parser: ana @bob", "parser", "ana bob")]
    [InlineData("+parser: ana, bob", "parser", "ana bob")]
    [InlineData("parser:", "parser", "")]
    public void A_circle_is_written_as_its_name_and_who_is_in_it(string text, string name, string members)
    {
        var put = Circles.Put.Read(text).Should().BeOfType<Circles.Put>().Which;
        (put.Name, string.Join(' ', put.Members)).Should().Be((name, members));
    }

    [Theory]
    [InlineData("parser")]
    [InlineData("No Name: ana")]
    [InlineData("a: b: c")]
    public void What_is_no_circle_is_refused_with_how_it_is_written(string text)
    {
        var s = Some.Empty with { Dialog = new Circles.Prompt("", []) };

        s.After(new InputMsg.Typed(text), new InputMsg.Edited(EditKey.Enter))
            .Should()
            .Match<Model>(refused => refused.Commands.IsEmpty && refused.Dialog!.Error!.Contains("name: handles"));
    }

    [Fact]
    public void A_story_is_written_to_files_where_that_is_allowed()
    {
        var s = Some.Looking(Some.Story("ana", 1))
            .After(Keys.Of("promote"), new InputMsg.Typed("docs/x"), new InputMsg.Edited(EditKey.Enter));

        s.Commands.Should().ContainSingle().Which.Should().BeOfType<PromoteStory.Promote>().Which.Folder.Should().Be("docs/x");
        Some.Looking(Some.Story("ana", 1))
            .Restricted()
            .After(Keys.Of("promote"))
            .Should()
            .Match<Model>(off => off.Dialog == null && off.Note!.Text.Contains("--restricted"));
    }

    [Fact]
    public void Before_and_after_are_two_files_of_one_post()
    {
        var form = PostForm.New(restricted: false).Unfold().With("file", "after.png").With("before", "before.png");

        Submitted(form)
            .Commands.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<PostStory.Send>()
            .Which.Should()
            .Match<PostStory.Send>(post => post.File == "after.png" && post.Before == "before.png");
        Submitted(form.With("file", "").With("text", "x")).Dialog!.Error.Should().Contain("picture after, is missing");
        PostForm.New(restricted: true).Unfold().Fields.Should().NotContain(field => field.Name == "before");

        static Model Submitted(PostForm form) =>
            (Some.Empty with { Dialog = form with { At = form.Fields.Length } }).After(new InputMsg.Edited(EditKey.Enter));
    }

    [Fact]
    public void Who_has_left_sees_that_and_nothing_else()
    {
        var left = Some.Looking(_one, Some.Story("ana", 1))
            .Run(new LeaveServer.Leave())
            .After(new CommandMsg.Ended(1, new LeaveServer.Left()), new ServerMsg.SignedOut("the token is unknown"));

        left.Should()
            .Match<Model>(s => s.Tray.Places.IsEmpty && s.Shown == null && s.Link.Connection == Connection.SignedOut && s.Note == null);
        left.Dialog.Should().BeOfType<MessageDialog>().Which.Title.Should().Be("You have left.");
    }

    [Fact]
    public void An_admin_alone_deletes_what_others_posted_and_is_asked()
    {
        var s = Some.Looking(Some.Story("ana", 1));

        s.After(new ServerMsg.SignedIn("dora", Roles.Member), Keys.Of("delete"))
            .Should()
            .Match<Model>(member => member.Dialog == null && member.Note!.Text.Contains("Only its author"));
        var asked = s.After(new ServerMsg.SignedIn("dora", Roles.Admin), Keys.Of("delete"));
        asked.Dialog.Should().BeOfType<ConfirmDialog>().Which.Question.Should().Contain("@ana").And.Contain("as an admin");
        asked.After(new InputMsg.Typed("y")).Commands.Should().Equal(new DeleteStory.Delete(s.ShownId!) { Number = 1 });
    }
}
