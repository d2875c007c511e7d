using StoriesCli.Tui.Terminal;

namespace StoriesCli.Tui.Tests.Terminal;

public class AnswerFilterTests
{
    private readonly List<string> _heard = [];
    private readonly AnswerFilter _filter;

    public AnswerFilterTests() => _filter = new(_heard.Add);

    [Fact]
    public void An_answer_between_keys_is_heard_and_the_keys_are_left()
    {
        _filter.Take("a\e_Gi=31;OK\e\\\e[Bb\eP>|kitty(0.41.1)\e\\c").Should().Be("a\e[Bbc");

        _heard.Should().Equal("\e_Gi=31;OK", "\eP>|kitty(0.41.1)");
    }

    [Fact]
    public void An_answer_in_two_reads_is_one()
    {
        _filter.Take("a\e_Gi=3").Should().Be("a");
        _filter.Take("1;OK\e\\b").Should().Be("b");

        _heard.Should().Equal("\e_Gi=31;OK");
    }

    [Theory]
    [InlineData("\e")]
    [InlineData("\e[A")]
    [InlineData("\e_")]
    [InlineData("\eP")]
    [InlineData("\e[?62;4c")]
    [InlineData("\e[200~text\e[201~")]
    [InlineData("山田 🎉")]
    public void Everything_else_is_left_at_once(string typed) => _filter.Take(typed).Should().Be(typed);

    [Fact]
    public void What_never_ends_is_held_for_one_read_and_not_longer()
    {
        _filter.Take("\e_Gi=3").Should().BeEmpty();
        _filter.Take("x").Should().Be("\e_Gi=3x");
        _filter.Take("y").Should().Be("y");
        _filter.Take("\e_G" + new string('a', 600)).Should().HaveLength(603);

        _heard.Should().BeEmpty();
    }
}
