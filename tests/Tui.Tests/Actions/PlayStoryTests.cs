using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.Actions;

public class PlayStoryTests
{
    private static readonly Story _video = Some.Story("ana", 1, StoryKinds.Video);

    [Fact]
    public void Everything_unseen_is_played_while_the_viewer_waits_and_what_was_shown_counts_as_seen()
    {
        var (ana, bob) = (Some.Story("ana", 1), Some.Story("bob", 1, StoryKinds.Video));
        var s = Some.Looking(ana, bob).After(Keys.Of("play-all"));
        s.PlayingId.Should().Be(PlayAll.Everything);

        s = s.AfterSeconds(60);
        s.ShownId.Should().Be(ana.Id);
        s = s.After(new PlayerMsg.Viewed(bob.Id), new PlayerMsg.Ended(PlayAll.Everything, null));
        s.TrayNames().Should().Equal("ana", "bob");
        s.PlayingId.Should().BeNull();
    }

    [Fact]
    public void Play_asks_for_a_player_for_the_shown_story()
    {
        Some.Looking(_video).After(Keys.Of("play")).PlayingId.Should().Be(_video.Id);
    }

    [Fact]
    public void A_restricted_viewer_starts_no_program_and_stops_no_process()
    {
        var s = (Some.Empty with { Session = Some.Empty.Session with { Restricted = true } })
            .Receiving(_video)
            .After(Keys.Of("play"), new InputMsg.Start(new Suspend()));

        s.PlayingId.Should().BeNull();
        s.Exit.Should().BeNull();
        s.Note!.Text.Should().Contain("--restricted");
    }

    [Theory]
    [InlineData(StoryKinds.Text, "text card")]
    [InlineData(StoryKinds.Recording, "recording")]
    public void What_no_player_plays_is_said(string kind, string said)
    {
        var s = Some.Looking(Some.Story("ana", 1, kind)).After(Keys.Of("play"));

        s.PlayingId.Should().BeNull();
        s.Note!.Text.Should().Contain(said);
    }

    [Fact]
    public void A_player_in_the_terminal_takes_the_screen_and_gives_it_back()
    {
        var s = Some.Looking(_video).After(Keys.Of("play"), new PlayerMsg.NeedsTerminal(_video.Id));
        s.Exit.Should().Be(new ExitReason.Player(_video.Id));

        s = s.After(new PlayerMsg.Ended(_video.Id, null), new TerminalMsg.Returned());
        s.Exit.Should().BeNull();
        s.PlayingId.Should().BeNull();
        s.ShownId.Should().Be(_video.Id);
    }

    [Fact]
    public void Quitting_while_the_terminal_is_away_is_not_forgotten()
    {
        Some.Looking(_video)
            .After(Keys.Of("play"), new PlayerMsg.NeedsTerminal(_video.Id), new TerminalMsg.QuitRequested(), new TerminalMsg.Returned())
            .Exit.Should()
            .Be(new ExitReason.Quit());
    }

    [Fact]
    public void What_went_wrong_with_a_player_is_said_for_a_while()
    {
        var s = Some.Looking(_video).After(Keys.Of("play"), new PlayerMsg.Ended(_video.Id, "No player for video was found: install mpv."));

        s.Note!.Text.Should().StartWith("No player for video");
        s.Marks.Played.Should().BeEmpty();
        s.AfterSeconds(6).Note.Should().BeNull();
    }

    [Fact]
    public void A_second_player_is_not_started_beside_the_first()
    {
        var s = Some.Looking(_video, Some.Story("ana", 2)).After(Keys.Of("play"), Keys.Of("next"), Keys.Of("play"));

        s.PlayingId.Should().Be(_video.Id);
        s.Note!.Text.Should().Be("A player is open already.");
    }
}
