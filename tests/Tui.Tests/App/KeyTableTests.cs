using StoriesCli.Tui.App;
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
