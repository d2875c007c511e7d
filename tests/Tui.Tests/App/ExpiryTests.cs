using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class ExpiryTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_story_goes_at_the_instant_it_expires_and_the_next_one_follows()
    {
        var s = Some.Looking(Some.Story("ana", 1).Ending(_second), Some.Story("ana", 2));

        s.After(new TerminalMsg.Tick(_second, Some.Now + _second - TimeSpan.FromMilliseconds(1))).Shown!.Caption.Should().Be("ana 1");
        s.After(new TerminalMsg.Tick(TimeSpan.Zero, Some.Now + _second)).Shown!.Caption.Should().Be("ana 2");
    }

    [Fact]
    public void A_pause_does_not_keep_what_expired()
    {
        Some.Looking(Some.Story("ana", 1).Ending(_second)).After(Keys.Of("pause")).AfterSeconds(1).Shown.Should().BeNull();
    }

    [Fact]
    public void After_a_persons_last_story_comes_the_next_person()
    {
        var s = Some.Looking(Some.Story("ana", 1).Ending(_second), Some.Story("bob", 1)).AfterSeconds(1);

        s.Shown!.Caption.Should().Be("bob 1");
        s.TrayNames().Should().Equal("bob 1");
        s.Looked().TrayNames().Should().Equal("bob");
    }

    [Fact]
    public void At_the_end_the_story_before_takes_its_place()
    {
        var (ana, bob) = (Some.Story("ana", 1).Seen(), Some.Story("bob", 1).Seen());

        Some.Looking(ana, bob, Some.Story("bob", 2).Seen().Ending(_second))
            .After(new InputMsg.PlaceClicked(new("bob", null)), Keys.Of("next"))
            .AfterSeconds(1)
            .Shown!.Caption.Should()
            .Be("bob 1");
        Some.Looking(ana, Some.Story("bob", 2).Seen().Ending(_second))
            .After(new InputMsg.PlaceClicked(new("bob", null)))
            .AfterSeconds(1)
            .Shown!.Caption.Should()
            .Be("ana 1");
    }

    [Fact]
    public void What_expires_elsewhere_does_not_move_the_viewer()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1).Ending(_second), Some.Story("bob", 2)).AfterSeconds(1);

        s.Shown!.Caption.Should().Be("ana 1");
        s.TrayNames().Should().Equal("ana", "bob 1");
    }

    [Fact]
    public void A_kept_story_does_not_expire()
    {
        var kept = Some.Story("ana", 1) with { ExpiresAt = null };

        Some.Looking(kept).After(new TerminalMsg.Tick(_second, Some.Now.AddYears(1))).Shown!.Id.Should().Be(kept.Id);
    }

    [Fact]
    public void A_story_that_the_server_calls_gone_goes()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2));

        s.After(new ServerMsg.StoryGone(s.ShownId!)).Shown!.Caption.Should().Be("ana 2");
    }

    [Fact]
    public void Stories_that_are_over_when_they_arrive_are_not_shown()
    {
        Some.Looking(Some.Story("ana", 1).Ending(-_second), Some.Story("bob", 1)).Shown!.Caption.Should().Be("bob 1");
    }
}
