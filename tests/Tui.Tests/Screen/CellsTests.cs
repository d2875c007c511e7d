using System.Collections.Immutable;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Screen;

public class CellsTests
{
    [Theory]
    [InlineData("short", 5, "short")]
    [InlineData("longer", 5, "long…")]
    [InlineData("山田さん", 5, "山田…")]
    [InlineData("山田さん", 4, "山…")]
    [InlineData("x", 0, "")]
    public void Text_is_cut_with_an_ellipsis_inside_its_columns(string text, int columns, string cut)
    {
        Cells.Cut(text, columns).Should().Be(cut);
    }

    [Theory]
    [InlineData("short", 5, "short")]
    [InlineData("/data/dora/a.png", 6, "…a.png")]
    [InlineData("/山田/さん", 5, "…さん")]
    [InlineData("/山田/さん", 4, "…ん")]
    [InlineData("x", 0, "")]
    public void A_path_is_cut_at_its_beginning(string text, int columns, string cut)
    {
        Cells.CutStart(text, columns).Should().Be(cut);
    }

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 9, "one two |three")]
    [InlineData("abcdefgh", 3, "abc|def|gh")]
    [InlineData("a\n\n  b", 9, "a||  b")]
    [InlineData("山田 さん", 5, "山田 |さん")]
    [InlineData("", 5, "")]
    public void Lines_break_at_spaces_where_they_can(string text, int columns, string lines)
    {
        string.Join('|', Wrap(text, columns, 9)).Should().Be(lines);
    }

    [Fact]
    public void What_exceeds_the_rows_ends_in_an_ellipsis()
    {
        Wrap("one two three four", 5, 2).Should().Equal("one ", "two…");
        Wrap("abcdef", 3, 1).Should().Equal("ab…");
        Wrap("one\ntwo\nthree", 5, 2).Should().Equal("one", "two…");
    }

    [Fact]
    public void No_line_is_ever_wider_than_its_columns()
    {
        var hostile = string.Concat(Enumerable.Repeat("🎉山 e\u0301\u202e👨‍👩‍👧\t", 400));
        for (var columns = 1; columns < 40; columns++)
        {
            Cells
                .Wrap([new(hostile, Tone.Plain)], columns, 50)
                .Should()
                .OnlyContain(line => line.Columns <= Math.Max(2, columns))
                .And.HaveCount(50);
        }
    }

    [Fact]
    public void Inks_survive_a_break()
    {
        var lines = Cells.Wrap([new("plain ", Tone.Plain), new("strong words", Tone.Strong)], 12, 3);

        lines[0].Runs.Should().Equal(new Run("plain ", Tone.Plain), new Run("strong", Tone.Strong));
        lines[1].Runs.Should().Equal(new Run("words", Tone.Strong));
    }

    private static ImmutableArray<string> Wrap(string text, int columns, int rows) =>
        [.. Cells.Wrap([new(text, Tone.Plain)], columns, rows).Select(line => line.ToString())];
}
