using StoriesCli.Tui.App;
using StoriesCli.Tui.Welcome;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Screen;

public class WelcomeTests
{
    private const string Link = "https://team.example/join#sti_secret";

    private static TestScreen Open(int width = 80, int height = 24) => new(WelcomeApp.Begin(ThemeChoice.Auto, Some.Now), width, height);

    [Theory]
    [InlineData(120, 40)]
    [InlineData(80, 24)]
    [InlineData(40, 12)]
    public void Somebody_new_sees_what_to_enter(int width, int height)
    {
        using var screen = Open(width, height);

        screen.Text.Should().Contain("Welcome to stories").And.Contain("Invite link").And.Contain("Your handle").And.Contain("[ Join ]");
        if (height > 12)
        {
            screen.Text.Should().Contain("You have not joined a server yet.").And.Contain("stories-server --data try");
        }
    }

    [Fact]
    public void A_link_is_a_secret_and_joining_says_why_it_failed()
    {
        using var screen = Open();
        screen.Paste(Link).Text.Should().NotContain("sti_").And.NotContain("team.example/join").And.Contain("••••");

        screen.Press(Key.CursorDown, Key.CursorDown).Type("dora").Press(Key.Enter, Key.Enter);
        screen.Store.Model.Commands.Should().Equal(new WelcomeForm.Join(new(Link, null, "dora")) { Number = 1 });
        screen.Answer(new CommandFailed("The handle is taken.")).Text.Should().Contain("The handle is taken.").And.Contain("dora");
    }

    [Fact]
    public void Nothing_is_sent_without_a_link_and_a_handle()
    {
        using var screen = Open();
        screen
            .Press(Key.CursorDown, Key.CursorDown, Key.CursorDown, Key.Enter)
            .Text.Should()
            .Contain("A link, or a server's URL, is needed.");
        screen.Press(Key.CursorUp, Key.CursorUp, Key.CursorUp).Paste(Link);
        screen.Press(Key.CursorDown, Key.CursorDown, Key.CursorDown, Key.Enter).Text.Should().Contain("A handle is needed");
        screen.Store.Model.Commands.Should().BeEmpty();
    }

    [Fact]
    public void Esc_gives_up()
    {
        using var screen = Open();
        screen.Press(Key.Esc).HasEnded.Should().BeTrue();
        screen.Store.Model.Dialog.Should().NotBeNull("nobody has joined");
    }
}
