using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.App;

/// <summary>Whatever does not fit can be read to its end by two keys.</summary>
public class ScrollingTests
{
    private static readonly Story _wordy = Some.Story("ana", 1) with
    {
        RepliesOn = true,
        Caption = string.Join(' ', Enumerable.Range(1, 300).Select(n => $"word{n}")),
    };

    [Fact]
    public void A_long_caption_and_a_long_thread_are_read_to_their_ends_and_back()
    {
        var s = Begin(replies: 60);
        Panel(s).Should().Contain("word1 ").And.Contain("reply 60 ").And.NotContain("word300").And.NotContain("reply 1 ");

        var down = Pages(s, 30, +1);
        Panel(down).Should().Contain("word300");
        Pages(down, 30, -1).Scrolled.Caption.Should().Be(0);
        var up = Pages(s, 30, -1);
        Panel(up).Should().Contain("reply 1 ").And.Contain("word1 ");
        Pages(up, 40, +1).Should().Match<Model>(end => end.Scrolled.Thread == 0 && end.Scrolled.Caption > 0);
        up.After(Keys.Of("next"), Keys.Of("previous"))
            .Should()
            .Match<Model>(again => again.Scrolled.Thread == 0 && again.Scrolled.Caption == 0);
    }

    [Fact]
    public void While_a_reply_is_written_what_it_answers_can_be_read()
    {
        var s = Begin(replies: 60).After(Keys.Of("reply"), new InputMsg.Typed("to you"));

        s = s.After([.. Enumerable.Repeat(new InputMsg.Edited(EditKey.PageUp), 30)]);

        Panel(s).Should().Contain("reply 1 ").And.Contain("to you");
    }

    [Fact]
    public void Where_everything_fits_nothing_moves_and_the_time_goes_on()
    {
        var s = Some.Looking(Some.Story("ana", 1))
            .After(new TerminalMsg.Resized(new(60, 30)), new TerminalMsg.Tick(TimeSpan.FromSeconds(1), Some.Now));

        s.After(new InputMsg.Start(new Scroll(), +1), new InputMsg.Start(new Scroll(), -1))
            .Should()
            .Match<Model>(same => same.Scrolled.Caption == 0 && same.Scrolled.Thread == 0 && same.Elapsed == s.Elapsed);
    }

    private static Model Begin(int replies) =>
        Some.Looking(_wordy, Some.Story("ana", 2))
            .After(
                new TerminalMsg.Resized(new(60, 30)),
                new ServerMsg.DetailsArrived(
                    _wordy.Id,
                    new()
                    {
                        Replies =
                        [
                            .. Enumerable
                                .Range(1, replies)
                                .Select(n => new Reply
                                {
                                    Id = $"r{n}",
                                    Author = new() { Handle = "bob", DisplayName = "bob" },
                                    Text = $"reply {n} of them",
                                    CreatedAt = Some.Now,
                                }),
                        ],
                    }
                )
            );

    private static Model Pages(Model s, int count, int direction) =>
        s.After([.. Enumerable.Repeat(new InputMsg.Start(new Scroll(), direction), count)]);

    private static string Panel(Model s) =>
        string.Join('\n', PanelVm.From(PanelInput.From(s, ScreenLayout.Of(s))).Select(line => line.ToString())) + " ";
}
