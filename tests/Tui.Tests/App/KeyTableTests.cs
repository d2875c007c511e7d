using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.Actions;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.App;

public class KeyTableTests
{
    [Fact]
    public void Keys_can_be_given_to_other_actions_and_help_says_so()
    {
        var keys = KeyTable.With(
            new Dictionary<string, string>
            {
                ["reply"] = "ctrl-r",
                ["next"] = "l right",
                ["new"] = "f2",
            }
        );

        keys.Find(Key.R.WithCtrl).Should().Be(Keys.Of("reply"));
        keys.Find(new('r')).Should().BeNull();
        keys.Find(new('l')).Should().Be(Keys.Of("next"));
        keys.Find(Key.CursorRight).Should().Be(Keys.Of("next"));
        keys.For(restricted: false).Select(binding => binding.Label).Should().Contain("Ctrl-R").And.Contain("← l").And.Contain("F2");
        keys.Label("reply").Should().Be("Ctrl-R");
    }

    [Theory]
    [InlineData("replay", "x", "did you mean keys.reply?")]
    [InlineData("zzz", "x", "there are previous, next")]
    [InlineData("reply", "n", "n already means")]
    [InlineData("reply", "esc", "\"esc\" is no key")]
    [InlineData("reply", "ctlr-r", "\"ctlr-r\" is no key")]
    [InlineData("reply", "ctrl-c", "Ctrl-C already means quit")]
    [InlineData("reply", "  ", "names no key")]
    [InlineData("reply", "é", "is no key")]
    public void What_cannot_be_is_refused_and_named(string action, string key, string words)
    {
        FluentActions
            .Invoking(() => KeyTable.With(new Dictionary<string, string> { [action] = key }))
            .Should()
            .Throw<KeyException>()
            .WithMessage($"*{words}*");
    }

    [Theory]
    [InlineData("ctrl-x", "exec:", "keys.ctrl-x: \"exec:\" names no program: write \"exec: PROGRAM ARGUMENTS\".")]
    [InlineData("reply", "exec: ls", "keys.reply: \"exec: ls\" is a command, so \"reply\" has to be a key: a character, space")]
    [InlineData("x", "exec: ls", "keys.x: x already means promote")]
    [InlineData("ctrl-l", "exec: ls", "keys.ctrl-l: Ctrl-L already means something that stays")]
    [InlineData("ctrl-x", "ls", "keys.ctrl-x is nothing that a key does; a key has a command of your own: \"exec: ls\".")]
    public void A_command_that_cannot_be_is_refused_and_named(string key, string value, string words)
    {
        FluentActions
            .Invoking(() => KeyTable.With(new Dictionary<string, string> { [key] = value }))
            .Should()
            .Throw<KeyException>()
            .WithMessage($"{words}*");
    }

    [Fact]
    public void Changes_stand_on_top_of_the_chosen_preset()
    {
        var classic = KeyTable.With(new Dictionary<string, string> { ["keep"] = "K" }, Keymap.Classic);

        classic.Find(new('h')).Should().Be(Keys.Of("highlights"));
        classic.Find(new('g')).Should().Be(Keys.Of("digest"));
        classic.Find(new('y')).Should().Be(Keys.Of("copy"));
        classic.Find(new('K')).Should().Be(Keys.Of("keep"));
        classic.Find(new('k')).Should().BeNull();
        classic.Find(new('j')).Should().BeNull("there are arrows only");
        KeyTable.Default.Find(new('k')).Should().Be(Keys.Of("person-up"));
        KeyTable.Default.Find(new('y')).Should().Be(Keys.Of("copy-menu"));
    }

    [Fact]
    public void The_tables_are_as_they_were_agreed()
    {
        var table = new StringBuilder();
        foreach (var keymap in Enum.GetValues<Keymap>())
        {
            table.Append($"{keymap}\n");
            foreach (var bound in KeyTable.With(new Dictionary<string, string>(), keymap).For(restricted: false).SelectMany(it => it.Keys))
            {
                table.Append($"    {string.Join(' ', bound.Keys.Select(KeyNames.Label)), -14}{bound.Name ?? "fixed", -14}{bound.Help}\n");
            }
        }
        Goldens.Check("keys.txt", table.ToString());
    }

