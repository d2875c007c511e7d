using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Screen;

public class RobustTests
{
    private static readonly Key[] _keys =
    [
        Key.CursorRight,
        Key.CursorLeft,
        Key.CursorUp,
        Key.CursorDown,
        Key.Enter,
        Key.Space,
        Key.Esc,
        Key.Tab,
        Key.Backspace,
        Key.PageDown,
        Key.PageUp,
        Key.Home,
        Key.End,
        (Key)'r',
        (Key)'e',
        (Key)'j',
        (Key)'k',
        (Key)'l',
        (Key)'G',
        (Key)'K',
        (Key)'V',
        (Key)'v',
        (Key)':',
        (Key)'2',
        (Key)'n',
        (Key)'/',
        (Key)'h',
        (Key)'@',
        (Key)'o',
        (Key)'d',
        (Key)'y',
        (Key)'E',
        (Key)'t',
        (Key)'D',
        (Key)'?',
        (Key)'x',
    ];

    [Fact]
    public void A_thousand_stories_of_two_hundred_people_are_gone_through_by_keys()
    {
        using var screen = new TestScreen(Some.Looking([.. Crowd()]), 120, 40);
        screen.Lines[0].Should().Contain("● live");

        for (var i = 0; i < 1000; i++)
        {
            screen.Store.Dispatch(Keys.Of("next"));
            screen.Store.Dispatch(new TerminalMsg.Tick(Viewing.SeenAfter, screen.Store.Model.Now));
        }
        screen.Press(Key.CursorRight).Lines[1].Should().Contain("p199");
        screen.Lines[0].Should().NotContain("new");
    }

    [Fact]
    public void Keys_in_any_order_answers_at_any_time_and_resizes_in_between_never_break_the_screen()
    {
        var random = new Random(11);
        var links = Some.Story("ana", 1) with { RepliesOn = true, Links = ["https://a.example", "https://b.example"] };
        using var screen = new TestScreen(
            Some.Looking(
                links,
                Some.Story("ana", 2, StoryKinds.Text) with
                {
                    Text = new('x', 9000),
                },
                Some.Story("bob", 1),
                Some.Story("dora", 1).Seen()
            ),
            80,
            24
        );
        for (var i = 0; i < 1500; i++)
        {
            switch (random.Next(12))
            {
                case 0:
                    screen.Resize(random.Next(1, 160), random.Next(1, 50));
                    break;
                case 1 when screen.Store.Model.LastCommand > 0:
                    screen.Answer(Any(random));
                    break;
                case 2:
                    screen.Paste("مرحبا 👨‍👩‍👧 \e[2J\u202e e\u0301\n");
                    break;
                case 3:
                    screen.Wait(TimeSpan.FromMilliseconds(50));
                    break;
                default:
                    screen.Press(_keys[random.Next(_keys.Length)]);
                    break;
            }
        }
        screen.Text.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();

        using var fresh = new TestScreen(screen.Resize(120, 40).Store.Model, 120, 40);
        screen.Text.Should().Be(fresh.Text);
    }

    private static CommandResult Any(Random random) =>
        random.Next(6) switch
        {
            0 => new CommandFailed("It failed \e[31m."),
            1 => new ListLoaded([new("@ana", "", new ShowPeople.PersonChosen("ana"))], "People"),
            2 => new AlbumFound("/ x", [Some.Story("cid", 9)]),
            3 => new Notice("Done."),
            4 => new PostStory.Posted(Some.Story("dora", random.Next(2, 99)).Seen()),
            _ => new ReplyToStory.Sent(
                "01kana010000000000000000000",
                new()
                {
                    Id = $"01k{random.Next()}",
                    Author = new() { Handle = "bob", DisplayName = "bob" },
                    Text = "hi",
                    CreatedAt = Some.Now,
                }
            ),
        };

    private static IEnumerable<Story> Crowd() =>
        from person in Enumerable.Range(0, 200)
        from number in Enumerable.Range(1, 5)
        select Some.Story($"p{person:000}", number);
}
