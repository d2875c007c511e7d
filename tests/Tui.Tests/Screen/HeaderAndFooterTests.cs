using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Screen;

public class HeaderAndFooterTests
{
    [Fact]
    public void Segments_fill_the_width_and_show_what_was_seen_and_how_far_this_one_is()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("ana", 2), Some.Story("ana", 3)).After(Keys.Of("next")).AfterSeconds(2.3);

        SegmentsVm.From(s, 32).ToString().Should().Be("━━━━━━━━━━ ━━━━╸───── ──────────");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(200)]
    public void Segments_are_as_wide_as_they_may_be_whatever_their_number(int stories)
    {
        var s = Some.Looking([.. Enumerable.Range(1, stories).Select(n => Some.Story("ana", n))]).After(Keys.Of("next"));

        for (var width = 1; width < 100; width++)
        {
            SegmentsVm.From(s, width).Columns.Should().Be(width);
        }
    }

    [Fact]
    public void The_tray_tells_unseen_failed_slots_and_oneself()
    {
        var build = Some.Story("ci", 1) with
        {
            Slot = "build/main",
            Source = new() { Status = "failed" },
        };
        var s = Some.Looking(
            Some.Story("ana", 1),
            Some.Story("ana", 2),
            Some.Story("ana", 3),
            build,
            Some.Story("eve", 1).Seen(),
            Some.Story("dora", 1).Seen()
        );

        Text(TrayVm.From(s, 80)).Should().Be("◉ana 2   │ ✗build/main   │ ○eve   ○you");
    }

    [Fact]
    public void Who_is_passed_over_says_when_they_posted_last_and_what_ends_first()
    {
        var s = Some
            .Empty.After(
                new ServerMsg.TrayArrived([
                    Some.Item(Some.Story("ana", 1)),
                    Some.Item(Some.Story("bob", 1)) with
                    {
                        FirstExpiryAt = Some.Now.AddMinutes(20),
                    },
                ])
            )
            .After(Keys.Of("person-down"));

        HeaderVm.From(s, 80).Line.ToString().Should().Contain("bob 1 h ago · 20 min left");
        PeopleVm.Frame(s).Bottom(30).ToString().Should().Contain("1 h ago · 20 min left");
        Text(TrayVm.From(s, 80)).Should().Be(Text(TrayVm.From(s.After(Keys.Of("person-up")), 80)), "nothing moves while one chooses");
    }

    [Fact]
    public void A_long_tray_moves_so_that_the_chosen_place_can_be_seen()
    {
        var s = Some.Looking([.. Enumerable.Range(0, 20).Select(i => Some.Story($"p{i:00}", 1))]);
        TrayVm.From(s, 30).Should().Match<TrayVm>(tray => !tray.MoreLeft && tray.MoreRight);

        for (var i = 0; i < 20; i++, s = s.After(Keys.Of("next")))
        {
            var tray = TrayVm.From(s, 30);
            tray.Entries.Should().Contain(entry => entry.Key.Handle == $"p{i:00}").And.OnlyContain(entry => entry.X + entry.Width <= 28);
        }
    }

    [Fact]
    public void A_click_means_the_place_under_it()
    {
        var tray = TrayVm.From(Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1)), 80);

        tray.At(1).Should().BeNull();
        tray.At(tray.Entries[0].X)!.Value.Handle.Should().Be("ana");
        tray.At(tray.Entries[1].X + 1)!.Value.Handle.Should().Be("bob");
        tray.At(79).Should().BeNull();
    }

    [Theory]
    [InlineData(120, " stories  team.example ● live   ana 1/1 ")]
    [InlineData(34, " team.example ● live   1 new")]
    [InlineData(26, " team.exam… ● live   1 new")]
    public void The_header_says_where_how_much_is_new_and_whether_it_is_live(int width, string text)
    {
        var line = HeaderVm.From(Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1)), width).Line;

        line.ToString().Should().StartWith(text);
        line.Columns.Should().BeLessThanOrEqualTo(width);
    }

    [Fact]
    public void The_foot_has_as_many_keys_as_fit_and_always_the_way_out()
    {
        var s = Some.Looking(Some.Story("ana", 1) with { RepliesOn = true }, Some.Story("bob", 1));

        Foot(s, 80).Should().Be(" ← → story  ↑ ↓ person  space pause  p play  r reply  e react  : more    q quit");
        Foot(s, 130)
            .Should()
            .StartWith(" ← → story  ↑ ↓ person  space pause  p play  r reply  e react  a ack  n new  / search  : more  ")
            .And.EndWith("  q quit")
            .And.HaveLength(129);
        Foot(s, 30).Should().Be(" ← → story  ? help     q quit");
        Foot(s.Restricted(), 80).Should().NotContain("play");
    }

    [Fact]
    public void The_foot_offers_what_works_here_and_now_and_nothing_else()
    {
        var card = Some.Story("ana", 1, StoryKinds.Text);

        Joined(Some.Empty).Should().Be(" n new  / search  : more  q quit");
        Joined(Some.Looking(card)).Should().Be(" ← → story  space pause  e react  a ack  n new  / search  : more  q quit");
        Foot(Some.Looking(Some.Story("dora", 1, StoryKinds.Text)), 200).Should().Contain("K keep");
        Foot(Some.Looking(card, Some.Story("bob", 1)).After(Keys.Of("person-down")), 200)
            .Should()
            .Contain("Enter opens  ")
            .And.Contain("Esc back");
        Joined(Some.Looking(card).After(new ServerMsg.SignedOut("The token is revoked.")).AfterSeconds(60))
            .Should()
            .Be(" ← → story  space pause  : more  q quit");

        // Without the gap before the last one.
        static string Joined(Model model) =>
            string.Concat(FooterVm.From(model, 200).Line.Runs.Select(run => run.Text).Where(text => text == " " || text.Trim().Length > 0));
    }

    [Fact]
    public void A_note_never_covers_the_keys_of_the_help_or_of_a_dialog()
    {
        var s = Some.Looking(Some.Story("ana", 1), Some.Story("bob", 1)).Notify("Posted.");

        Foot(s, 80).Should().Be(" Posted.");
        Foot(s.After(Keys.Of("react")), 80).Should().Be(" ← → choose   Enter reacts, or takes it back   Esc closes   Posted.");
        Foot(s.After(Keys.Of("react")), 60).Should().Be(" ← → choose   Enter reacts, or takes it back   Esc closes");
        foreach (var key in new[] { "help", "search" })
        {
            using var screen = new TestScreen(s.After(Keys.Of(key)), 80, 24);
            screen.Lines[23].Should().Be(" Posted.");
            screen.Text.Should().Contain("Esc closes");
        }
    }

    [Fact]
    public void The_foot_says_what_space_does_now()
    {
        var s = Some.Looking(Some.Story("ana", 1, StoryKinds.Text));

        Foot(s, 120).Should().Contain("space pause");
        Foot(s.After(Keys.Of("pause")), 120).Should().Contain("space resume").And.NotContain("pause");
    }

    [Theory]
    [InlineData(200, 50)]
    [InlineData(120, 40)]
    [InlineData(80, 24)]
    public void A_note_that_is_longer_than_a_row_can_be_read_to_its_end(int width, int height)
    {
        using var screen = new TestScreen(Some.Looking(Some.Story("ana", 1, StoryKinds.Text) with { RepliesOn = true }), width, height);
        var before = screen.Text;

        screen.Receive(new ServerMsg.SignedOut("The token is unknown, revoked, expired, or its account is disabled."));

        string.Join(' ', screen.Lines.TakeLast(4).Select(line => line.Trim()))
            .Should()
            .Contain("\"stories join LINK\" with an access link.");
        screen.Wait(TimeSpan.FromSeconds(61));
        screen.Text.Should().NotContain("access link");
        screen.Receive(new ServerMsg.Connected());
        screen.Lines[^2].Should().Be(before.Split('\n')[^2], "what it covered is there again");
    }

    [Fact]
    public void The_help_offers_to_scroll_where_there_is_more()
    {
        foreach (var (width, height) in ((int, int)[])[(200, 60), (120, 40), (80, 24), (40, 12)])
        {
            using var screen = new TestScreen(Some.Looking(Some.Story("ana", 1)), width, height);
            screen.Receive(Keys.Of("help"));

            screen
                .Text.Contains("↑ ↓ scroll", StringComparison.Ordinal)
                .Should()
                .Be(screen.Text.Contains(" more: ", StringComparison.Ordinal), "that is whether there is more at {0}×{1}", width, height);
        }
    }

    [Fact]
    public void A_larger_screen_shows_no_fewer_keys_in_its_help()
    {
        for (var width = 24; width < 140; width += 3)
        {
            for (var height = 8; height < 60; height++)
            {
                Shown(width, height)
                    .Should()
                    .BeLessThanOrEqualTo(Shown(width + 3, height))
                    .And.BeLessThanOrEqualTo(Shown(width, height + 1));
            }
        }

        static int Shown(int width, int height) =>
            HelpVm
                .From(KeyTable.Default.For(restricted: false), BoxVm.Room(ScreenLayout.For(new(width, height)).Body), 0)
                .SelectMany(line => line.Runs)
                .Count(run => run.Ink == Tone.Accent);
    }

    private static string Foot(Model model, int width) => FooterVm.From(model, width).Line.ToString();

    [Theory]
    [InlineData(120, 40)]
    [InlineData(100, 24)]
    [InlineData(80, 24)]
    [InlineData(40, 12)]
    [InlineData(9, 3)]
    [InlineData(1, 1)]
    public void No_two_parts_of_the_screen_overlap_and_none_leaves_it(int width, int height)
    {
        var layout = ScreenLayout.For(new(width, height));
        var parts = new[]
        {
            layout.Header,
            layout.Tray,
            layout.People,
            layout.Segments,
            layout.Stage,
            layout.Rule,
            layout.Panel,
            layout.Footer,
        };

        var cells = parts
            .SelectMany(part =>
                Enumerable.Range(part.Y, part.Height).SelectMany(y => Enumerable.Range(part.X, part.Width).Select(x => (x, y)))
            )
            .ToArray();

        cells.Should().OnlyHaveUniqueItems().And.OnlyContain(cell => cell.x < width && cell.y < height);
    }

    private static string Text(TrayVm tray) => string.Join("   ", tray.Entries.Select(entry => entry.Line.ToString()));
}
