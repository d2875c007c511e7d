using StoriesCli.Contracts;

namespace StoriesCli.Cli.Tests.Printing;

public class TextTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m")]
    [InlineData(3599, "1h")]
    [InlineData(86399, "24h")]
    [InlineData(170_000, "47h")]
    [InlineData(172_800, "2d")]
    [InlineData(-5, "0s")]
    public void Times_are_rounded_to_the_unit_that_suits_them(int seconds, string text) =>
        Durations.FormatRounded(TimeSpan.FromSeconds(seconds)).Should().Be(text);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(10 * 1024 * 1024, "10 MiB")]
    public void Sizes_are_in_powers_of_1024(long bytes, string text) => ByteSize.Format(bytes).Should().Be(text);

    [Fact]
    public void A_bar_shows_share_rate_and_time_left_within_the_width()
    {
        var bar = ProgressBar.Draw("clip.mp4", 25 * 1024 * 1024, 100 * 1024 * 1024, TimeSpan.FromSeconds(5), 79);

        bar.Should().Be("clip.mp4 ━━━━━━━━━━──────────────────────────────  25 %  5 MiB/s  0:15 left");
        Columns.Measure(ProgressBar.Draw(new string('漢', 100), 1, 2, TimeSpan.FromSeconds(1), 40)).Should().BeLessThanOrEqualTo(40);
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("漢字", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🎉", 2)]
    public void Width_is_what_a_terminal_shows(string text, int width) => Columns.Measure(text).Should().Be(width);

    [Fact]
    public void What_does_not_fit_is_cut_with_an_ellipsis() => Columns.Cut("漢字漢字", 6).Should().Be("漢字…");

    [Theory]
    [InlineData(0, "0 stories")]
    [InlineData(1, "1 story")]
    [InlineData(1200, "1,200 stories")]
    public void Numbers_go_with_their_words(int number, string words) => StoriesCli.Contracts.Counted.Stories(number).Should().Be(words);
}
