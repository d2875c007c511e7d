using System.Diagnostics;
using System.Text;
using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Cards;

public class CardTextTests
{
    private const string Page = """
        # Release *plan*

        Ship **now**, see [the board](https://team.example/board?x=1) or <https://b.example>.
        A soft break, `code` and ~~gone~~; ![chart](c.png).

        - one
        - two long enough to need a second row of its own
          1. nested
        > said before

        ```diff
        -old
        +new
        ```
        ---
        <b>no html</b>
        """;

    [Fact]
    public void Markdown_is_drawn_with_its_links_and_its_html_as_text()
    {
        CardText
            .Rows(Page, "notes.MD", 40)
            .Select(row => row.ToString().TrimEnd())
            .Should()
            .Equal(
                "Release plan",
                "",
                "Ship now, see the board",
                "(https://team.example/board?x=1) or",
                "https://b.example. A soft break, code",
                "and gone; image: chart (c.png).",
                "",
                "• one",
                "• two long enough to need a second row",
                "  of its own",
                "  1. nested",
                "",
                "▎ said before",
                "",
                "  -old",
                "  +new",
                "",
                new string('─', 40),
                "",
                "<b>no html</b>"
            );
    }

    [Fact]
    public void What_Markdown_means_has_its_ink()
    {
        var runs = CardText.Rows(Page, "notes.markdown", 400).SelectMany(row => row.Runs).ToArray();

        Of("Release ").Style.Should().Be(InkStyle.Bold | InkStyle.Underline);
        Of("plan").Style.Should().HaveFlag(InkStyle.Italic);
        Of("now").Style.Should().Be(InkStyle.Bold);
        Of("the board").Style.Should().Be(InkStyle.Underline);
        Of("gone").Style.Should().Be(InkStyle.Strike);
        Of("-old").Fore.Should().NotBe(Of("+new").Fore).And.NotBeNull();

        Ink Of(string text) => runs.First(run => run.Text == text).Ink;
    }

    [Fact]
    public void A_table_is_a_table_whose_cells_wrap()
    {
        const string Table = """
            | route | p50 | what it does |
            |:------|----:|:------------:|
            | `/v1/tray` | 0.4 | all people |
            | /v1/stories | 12 | a page of fifty, newest first |
            """;

        Drawn(60)
            .Should()
            .Equal(
                "route       │ p50 │         what it does",
                "────────────┼─────┼──────────────────────────────",
                "/v1/tray    │ 0.4 │          all people",
                "/v1/stories │  12 │ a page of fifty, newest first"
            );
        Drawn(36)
            .Should()
            .Equal(
                "route       │ p50 │   what it does",
                "────────────┼─────┼─────────────────",
                "/v1/tray    │ 0.4 │    all people",
                "/v1/stories │  12 │ a page of fifty,",
                "            │     │   newest first"
            );
        // With no room for columns its cells follow each other.
        string.Join(' ', Drawn(10)).Should().Contain("/v1/tray").And.Contain("fifty");

        static string[] Drawn(int columns) => [.. CardText.Rows(Table, "a.md", columns).Select(row => row.ToString().TrimEnd())];
    }

    [Fact]
    public void A_diff_shows_what_came_and_went_and_no_removed_line_is_taken_for_a_file()
    {
        var rows = CardText.Rows(
            "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@ f\n same\n--- sql comment\n-old\n+new\n--- a/y\n",
            "x.patch",
            80
        );

        InkOf(rows, 0).Should().Be((Ink)Tone.Strong);
        InkOf(rows, 1).Should().Be((Ink)Tone.Strong);
        var (hunk, same, comment, removed, added) = (InkOf(rows, 3), InkOf(rows, 4), InkOf(rows, 5), InkOf(rows, 6), InkOf(rows, 7));
        comment.Should().Be(removed).And.NotBe(added);
        same.Should().Be((Ink)Tone.Plain);
        hunk.Fore.Should().NotBeNull();
        InkOf(rows, 8).Should().Be((Ink)Tone.Strong, "the hunk is over");
    }

    [Theory]
    [InlineData("2026-11-28T10:00:00.123Z ERROR disk full", "2026-11-28T10:00:00.123Z", "ERROR", true)]
    [InlineData("[2026-11-28 10:00:00] [warn] slow", "[2026-11-28 10:00:00]", "warn", false)]
    [InlineData("Nov 28 10:00:00 host app: error: no", "Nov 28 10:00:00", "error", true)]
    [InlineData("10:00:00 level=info msg=\"error\"", "10:00:00", "info", false)]
    public void A_log_dims_the_time_and_colours_the_level(string line, string stamp, string level, bool isBad)
    {
        var row = CardText.Rows(line, "app.log", 200)[0];

        row.ToString().Should().Be(line);
        row.Runs.First(run => run.Text == stamp).Ink.Should().Be((Ink)Tone.Dim);
        (row.Runs.First(run => run.Text == level).Ink == Tone.Bad).Should().Be(isBad);
    }

