using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Tests.Screen;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.App;

public class CaughtUpTests
{
    private static readonly Story _seen = Some.Story("ana", 1).Seen();

    private static Model Begin(params Story[] stories) => Some.Empty.After(new ServerMsg.Connected()).Told(stories);

    [Fact]
    public void Nothing_new_opens_nothing_and_shows_what_the_last_day_brought()
    {
        var s = Begin(_seen, Some.Story("dora", 1).Seen());
        s.Shown.Should().BeNull();
        s.Commands.Should().ContainSingle("the digest is asked for");
        s = s.After(
            new CommandMsg.Ended(
                s.LastCommand,
                new CaughtUp.DigestLoaded(
                    CaughtUp.Rows([
                        new("@ana", "The parser", new TerminalMsg.Returned()) { Lead = Line.Text("16:59  posted  ", Tone.Good) },
                    ])
                )
            )
        );

        foreach (var (width, height) in new[] { (120, 40), (80, 24), (40, 12) })
        {
            using var screen = new TestScreen(s, width, height);
            screen.Text.Should().Contain("All caught up").And.Contain("16:59  posted  @ana");
        }
    }

    [Fact]
    public void The_arrow_goes_on_to_the_first_and_a_person_can_be_chosen()
    {
        var s = Begin(_seen, Some.Story("bob", 1).Seen());

        s.After(Keys.Of("next")).Shown!.Id.Should().Be(_seen.Id);
        s.After(Keys.Of("person-down"), Keys.Of("person-down"), Keys.Of("open")).Shown!.Caption.Should().Be("bob 1");
        s.After(Keys.Of("previous")).Should().Be(s);
    }

    [Fact]
    public void What_comes_meanwhile_is_counted_and_waits_to_be_opened()
    {
        var s = Begin(_seen);
        var fresh = Some.Story("bob", 1);
        s = s.After(
            new ServerMsg.EventArrived(
                new()
                {
                    Type = EventTypes.Posted,
                    At = Some.Now,
                    StoryId = fresh.Id,
                    Story = fresh,
                }
            )
        );
        s.Shown.Should().BeNull("nobody opened it");
        using var screen = new TestScreen(s, 80, 24);
        screen.Text.Should().Contain("1 new");

        screen.Press(Key.CursorRight).Store.Model.Shown!.Id.Should().Be(fresh.Id);
    }

    [Fact]
    public void Nobodys_stories_but_the_viewers_own_are_opened() =>
        Begin(Some.Story("dora", 1).Seen()).Shown!.Caption.Should().Be("dora 1");

    [Fact]
    public void A_server_without_stories_says_how_to_post() =>
        Some.Empty.After(new ServerMsg.Connected(), new ServerMsg.TrayArrived([])).Tray.IsCaughtUp.Should().BeFalse();
}
