using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class TextEditTests
{
    [Theory]
    [InlineData("abc", (int)EditKey.Left, "ab|c")]
    [InlineData("e\u0301x👨‍👩‍👧", (int)EditKey.Left, "e\u0301x|👨‍👩‍👧")]
    [InlineData("x👨‍👩‍👧", (int)EditKey.Backspace, "x|")]
    [InlineData("ab\ncd", (int)EditKey.Home, "ab\n|cd")]
    [InlineData("ab\n", (int)EditKey.Backspace, "ab|")]
    [InlineData("two words", (int)EditKey.EraseWord, "two |")]
    [InlineData("two words  ", (int)EditKey.EraseWord, "two |")]
    [InlineData("one\ntwo", (int)EditKey.EraseLine, "one\n|")]
    [InlineData("", (int)EditKey.Backspace, "|")]
    [InlineData("abc", (int)EditKey.Right, "abc|")]
    [InlineData("abc", (int)EditKey.Delete, "abc|")]
    public void The_caret_moves_by_what_people_take_for_characters(string text, int steer, string expected)
    {
        var after = TextEdit.Of(text).After((EditKey)steer);

        after.Text.Insert(after.Caret, "|").Should().Be(expected);
    }

    [Fact]
    public void What_is_typed_goes_in_at_the_caret()
    {
        TextEdit.Of("ac").After(EditKey.Left).Insert("b").Should().Be(new TextEdit("abc", 2));
    }

    [Fact]
    public void A_paste_that_no_story_could_hold_is_cut()
    {
        TextEdit.Empty.Insert(new('x', 1_000_000)).Text.Length.Should().Be(64 * 1024);
    }

    [Fact]
    public void Any_keys_leave_the_caret_inside_the_text()
    {
        var random = new Random(7);
        var edit = TextEdit.Of("héllo 👨‍👩‍👧 wor\nld e\u0301\u0302 مرحبا");
        var steers = Enum.GetValues<EditKey>();
        for (var i = 0; i < 2000; i++)
        {
            edit =
                random.Next(3) == 0
                    ? edit.Insert("ab\n👍🏽c".Substring(random.Next(3), 1))
                    : edit.After(steers[random.Next(steers.Length)]);
            edit.Caret.Should().BeInRange(0, edit.Text.Length);
        }
    }
}
