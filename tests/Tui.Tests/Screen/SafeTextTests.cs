using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Screen;

public class SafeTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\e[31mb\e[2Jc", "abc")]
    [InlineData("a\e]0;title\ab", "ab")]
    [InlineData("a\u202eb\u2066c\u200fd", "abcd")]
    [InlineData("a\rb\nc\td", "a b c d")]
    [InlineData("a\u0007b\u0085c", "abc")]
    [InlineData("👨‍👩‍👧 family", "👨 family")]
    [InlineData("👍🏽", "👍")]
    [InlineData("🏃‍♂️ runs", "🏃 runs")]
    [InlineData("❤️", "❤")]
    [InlineData("🇩🇪", "DE")]
    [InlineData("z\u0300\u0301\u0302\u0303\u0304", "z\u0300\u0301")]
    [InlineData("\u0301x", "x")]
    [InlineData("山田", "山田")]
    [InlineData("e\u0301te\u0301", "e\u0301te\u0301")]
    public void Text_of_others_is_cut_to_what_every_terminal_draws_alike(string given, string shown)
    {
        SafeText.OneLine(given).Should().Be(shown);
    }

    [Fact]
    public void Half_a_character_is_dropped()
    {
        SafeText.OneLine("a\ud83db").Should().Be("ab");
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("山田", 4)]
    [InlineData("🎉", 2)]
    [InlineData("e\u0301", 1)]
    [InlineData("◉ ━╸─●✗│…", 9)]
    public void Columns_are_counted_as_terminals_do(string text, int columns)
    {
        Cells.Columns(text).Should().Be(columns);
    }
}