    [Fact]
    public void A_word_in_a_message_is_no_level() =>
        CardText.Rows("nothing of an error here\n", "app.log", 80)[0].Runs.Should().OnlyContain(run => run.Ink == Tone.Plain);

    [Theory]
    [InlineData("a.md")]
    [InlineData("a.diff")]
    [InlineData("a.log")]
    [InlineData("a.txt")]
    [InlineData(null)]
    public void The_colours_of_a_card_are_kept_whatever_it_is(string? name)
    {
        var rows = CardText.Rows("plain \e[31mred \e[1mbold\e[0m and \e[38;2;1;2;3mtrue", name, 80);

        rows.Single().ToString().Should().Be("plain red bold and true");
        rows[0].Runs.Single(run => run.Text == "red ").Ink.Fore.Should().Be(new Rgb(205, 49, 49));
        rows[0].Runs.Single(run => run.Text == "bold").Ink.Style.Should().HaveFlag(InkStyle.Bold);
        rows[0].Runs.Single(run => run.Text == "true").Ink.Fore.Should().Be(new Rgb(1, 2, 3));
        CardLines
            .Draw("plain \e[31mred\e[0m\e]0;title\a\e[2J", name, 80, trueColour: true)
            .Should()
            .Equal("plain \e[38;2;205;49;49mred\e[0m");
    }

    [Fact]
    public void Tabs_reach_the_next_stop_of_eight() =>
        CardText.Rows("a\tb\n\e[31mab\e[0mc\td", null, 80).Select(row => row.ToString()).Should().Equal("a       b", "abc     d");

    [Theory]
    [InlineData("[")]
    [InlineData("![")]
    [InlineData("*a ")]
    [InlineData("**a_")]
    [InlineData("`")]
    [InlineData("> ")]
    [InlineData("- ")]
    [InlineData("1. ")]
    [InlineData("<a")]
    [InlineData("&a")]
    [InlineData("[a](")]
    [InlineData("[a]: b\n[a]\n\n")]
    [InlineData("\e[31m")]
    [InlineData("*\e[1m_")]
    [InlineData("a\t")]
    [InlineData("@@ -1,9 +1,9 @@\n")]
    [InlineData("ERROR=[")]
    [InlineData("  - a\n")]
    [InlineData("# a\n")]
    [InlineData("\ufdd0\ue000")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("a\u0301\u0302\u0303")]
    [InlineData("|")]
    [InlineData("a|b\n-|-\n")]
    [InlineData("| a | b |\n")]
    [InlineData("|-")]
    public void A_hostile_card_of_64_KiB_costs_a_bounded_time(string part)
    {
        var text = new StringBuilder();
        while (text.Length + part.Length <= 65_536)
        {
            text.Append(part);
        }
        Hold(text.ToString());
    }

    [Fact]
    public void Whatever_a_card_holds_its_rows_fit_and_are_clean()
    {
        var random = new Random(11);
        string[] parts =
        [
            "|",
            "\n|-|-|\n",
            "[",
            "]",
            "(",
            ")",
            "*",
            "_",
            "**",
            "`",
            "```\n",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "1. ",
            "    ",
            "\t",
            "# ",
            "~~",
            "<b>",
            "&amp;",
            "&#7;",
            "&#x1b;[2J",
            "\\",
            "|",
            "---\n",
            "word ",
            "山",
            "é",
            "\e[31m",
            "\e[0m",
            "\e]8;;x\a",
            "\e[2J",
            "\u202e",
            "\ufdd0",
            "\ue001",
            "+x\n",
            "-y\n",
            "@@ -1 +1 @@\n",
            "ERROR ",
            "https://a.example/",
            "[x](https://a.example/\u202e)",
            "\0",
            "\u009b31m",
        ];
        for (var i = 0; i < 60; i++)
        {
            Hold(string.Concat(Enumerable.Range(0, random.Next(1, 800)).Select(_ => parts[random.Next(parts.Length)])));
        }
    }

    private static void Hold(string text)
    {
        foreach (var name in new[] { "a.md", "a.diff", "a.log", "a" })
        {
            foreach (var columns in new[] { 1, 13, 78 })
            {
                var watch = Stopwatch.StartNew();
                var rows = CardText.Rows(text, name, columns);
                // Measured on a machine of its own: below 0.2 s.
                watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5), name);
                rows.Length.Should().BeLessThan(140_000);
                foreach (var run in rows.SelectMany(row => row.Runs))
                {
                    run.Text.EnumerateRunes().Any(rune => Rune.IsControl(rune) || RuneKinds.IsDropped(rune)).Should().BeFalse();
                }
                if (columns > 1)
                {
                    rows.Select(row => row.Columns).DefaultIfEmpty().Max().Should().BeLessThanOrEqualTo(columns);
                }
            }
        }
    }

    private static Ink InkOf(IReadOnlyList<Line> rows, int row) => rows[row].Runs[0].Ink;
}
