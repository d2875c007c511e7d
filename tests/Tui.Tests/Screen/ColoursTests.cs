using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Tests.Screen;

public class ColoursTests
{
    [Fact]
    public void Colours_and_styles_of_a_card_become_inks()
    {
        var runs = Colours.Parse("\e[1;32mok\e[0m and \e[4;91mbad\e[24;39m done").ToArray();

        runs.Select(run => run.Text).Should().Equal("ok", " and ", "bad", " done");
        runs[0].Ink.Should().Be(new Ink(Tone.Plain, Fore: new(13, 188, 121), Style: InkStyle.Bold));
        runs[1].Ink.Should().Be(new Ink(Tone.Plain));
        runs[2].Ink.Should().Be(new Ink(Tone.Plain, Fore: new(241, 76, 76), Style: InkStyle.Underline));
        runs[3].Ink.Should().Be(new Ink(Tone.Plain));
    }

    [Theory]
    [InlineData("38;5;196", 255, 0, 0)]
    [InlineData("38;5;244", 128, 128, 128)]
    [InlineData("38;5;9", 241, 76, 76)]
    [InlineData("38;2;1;2;300", 1, 2, 255)]
    [InlineData("38:2:7:8:9", 7, 8, 9)]
    public void Colours_of_256_and_of_24_bits_are_read(string parameters, byte red, byte green, byte blue)
    {
        Colours.Parse($"\e[{parameters}mx").Single().Ink.Fore.Should().Be(new Rgb(red, green, blue));
    }

    [Theory]
    [InlineData("\e[38mx")]
    [InlineData("\e[38;5mx")]
    [InlineData("\e[38;5;999mx")]
    [InlineData("\e[38;2;1mx")]
    [InlineData("\e[99999999999999mx")]
    [InlineData("\e[mx")]
    [InlineData("\e[;;;mx")]
    [InlineData("\e[2J\e]8;;http://evil\e\\x")]
    [InlineData("x\e[")]
    [InlineData("x\e")]
    public void What_is_broken_or_no_colour_leaves_plain_text(string card)
    {
        Colours.Parse(card).Should().Equal(new Run("x", Tone.Plain));
    }
}
