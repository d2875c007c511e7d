using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Tests.Screen;

public class PaletteTests
{
    private static readonly Palette _sixteen = new(ColourDepth.Sixteen);

    [Theory]
    [InlineData(204, 204, 204, AnsiColorCode.WHITE)]
    [InlineData(18, 18, 18, AnsiColorCode.BLACK)]
    [InlineData(205, 49, 49, AnsiColorCode.RED)]
    [InlineData(255, 135, 0, AnsiColorCode.YELLOW)]
    [InlineData(36, 114, 200, AnsiColorCode.BLUE)]
    [InlineData(250, 250, 250, AnsiColorCode.BRIGHT_WHITE)]
    public void In_sixteen_colours_each_is_the_one_most_like_it(byte red, byte green, byte blue, AnsiColorCode code) =>
        _sixteen.Of(new Ink(Tone.Plain, new(red, green, blue))).Foreground.GetAnsiColorCode().Should().Be(code);

    [Fact]
    public void What_is_dim_in_sixteen_colours_is_faint_and_not_grey() =>
        _sixteen.Of(Tone.Dim).Should().Be(new Attribute(Color.None, Color.None, TextStyle.Faint));
}