    /// <summary>What hands that do not know the program press first. Whatever they do, nothing is posted, sent, kept or deleted.</summary>
    [Fact]
    public void No_first_key_of_a_stranger_changes_anything_on_the_server()
    {
        Key[] first =
        [
            .. "hjklgG 123456789".Select(letter => new Key(letter)),
            Key.CursorLeft,
            Key.CursorRight,
            Key.CursorUp,
            Key.CursorDown,
            Key.Home,
            Key.End,
            Key.PageUp,
            Key.PageDown,
            Key.U.WithCtrl,
            Key.D.WithCtrl,
            Key.Enter,
            Key.Esc,
            Key.Backspace,
            Key.Delete,
        ];
        foreach (var (name, s) in EveryActionTests.Situations().Where(situation => situation.Model.Dialog is null))
        {
            foreach (
                var keys in first.SelectMany(one =>
                    first.Append(Key.Tab).SelectMany(two => first.Select(three => (Key[])[one, two, three]))
                )
            )
            {
                // A digit votes in a poll that the viewer has gone to.
                if (keys.Contains(Key.Tab) && keys[^1].AsRune.Value is >= '1' and <= '9')
                {
                    continue;
                }
                var after = s.After([.. keys.Select(KeyTable.Default.Find).OfType<Msg>()]);

                if (after.Commands.Length > 0 || after.Dialog is not null || after.PlayingId is not null || after.Exit is not null)
                {
                    Assert.Fail($"{string.Join(' ', keys.Select(KeyNames.Label))} does something in {name}");
                }
            }
        }
    }

    [Fact]
    public void With_the_stage_focused_digits_vote_where_that_is_possible_and_letters_scroll()
    {
        var poll = Some.Story("ana", 1) with
        {
            Poll = new() { Question = "Friday?", Options = [new() { Text = "yes", Votes = 1 }, new() { Text = "no", Votes = 0 }] },
        };
        var s = Some.Looking(poll, Some.Story("bob", 1)).After(Press('2'));
        s.Tray.Chosen!.Value.Handle.Should().Be("bob");
        s.Commands.Should().BeEmpty();

        s = s.After(Pressed(Key.Esc), Pressed(Key.Tab));
        s.Focus.Should().Be(Focus.Stage);
        s.After(Press('2')).Commands.Should().Equal(new VoteInPoll.Send(poll.Id, 1) { Number = 1 });
        s.After(Press('3')).Should().Be(s, "it has two options");
        s.After(Press('j')).Tray.Chosen.Should().BeNull();
        s.After(Press('l')).Should().Match<Model>(next => next.Focus == Focus.Stage && next.Shown!.Author.Handle == "bob");
        s.After(Press('l'), Press('1')).Commands.Should().BeEmpty();
        s.After(Pressed(Key.Esc)).Focus.Should().Be(Focus.People);
        Some.Looking(poll with { Poll = poll.Poll! with { ClosedAt = Some.Now } })
            .After(Pressed(Key.Tab), Press('1'))
            .Commands.Should()
            .BeEmpty("it is closed");
        var card = Some.Story("cid", 1, StoryKinds.Text) with { Text = string.Join('\n', Enumerable.Range(1, 99)) };
        var read = Some.Looking(card).After(new TerminalMsg.Resized(new(80, 24)), Pressed(Key.Tab), Press('j'), Press('j'));
        read.Scrolled.Card.Should().Be(2);
        var end = read.After(Press('G'));
        end.Scrolled.Card.Should().BeInRange(70, 98);
        end.After(Press('k')).Scrolled.Card.Should().Be(end.Scrolled.Card - 1);
        read.After(Press('G'), Press('g')).Scrolled.Card.Should().Be(0);

        static Msg Press(char letter) => Pressed(new(letter));

        static Msg Pressed(Key key) => KeyTable.Default.Find(key)!;
    }

    [Fact]
    public void Two_actions_may_swap_their_keys()
    {
        KeyTable.With(new Dictionary<string, string> { ["reply"] = "n", ["new"] = "r" }).Find(new('n')).Should().Be(Keys.Of("reply"));
    }

    [Fact]
    public void No_two_actions_have_one_name()
    {
        KeyTable.Default.For(restricted: false).SelectMany(binding => binding.Names).Should().OnlyHaveUniqueItems();
    }
}
