using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

public class TextEditTests
{
    [Theory]
    [InlineData("abc", (int)Steer.Left, "ab|c")]
    [InlineData("e\u0301x👨‍👩‍👧", (int)Steer.Left, "e\u0301x|👨‍👩‍👧")]
    [InlineData("x👨‍👩‍👧", (int)Steer.Backspace, "x|")]
    [InlineData("ab\ncd", (int)Steer.Home, "ab\n|cd")]
    [InlineData("ab\n", (int)Steer.Backspace, "ab|")]
    [InlineData("two words", (int)Steer.EraseWord, "two |")]
    [InlineData("two words  ", (int)Steer.EraseWord, "two |")]
    [InlineData("one\ntwo", (int)Steer.EraseLine, "one\n|")]
    [InlineData("", (int)Steer.Backspace, "|")]
    [InlineData("abc", (int)Steer.Right, "abc|")]
    [InlineData("abc", (int)Steer.Delete, "abc|")]
    public void The_caret_moves_by_what_people_take_for_characters(string text, int steer, string expected)
    {
        var after = TextEdit.Of(text).After((Steer)steer);

        after.Text.Insert(after.Caret, "|").Should().Be(expected);
    }

    [Fact]
    public void What_is_typed_goes_in_at_the_caret()
    {
        TextEdit.Of("ac").After(Steer.Left).Insert("b").Should().Be(new TextEdit("abc", 2));
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
        var steers = Enum.GetValues<Steer>();
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
