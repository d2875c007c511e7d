using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>What an account has beside its stories, and the order of its highlights.</summary>
public class HubTests
{
    private static readonly Story _one = Some.Story("dora", 1).Seen(),
        _two = Some.Story("dora", 2).Seen(),
        _three = Some.Story("dora", 3).Seen();

    [Theory]
    [InlineData(Roles.Member, "Shares Feeds Circles Stories that are gone Leave this server")]
    [InlineData(Roles.Admin, "Shares Feeds Circles Stories that are gone Reports Webhooks Leave this server")]
    public void Each_finds_what_is_theirs_and_admins_what_they_look_after(string role, string expected) =>
        string.Join(' ', Hub.Choices(Some.Empty, QuietTests.Me(archive: false, role)).Select(choice => choice.Label)).Should().Be(expected);

    [Fact]
    public void Nobody_leaves_without_being_asked()
    {
        var leave = Hub.Choices(Some.Empty, QuietTests.Me(archive: false)).Last().Then;

        var asked = Some.Looking(_one).After(leave);
        asked.After(new Msg.Steered(Steer.Enter)).Deeds.Should().BeEmpty("Enter opened the question, and does not answer it");
        asked.After(new Msg.Typed("n")).Should().Match<AppState>(s => s.Deeds.IsEmpty && s.Dialog == null);
        asked.After(new Msg.Typed("y")).Deeds.Should().Equal(new Deed.LeaveServer { Number = 1 });
    }

    [Fact]
    public void Ones_own_highlight_is_put_in_order_and_nothing_else_is()
    {
        var album = Albums.Open(Some.Looking(_one), "@dora ★ best", [_one, _two, _three], highlight: "best");

        var asked = album.After(new Msg.Next(), new Msg.Want(Wish.Later));
        asked
            .Deeds.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<Deed.Order>()
            .Which.StoryIds.Should()
            .Equal(_one.Id, _three.Id, _two.Id);
        asked
            .After(new Msg.DeedEnded(1, new Outcome.Ordered([_one.Id, _three.Id, _two.Id])))
            .Should()
            .Match<AppState>(s =>
                s.ShownId == _two.Id && s.OpenPlace!.Stories.Select(story => story.Id).SequenceEqual(new[] { _one.Id, _three.Id, _two.Id })
            );
        album.After(new Msg.Want(Wish.Earlier)).Deeds.Should().BeEmpty("it is the first already");
        Albums
            .Open(Some.Looking(_one), "/ x", [_one, _two])
            .After(new Msg.Want(Wish.Later))
            .Should()
            .Match<AppState>(s => s.Deeds.IsEmpty && s.Note!.Text.Contains("highlight of your own"));
        Albums
            .Open(Some.Looking(_one), "@ana ★ best", [Some.Story("ana", 1), Some.Story("ana", 2)], highlight: "best")
            .After(new Msg.Want(Wish.Later))
            .Deeds.Should()
            .BeEmpty();
    }

    [Theory]
    [InlineData("parser: ana @bob", "parser", "ana bob")]
    [InlineData("+parser: ana, bob", "parser", "ana bob")]
    [InlineData("parser:", "parser", "")]
    public void A_circle_is_written_as_its_name_and_who_is_in_it(string text, string name, string members)
    {
        var put = Hub.Circle(text).Should().BeOfType<Deed.PutCircle>().Which;
        (put.Name, string.Join(' ', put.Members)).Should().Be((name, members));
    }

    [Theory]
    [InlineData("parser")]
    [InlineData("No Name: ana")]
    [InlineData("a: b: c")]
    public void What_is_no_circle_is_refused_with_how_it_is_written(string text)
    {
        var s = Some.Empty with { Dialog = Hub.Entry("", []) };

        s.After(new Msg.Typed(text), new Msg.Steered(Steer.Enter))
            .Should()
            .Match<AppState>(refused => refused.Deeds.IsEmpty && refused.Dialog!.Trouble!.Contains("name: handles"));
    }

    [Fact]
    public void A_story_is_written_to_files_where_that_is_allowed()
    {
        var s = Some.Looking(Some.Story("ana", 1)).After(new Msg.Want(Wish.Promote), new Msg.Typed("docs/x"), new Msg.Steered(Steer.Enter));

        s.Deeds.Should().ContainSingle().Which.Should().BeOfType<Deed.Promote>().Which.Folder.Should().Be("docs/x");
        (Some.Looking(Some.Story("ana", 1)) with { Restricted = true })
            .After(new Msg.Want(Wish.Promote))
            .Should()
            .Match<AppState>(off => off.Dialog == null && off.Note!.Text.Contains("--restricted"));
    }

    [Fact]
    public void Before_and_after_are_two_files_of_one_post()
    {
        var form = Forms.Unfold(Forms.NewPost(restricted: false)).With("file", "after.png").With("before", "before.png");

        Forms
            .Submit(Some.Empty, form)
            .Deeds.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<Deed.Post>()
            .Which.Should()
            .Match<Deed.Post>(post => post.File == "after.png" && post.Before == "before.png");
        Forms.Submit(Some.Empty, form.With("file", "").With("text", "x")).Dialog!.Trouble.Should().Contain("picture after, is missing");
        Forms.Unfold(Forms.NewPost(restricted: true)).Fields.Should().NotContain(field => field.Name == "before");
    }

    [Fact]
    public void Who_has_left_sees_that_and_nothing_else()
    {
        var left = Some.Looking(_one, Some.Story("ana", 1))
            .Do(new Deed.LeaveServer())
            .After(new Msg.DeedEnded(1, new Outcome.Left()), new Msg.SignedOut("the token is unknown"));

        left.Should().Match<AppState>(s => s.Places.IsEmpty && s.Shown == null && s.Connection == Connection.SignedOut && s.Note == null);
        left.Dialog.Should().BeOfType<Dialog.Telling>().Which.Title.Should().Be("You have left.");
    }

    [Fact]
    public void An_admin_alone_deletes_what_others_posted_and_is_asked()
    {
        var s = Some.Looking(Some.Story("ana", 1));

        s.After(new Msg.SignedIn("dora", Roles.Member), new Msg.Want(Wish.Delete))
            .Should()
            .Match<AppState>(member => member.Dialog == null && member.Note!.Text.Contains("Only its author"));
        var asked = s.After(new Msg.SignedIn("dora", Roles.Admin), new Msg.Want(Wish.Delete));
        asked.Dialog.Should().BeOfType<Dialog.Asking>().Which.Question.Should().Contain("@ana").And.Contain("as an admin");
        asked.After(new Msg.Typed("y")).Deeds.Should().Equal(new Deed.Delete(s.ShownId!) { Number = 1 });
    }
}
